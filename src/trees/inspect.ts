import { join } from 'node:path';
import { AdrError } from '../errors.ts';
import { withFileLock } from '../system/file-lock.ts';
import { describePath, readSlice } from '../system/files.ts';
import { findTreesDirectory } from '../system/paths.ts';
import { type GitTools, needGit, runGit } from './git.ts';
import { importObjects } from './import-objects.ts';
import { placeOwnGit, shareShallow } from './own-git.ts';
import type { TreeRecord } from './record.ts';
import { readCloneTips, resolveHead, type Tips } from './tips.ts';

/** A file that differs, as git writes it: `A`, `M`, `D`, `T`; `?` cannot be read, or is a repository without commits. */
export interface ChangedFile {
  readonly status: string;
  readonly path: string;
}

/** A line of work that is not the one checked out. */
export interface OtherLine {
  /** `feature/x`, `stash@{0}`. */
  readonly name: string;
  readonly commits: number;
  /** Where it ends. */
  readonly tip: string;
}

/** What is in the tree of an agent. */
export interface TreeWork {
  readonly record: TreeRecord;
  /** The branch that is checked out there; undefined while none is. */
  readonly branch: string | undefined;
  /** The commit that is checked out there. */
  readonly head: string;
  /** All files as they are, uncommitted ones too: a tree object in the git directory of ours. */
  readonly files: string;
  /** Not committed there, and not brought home in another way. */
  readonly uncommitted: readonly ChangedFile[];
  /** Commits that nothing in the original but the agent's own branch holds. */
  readonly unmerged: number;
  /** Commits of other branches and stashes that would go with the tree, not counted in `unmerged`. */
  readonly others: readonly OtherLine[];
  /** Files that git ignores there; directories count as one. */
  readonly ignored: number;
}

/** What holds for every difference: no program, and no question to submodules or to what is said of them. */
export const PLAIN = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty'] as const;

/** What was last brought home of a tree: a commit. */
export const HOME_REF = 'refs/adr/home';
const MISSING = 'the files of the tree are gone';

/** Whether something would be lost with the tree. */
export function hasWork({ uncommitted, unmerged, others }: TreeWork): boolean {
  return uncommitted.length > 0 || unmerged > 0 || others.length > 0;
}

/** Does `work` while nobody else looks at or changes this tree. Throws LOCKED. */
export async function withTree<T>(
  { env }: GitTools,
  { sessionId, agent }: Pick<TreeRecord, 'sessionId' | 'agent'>,
  work: () => Promise<T>,
): Promise<T> {
  return withFileLock(join(findTreesDirectory(env), `${sessionId}-${agent}.lock`), work, 60_000);
}

/**
 * Looks at a tree with a git directory of ours and with nothing that the tree says of itself but its commits and files.
 * Throws TREE_NOT_FOUND (its files are gone), REFUSED (its git directory was replaced), GIT_*.
 */
export async function inspectTree(tools: GitTools, record: TreeRecord): Promise<TreeWork> {
  if ((await describePath(record.path)) !== 'directory') {
    throw new AdrError('TREE_NOT_FOUND', `${MISSING}: "${record.path}"`, {
      hint: `forget it: adr-tmux discard ${record.session} --agent ${record.agent} --yes`,
    });
  }
  await importObjects(tools, record);
  await shareShallow(tools.env, record);
  const own = placeOwnGit(tools.env, record);
  const originals = await listOriginalRefs(tools, record);
  const tips = await keepKnown(tools, record, await readTips(record, originals));
  const head = tips.head ?? tips.refs.get(`refs/heads/${record.branch}`) ?? record.base;
  const unreadable = await addFiles(tools, record);
  const files = (await needGit(tools, own, ['write-tree'])).trim();
  const home = await runGit(tools, own, ['rev-parse', '--verify', '--quiet', HOME_REF]);
  const homeFiles = await runGit(tools, own, ['rev-parse', '--verify', '--quiet', `${HOME_REF}^{tree}`]);
  const safe = [
    record.base,
    ...[...originals].filter(([name]) => name !== `refs/heads/${record.branch}`).map(([, hash]) => hash),
    ...(home.exitCode === 0 ? [home.stdout.trim()] : []),
  ];
  const ownBranch = originals.get(`refs/heads/${record.branch}`);
  const main = [head, ...(ownBranch === undefined ? [] : [ownBranch])];
  return {
    record,
    ...{ branch: tips.branch, head, files },
    uncommitted: [
      ...(homeFiles.stdout.trim() === files ? [] : await listChanges(tools, record, head, files)),
      ...unreadable.map((path) => ({ status: '?', path })),
    ],
    unmerged: await countCommits(tools, record, main, safe),
    others: await findOthers(tools, record, tips, [...safe, ...main]),
    ignored: await countIgnored(tools, record),
  };
}

