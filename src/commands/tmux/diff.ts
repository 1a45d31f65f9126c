import { type GitTools, needGit } from '../../trees/git.ts';
import { inspectTree, listChanges, PLAIN, type TreeWork, withTree } from '../../trees/inspect.ts';
import { placeOwnGit } from '../../trees/own-git.ts';
import type { TreeRecord } from '../../trees/record.ts';
import { findTrees } from './find-trees.ts';

/** A commit, as the agent wrote it. */
export interface TreeCommit {
  readonly id: string;
  readonly author: string;
  /** ms since the epoch */
  readonly at: number;
  readonly subject: string;
}

/** A file that differs from what the agent began with. */
export interface TreeFile {
  readonly status: string;
  readonly path: string;
  /** Lines; null: it is no text. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** What the tree of one agent has over the commit it began from. */
export interface TreeDiff {
  readonly work: TreeWork;
  readonly commits: readonly TreeCommit[];
  readonly files: readonly TreeFile[];
}

/** How differences are written. */
export type DiffForm = 'patch' | 'stat' | 'names';

/**
 * What the trees of a session's agents have over the commits they began from: commits, uncommitted and new files.
 * Throws TREE_NOT_FOUND, USAGE, REFUSED, LOCKED, GIT_*.
 */
export async function diffTrees(
  tools: GitTools,
  session: string,
  agents: readonly string[],
): Promise<readonly TreeDiff[]> {
  const diffs: TreeDiff[] = [];
  for (const record of await findTrees(tools, session, agents))
    diffs.push(await withTree(tools, record, () => diffTree(tools, record)));
  return diffs;
}

async function diffTree(tools: GitTools, record: TreeRecord): Promise<TreeDiff> {
  const work = await inspectTree(tools, record);
  const place = placeOwnGit(tools.env, record);
  const log = await needGit(tools, place, [
    ...[
      'log',
      '-z',
      '--format=%H%n%an%n%at%n%s',
      '--no-show-signature',
      `${record.base}..${work.head}`,
      '--',
    ],
  ]);
  const counted = await needGit(tools, place, [
    ...['diff-tree', '-r', '-z', '--numstat', '--no-renames', ...PLAIN],
    ...[record.base, work.files],
  ]);
  const changes = await listChanges(tools, record, record.base, work.files);
  const lines = parseNumstat(counted);
  const files = changes.map((change) => ({
    ...change,
    ...(lines.get(change.path) ?? { added: null, removed: null }),
  }));
  return { work, commits: parseLog(log), files };
}

/** Reads `git log -z --format=%H%n%an%n%at%n%s`. */
export function parseLog(text: string): readonly TreeCommit[] {
  return text.split('\0').flatMap((entry) => {
    const [id = '', author = '', at = '', ...subject] = entry.split('\n');
    return id === '' ? [] : [{ id, author, at: Number(at) * 1000, subject: subject.join(' ') }];
  });
}

/** Reads `--numstat -z` without renames. */
export function parseNumstat(
  text: string,
): ReadonlyMap<string, { readonly added: number | null; readonly removed: number | null }> {
  const read = (word: string): number | null => (/^\d+$/.test(word) ? Number(word) : null);
  return new Map(
    text.split('\0').flatMap((entry) => {
      const match = /^(\S+)\t(\S+)\t(.+)$/s.exec(entry);
      if (!match) return [];
      const [, added = '', removed = '', path = ''] = match;
      return [[path, { added: read(added), removed: read(removed) }] as const];
    }),
  );
}

/**
 * The differences as git writes them; every byte is one character (latin1), for a file may be no text. `whole`: a patch
 * that `git apply` takes, files that are no text included.
 */
export async function writeDiff(
  tools: GitTools,
  { work }: TreeDiff,
  form: DiffForm,
  whole: boolean,
): Promise<string> {
  const { record, files } = work;
  const forms = {
    patch: whole ? ['--patch', '--binary', '--full-index'] : ['--patch'],
    stat: ['--stat'],
    names: ['--name-only'],
  } as const;
  return needGit(
    tools,
    placeOwnGit(tools.env, record),
    ['diff', ...PLAIN, '--find-renames', ...forms[form], record.base, files, '--'],
    { encoding: 'latin1' },
  );
}
