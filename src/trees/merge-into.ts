import { join, resolve } from 'node:path';
import { AdrError } from '../errors.ts';
import { describePath } from '../system/files.ts';
import { describeGitFailure, type GitTools, needGit, runGit } from './git.ts';
import { placeOwnGit } from './own-git.ts';
import { findOwnGit, type TreeRecord } from './record.ts';

/** How work came home. */
export interface Merged {
  readonly result: 'nothing' | 'fast-forward' | 'merge' | 'squash';
  /** The branch of the original that has it now. */
  readonly into: string;
  readonly before: string;
  readonly after: string;
  /** Commits that came, those that were made for it included. */
  readonly commits: number;
  readonly files: number;
}

export interface MergeOrder {
  readonly tip: string;
  readonly into: string;
  readonly how: 'usual' | 'no-ff' | 'squash';
  readonly message: string | undefined;
  /** `tip` was made from files that the tree's own branch does not have. */
  readonly commit: boolean;
  /** What is merged, for people. */
  readonly name: string;
  /** What it is called in the original. */
  readonly ref: string;
}

/** What the tree's own branch was when it was last brought home. */
const FETCHED_REF = 'refs/adr/fetched';
const OUT_REF = 'refs/adr/out';
/** In the original: what is being merged, until it is. */
const INCOMING_REF = 'refs/adr/incoming';

