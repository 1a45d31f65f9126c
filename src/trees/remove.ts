import { dirname, join } from 'node:path';
import { AdrError } from '../errors.ts';
import { removeIfEmpty } from '../system/directories.ts';
import { describePath } from '../system/files.ts';
import { findTreesDirectory } from '../system/paths.ts';
import { removeForeignTree } from '../system/plain-files.ts';
import { describeGitFailure, type GitTools, runGit } from './git.ts';
import { removeTreeRecord, type TreeRecord } from './record.ts';

/**
 * Removes a tree, its branch and what is known of it, whatever work is in it: ask before. Throws REFUSED when files
 * belong to another user or the branch is checked out elsewhere; what was not removed is still known then.
 */
export async function uprootTree(tools: GitTools, record: TreeRecord): Promise<void> {
  const { path, sessionId } = record;
  await removeForeignTree(path).catch((cause: unknown) => {
    throw new AdrError('REFUSED', `cannot remove "${path}": ${describe(cause)}`, {
      hint: `files of another user: adr fix-owner ${path}, then again`,
      cause,
    });
  });
  if ((await describePath(record.repository)) === 'directory') {
    await removeAdmin(tools, record);
    await removeBranch(tools, record);
  }
  await removeTreeRecord(tools.env, record);
  await removeIfEmpty(dirname(path));
  await removeIfEmpty(join(findTreesDirectory(tools.env), sessionId));
}

/** Whether the branch that the user is on has all that the original has of an agent's branch. */
export async function isBranchHome(
  tools: GitTools,
  { repository, branch }: Pick<TreeRecord, 'repository' | 'branch'>,
): Promise<boolean> {
  const place = { directory: repository };
  const ref = `refs/heads/${branch}`;
  const there = await runGit(tools, place, ['rev-parse', '--verify', '--quiet', ref]);
  if (there.exitCode !== 0) return true;
  return (await runGit(tools, place, ['merge-base', '--is-ancestor', ref, 'HEAD'])).exitCode === 0;
}

/** What git keeps of a worktree whose files are gone. */
export async function removeAdmin(tools: GitTools, { kind, path, repository }: TreeRecord): Promise<void> {
  if (kind !== 'worktree') return;
  await runGit(tools, { directory: repository }, ['worktree', 'remove', '--force', '--force', path]);
}

/** Removes an agent's branch from the original; missing is fine. Throws REFUSED when it is checked out there. */
export async function removeBranch(tools: GitTools, { repository, branch }: TreeRecord): Promise<void> {
  const args = ['branch', '--quiet', '-D', '--', branch];
  const { exitCode, stderr } = await runGit(tools, { directory: repository }, args);
  if (exitCode === 0 || /not found/.test(stderr)) return;
  if (!/checked out|used by worktree/.test(stderr)) throw describeGitFailure(args, stderr);
  throw new AdrError('REFUSED', `"${branch}" is checked out: ${stderr.trim().replace(/^error: /, '')}`, {
    hint: 'check out another branch there, then again',
  });
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
