import { join } from 'node:path';
import { readTextIfExists, removeTree, writePrivateFile } from '../system/files.ts';
import type { Environment } from '../system/paths.ts';
import { copyPlainFile } from '../system/plain-files.ts';
import { type GitPlace, type GitTools, needGit, runGit } from './git.ts';
import { findOwnGit, type TreeRecord } from './record.ts';

/** Settings that say how files are compared. None of them names a program. */
const COPIED = [
  'core.filemode',
  'core.symlinks',
  'core.ignorecase',
  'core.precomposeunicode',
  'core.autocrlf',
  'core.eol',
] as const;

/** The place from which git looks at a tree without believing anything the tree says of itself. */
export function placeOwnGit(env: Environment, record: TreeRecord): GitPlace {
  return { gitDirectory: findOwnGit(env, record), files: record.path };
}

/**
 * Makes the git directory of ours that looks at a tree: the original's objects, no remote, no hook, no configuration but
 * how files are compared. `index` is the tree's own as git has just written it, so that nothing is read twice. Throws
 * GIT_*.
 */
export async function makeOwnGit(tools: GitTools, record: TreeRecord, index: string): Promise<void> {
  const directory = findOwnGit(tools.env, record);
  await removeTree(directory);
  await needGit(tools, { gitDirectory: directory }, [
    ...['init', '--quiet', '--bare', '--template=', `--object-format=${record.format}`],
    ...['--initial-branch=adr-none', directory],
  ]);
  await writePrivateFile(join(directory, 'objects', 'info', 'alternates'), `${findObjects(record)}\n`);
  await shareShallow(tools.env, record);
  const user = { directory: record.repository };
  for (const name of COPIED) {
    const { stdout } = await runGit(tools, user, ['config', '--get', name]);
    if (stdout.trim() !== '')
      await needGit(tools, { gitDirectory: directory }, ['config', name, stdout.trim()]);
  }
  const ignored = await readTextIfExists(join(record.gitDirectory, 'info', 'exclude'));
  const asked = await runGit(tools, user, ['config', '--path', '--get', 'core.excludesFile']);
  const own =
    asked.exitCode === 0 ? await readTextIfExists(asked.stdout.trim()).catch(() => undefined) : undefined;
  await writePrivateFile(join(directory, 'info', 'exclude'), `${own ?? ''}\n${ignored ?? ''}`);
  const place = placeOwnGit(tools.env, record);
  const target = join(directory, 'index');
  await copyPlainFile(index, target);
  if ((await runGit(tools, place, ['ls-files', '--stage', '--', '.'])).exitCode === 0) return;
  await removeTree(target);
  await needGit(tools, place, ['read-tree', record.base]);
}

/** The original's history may be cut off anywhere, and be cut elsewhere by now. */
export async function shareShallow(env: Environment, record: TreeRecord): Promise<void> {
  const target = join(findOwnGit(env, record), 'shallow');
  if (!(await copyPlainFile(join(record.gitDirectory, 'shallow'), target))) await removeTree(target);
}

/** The original's objects; a clone that borrows none has all of its own. */
function findObjects({ gitDirectory, objects }: TreeRecord): string {
  return objects[0] ?? join(gitDirectory, 'objects');
}