/** Takes all files into the index of ours, and gives those that cannot be taken. */
async function addFiles(tools: GitTools, record: TreeRecord): Promise<readonly string[]> {
  const own = placeOwnGit(tools.env, record);
  await runGit(tools, own, ['add', '--all', '--ignore-errors', '--', '.']);
  const split = (listed: string): readonly string[] => listed.split('\0').filter((name) => name !== '');
  return [
    ...split(await needGit(tools, own, ['diff-files', '--name-only', '-z', '--ignore-submodules=dirty'])),
    ...split(await needGit(tools, own, ['ls-files', '--others', '--exclude-standard', '--directory', '-z'])),
  ];
}

/** Files that differ between two commits or tree objects. */
export async function listChanges(
  tools: GitTools,
  record: TreeRecord,
  from: string,
  to: string,
): Promise<readonly ChangedFile[]> {
  const place = placeOwnGit(tools.env, record);
  const args = ['diff-tree', '-r', '-z', '--name-status', '--no-renames', ...PLAIN, from, to];
  const words = (await needGit(tools, place, args)).split('\0');
  const changed: ChangedFile[] = [];
  for (let at = 0; at + 1 < words.length; at += 2)
    changed.push({ status: words[at] ?? '', path: words[at + 1] ?? '' });
  return changed;
}

/** All refs of the original with its HEAD, as commits. */
async function listOriginalRefs(tools: GitTools, record: TreeRecord): Promise<ReadonlyMap<string, string>> {
  const place = { directory: record.repository };
  if ((await describePath(record.repository)) !== 'directory') {
    throw new AdrError('REFUSED', `the repository "${record.repository}" is not there any more`, {
      hint: `the tree is at ${record.path}; drop it: adr-tmux discard ${record.session} --agent ${record.agent} --yes`,
    });
  }
  const listed = await needGit(tools, place, ['for-each-ref', '--format=%(objectname) %(refname)']);
  const head = await runGit(tools, place, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  const refs = new Map<string, string>();
  for (const line of listed.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) refs.set(line.slice(space + 1), line.slice(0, space));
  }
  // While the agent's own branch is checked out in the original, HEAD is no other place.
  const on = await runGit(tools, place, ['symbolic-ref', '--quiet', 'HEAD']);
  if (head.exitCode === 0 && on.stdout.trim() !== `refs/heads/${record.branch}`)
    refs.set('HEAD', head.stdout.trim());
  return refs;
}

/** A worktree's branches are the original's own, and stay there; only what is checked out can go with it. */
async function readTips(record: TreeRecord, originals: ReadonlyMap<string, string>): Promise<Tips> {
  if (record.kind === 'clone') return readCloneTips(record);
  const file = join(record.adminDirectory ?? '/nonexistent', 'HEAD');
  const text = (await readSlice(file, 0, 4096))?.toString('utf8') ?? '';
  return { ...resolveHead(text, originals), refs: new Map() };
}

/** What a clone says may name commits that it does not have. */
async function keepKnown(tools: GitTools, record: TreeRecord, tips: Tips): Promise<Tips> {
  const hashes = [...new Set([...tips.refs.values(), ...(tips.head === undefined ? [] : [tips.head])])];
  if (hashes.length === 0) return tips;
  const listed = await needGit(
    tools,
    placeOwnGit(tools.env, record),
    ['cat-file', '--batch-check=%(objectname) %(objecttype)'],
    { input: `${hashes.join('\n')}\n` },
  );
  const known = new Set(
    listed.split('\n').flatMap((line) => (line.endsWith(' commit') ? [line.split(' ')[0] ?? ''] : [])),
  );
  return {
    branch: tips.branch,
    head: tips.head !== undefined && known.has(tips.head) ? tips.head : undefined,
    refs: new Map([...tips.refs].filter(([, hash]) => known.has(hash))),
  };
}

async function countCommits(
  tools: GitTools,
  record: TreeRecord,
  tips: readonly string[],
  without: readonly string[],
): Promise<number> {
  const input = [...tips, ...without.map((hash) => `^${hash}`)].join('\n');
  const counted = await needGit(
    tools,
    placeOwnGit(tools.env, record),
    ['rev-list', '--count', '--ignore-missing', '--stdin'],
    { input: `${input}\n` },
  );
  return Number(counted.trim());
}

async function findOthers(
  tools: GitTools,
  record: TreeRecord,
  tips: Tips,
  without: readonly string[],
): Promise<readonly OtherLine[]> {
  const found: OtherLine[] = [];
  for (const [ref, hash] of tips.refs) {
    const commits = await countCommits(tools, record, [hash], without);
    if (commits > 0) found.push({ name: ref.replace('refs/heads/', ''), commits, tip: hash });
  }
  return found;
}

async function countIgnored(tools: GitTools, record: TreeRecord): Promise<number> {
  const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'];
  const listed = await needGit(tools, placeOwnGit(tools.env, record), args);
  return listed.split('\0').filter((name) => name !== '').length;
}