const UNDER_WAY = [
  ['MERGE_HEAD', 'a merge', 'merge'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick', 'cherry-pick'],
  ['REVERT_HEAD', 'a revert', 'revert'],
  ['rebase-merge', 'a rebase', 'rebase'],
  ['rebase-apply', 'a rebase', 'rebase'],
] as const;

/** The branch checked out in the original. Throws REFUSED when it cannot take a merge now. */
export async function checkOriginal(tools: GitTools, record: TreeRecord): Promise<string> {
  const { repository, branch } = record;
  const place = { directory: repository };
  for (const [name, what, verb] of UNDER_WAY) {
    const path = (await needGit(tools, place, ['rev-parse', '--git-path', name])).replace(/\n$/, '');
    if ((await describePath(resolve(repository, path))) === 'missing') continue;
    throw new AdrError('REFUSED', `${what} is under way in "${repository}"`, {
      hint: `finish it, or give it up: git -C ${repository} ${verb} --abort`,
    });
  }
  const head = await runGit(tools, place, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const into = head.stdout.trim();
  if (head.exitCode !== 0) {
    throw new AdrError('REFUSED', `no branch is checked out in "${repository}"`, {
      hint: `check out the one that is to have the work: git -C ${repository} switch BRANCH`,
    });
  }
  if (into !== branch) return into;
  throw new AdrError('REFUSED', `"${branch}" itself is checked out in "${repository}"`, {
    hint: `check out the one that is to have the work: git -C ${repository} switch BRANCH`,
  });
}

/**
 * Brings a commit that the git directory of ours knows into the original, every object checked, and sets the agent's
 * branch there; `isOwn` false: it is not that branch's. Gives what it is called in the original now. Throws REFUSED when that branch was given commits of its own, GIT_FAILED.
 */
export async function fetchWork(
  tools: GitTools,
  record: TreeRecord,
  tip: string,
  isOwn: boolean,
): Promise<string> {
  const place = { directory: record.repository };
  const own = placeOwnGit(tools.env, record);
  const ref = `refs/heads/${record.branch}`;
  const isWorktree = record.kind === 'worktree';
  const there = await runGit(tools, place, ['cat-file', '-e', `${tip}^{commit}`]);
  const old = await runGit(tools, place, ['rev-parse', '--verify', '--quiet', ref]);
  if ((isWorktree || !isOwn) && there.exitCode === 0) return old.stdout.trim() === tip ? record.branch : tip;
  if (!isWorktree && isOwn && old.exitCode === 0) await checkBranch(tools, record, old.stdout.trim(), tip);
  await needGit(tools, own, ['update-ref', OUT_REF, tip]);
  const target = isWorktree || !isOwn ? INCOMING_REF : ref;
  const args = [
    ...['-c', 'fetch.fsckObjects=true', '-c', 'protocol.file.allow=always'],
    ...['fetch', '--quiet', '--no-tags', '--no-prune', '--no-recurse-submodules', '--no-write-fetch-head'],
    ...['--', findOwnGit(tools.env, record), `+${OUT_REF}:${target}`],
  ];
  const fetched = await runGit(tools, place, args);
  if (fetched.exitCode !== 0) throw describeGitFailure(['fetch'], fetched.stderr);
  if (target !== ref) return target;
  await needGit(tools, own, ['update-ref', FETCHED_REF, tip]);
  return record.branch;
}

/** A branch that has commits of somebody else is not overwritten. */
async function checkBranch(tools: GitTools, record: TreeRecord, old: string, tip: string): Promise<void> {
  const own = placeOwnGit(tools.env, record);
  const last = await runGit(tools, own, ['rev-parse', '--verify', '--quiet', FETCHED_REF]);
  if (old === record.base || old === last.stdout.trim()) return;
  const contained = await runGit(tools, own, ['merge-base', '--is-ancestor', old, tip]);
  if (contained.exitCode === 0) return;
  const { repository, branch } = record;
  throw new AdrError('REFUSED', `"${branch}" in "${repository}" has commits that the agent does not have`, {
    hint: `merge or rename it there first: git -C ${repository} branch -m ${branch} NEW-NAME`,
  });
}

/**
 * Merges a commit into the branch that is checked out in the original; the user's hooks do not run, for the agent may
 * have changed what they call. Throws MERGE_CONFLICT and REFUSED, the original as it was.
 */
export async function mergeInto(tools: GitTools, record: TreeRecord, order: MergeOrder): Promise<Merged> {
  const { tip, into, how } = order;
  const place = { directory: record.repository };
  const before = (await needGit(tools, place, ['rev-parse', 'HEAD'])).trim();
  const range = ['rev-list', '--count', `${before}..${tip}`];
  const commits = Number((await needGit(tools, place, range)).trim());
  if (commits === 0) return { result: 'nothing', into, before, after: before, commits: 0, files: 0 };
  const message = order.message ?? `Merge branch '${order.name}'`;
  const form = { usual: [], 'no-ff': ['--no-ff'], squash: ['--squash'] } as const;
  const args = ['merge', '--no-edit', ...form[how], '-m', message, tip];
  const done = await runGit(tools, place, args);
  if (done.exitCode !== 0) throw await giveUp(tools, record, order, before, `${done.stderr}\n${done.stdout}`);
  if (how === 'squash') await commitSquashed(tools, record, order, before);
  if (order.commit && record.kind === 'worktree') await moveWorktree(tools, record, tip);
  const after = (await needGit(tools, place, ['rev-parse', 'HEAD'])).trim();
  await runGit(tools, place, ['update-ref', '-d', INCOMING_REF]);
  const changed = await needGit(tools, place, ['diff-tree', '-r', '-z', '--name-only', before, after]);
  const files = changed.split('\0').filter((name) => name !== '').length;
  const usual = after === tip ? 'fast-forward' : 'merge';
  return { result: how === 'squash' ? 'squash' : usual, into, before, after, commits, files };
}

async function commitSquashed(
  tools: GitTools,
  record: TreeRecord,
  { message }: MergeOrder,
  before: string,
): Promise<void> {
  const place = { directory: record.repository };
  const staged = await runGit(tools, place, ['diff', '--cached', '--quiet', '--no-ext-diff']);
  if (staged.exitCode === 0) return;
  const args = ['commit', '--quiet', '--no-verify', '-m', message ?? `Squashed work of ${record.branch}`];
  const made = await runGit(tools, place, args);
  if (made.exitCode === 0) return;
  await runGit(tools, place, ['reset', '--merge', before]);
  throw describeGitFailure(args, made.stderr);
}

/** Leaves the original as it was before a merge that did not come to its end, and says why. */
async function giveUp(
  tools: GitTools,
  { repository, session, agent, kind }: TreeRecord,
  { into, name, ref }: MergeOrder,
  before: string,
  said: string,
): Promise<AdrError> {
  const place = { directory: repository };
  const asked = await runGit(tools, place, ['diff', '--name-only', '--diff-filter=U', '-z', '--no-ext-diff']);
  const files = asked.stdout.split('\0').filter((name) => name !== '');
  const begun = await runGit(tools, place, ['rev-parse', '--verify', '--quiet', 'MERGE_HEAD']);
  if (files.length === 0 && begun.exitCode !== 0) {
    return new AdrError('REFUSED', `git does not merge into "${repository}": ${tidy(said)}`, {
      hint: 'commit or stash what is in the way, then again; nothing was changed',
    });
  }
  const undone = await runGit(
    tools,
    place,
    begun.exitCode === 0 ? ['merge', '--abort'] : ['reset', '--merge', before],
  );
  const names = files.map((name) => JSON.stringify(name)).join(', ');
  if (undone.exitCode !== 0) {
    return new AdrError('PARTLY_DONE', `the merge stopped (${names}) and could not be taken back`, {
      hint: `look: git -C ${repository} status; take it back: git -C ${repository} merge --abort`,
    });
  }
  const byHand = `git -C ${repository} merge ${ref}`;
  return new AdrError(
    'MERGE_CONFLICT',
    `${name} and ${into} both changed ${files.length === 0 ? tidy(said) : names}; nothing was merged`,
    {
      hint:
        kind === 'worktree'
          ? `by hand: ${byHand}; or let the agent: adr-tmux send ${session} --agent ${agent} "Rebase on ${into}"`
          : `by hand: ${byHand}`,
      details: { files },
    },
  );
}

/** The agent's own branch takes the commit that was made of its files, so that it finds them committed. */
async function moveWorktree(tools: GitTools, record: TreeRecord, tip: string): Promise<void> {
  const { repository, branch, adminDirectory, path } = record;
  if (adminDirectory === undefined) return;
  const head = await runGit(tools, { directory: repository }, [
    ...['--git-dir', adminDirectory, 'symbolic-ref', '--quiet', 'HEAD'],
  ]);
  if (head.stdout.trim() !== `refs/heads/${branch}`) return;
  await needGit(tools, { directory: repository }, ['update-ref', `refs/heads/${branch}`, tip]);
  await needGit(tools, { gitDirectory: join(adminDirectory), files: path }, ['read-tree', tip]);
}

function tidy(said: string): string {
  return said
    .trim()
    .split('\n')
    .map((line) => line.replace(/^(error|fatal|hint): /, '').trim())
    .filter((line) => line !== '')
    .join(' ');
}
