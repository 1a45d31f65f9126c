import { join, relative, resolve } from 'node:path';
import { AdrError } from '../errors.ts';
import { readTextIfExists, resolveRealPath } from '../system/files.ts';
import { describeEntry } from '../system/plain-files.ts';
import { type GitTools, needGit, runGit } from './git.ts';

/** The user's repository that agents get trees of. */
export interface Repository {
  /** The top of his working tree. */
  readonly top: string;
  /** What `top`'s worktrees share. */
  readonly gitDirectory: string;
  readonly objects: string;
  /** It borrows objects from other repositories. */
  readonly borrows: boolean;
  readonly format: 'sha1' | 'sha256';
  readonly head: string;
  /** The workspace below `top`; '' for the top. */
  readonly prefix: string;
  /** What is not in the last commit. */
  readonly uncommitted: number;
  readonly submodules: boolean;
}

/**
 * Looks at the repository of a canonical directory. Throws WORKSPACE_INVALID (none, bare, inside a git directory, the
 * directory not in the last commit), REFUSED (no commit yet; led elsewhere by links), GIT_MISSING, GIT_FAILED.
 */
export async function findRepository(tools: GitTools, workspace: string): Promise<Repository> {
  const place = { directory: workspace };
  const asked = await runGit(tools, place, ['rev-parse', '--is-bare-repository', '--is-inside-work-tree']);
  if (asked.exitCode !== 0) throw describeNone(workspace, asked.stderr);
  const [bare, inside] = asked.stdout.split('\n');
  if (bare === 'true' || inside !== 'true') {
    throw new AdrError('WORKSPACE_INVALID', `"${workspace}" is a repository without files`, {
      hint: 'clone it, and start there: git clone',
    });
  }
  const [top, gitDirectory, objects] = await Promise.all([
    readPath(tools, place, ['--show-toplevel']),
    readPath(tools, place, ['--git-common-dir']),
    readPath(tools, place, ['--git-path', 'objects']),
  ]);
  await refuseLinks(workspace, gitDirectory, objects);
  const head = await runGit(tools, place, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head.exitCode !== 0) {
    throw new AdrError('REFUSED', `the repository "${top}" has no commit yet to begin a tree from`, {
      hint: `make one: git -C ${top} commit --allow-empty -m "First commit"`,
    });
  }
  const prefix = relative(top, workspace);
  if (prefix !== '') await needPrefix(tools, top, prefix);
  const format = (await needGit(tools, place, ['rev-parse', '--show-object-format'])).trim();
  return {
    ...{ top, gitDirectory, objects, prefix },
    borrows: ((await readTextIfExists(join(objects, 'info', 'alternates'))) ?? '').trim() !== '',
    format: format === 'sha256' ? 'sha256' : 'sha1',
    head: head.stdout.trim(),
    uncommitted: await countUncommitted(tools, top),
    submodules:
      (await runGit(tools, { directory: top }, ['cat-file', '-e', 'HEAD:.gitmodules'])).exitCode === 0,
  };
}

async function readPath(
  tools: GitTools,
  place: { readonly directory: string },
  args: readonly string[],
): Promise<string> {
  const given = (await needGit(tools, place, ['rev-parse', ...args])).replace(/\n$/, '');
  const path = resolve(place.directory, given);
  return (await resolveRealPath(path)) ?? path;
}

/** An agent that works in the original could have put them there, to have other directories shown to the next one. */
async function refuseLinks(workspace: string, gitDirectory: string, objects: string): Promise<void> {
  const odd =
    (await describeEntry(join(gitDirectory, 'objects'))) === 'link'
      ? join(gitDirectory, 'objects')
      : objects !== join(gitDirectory, 'objects')
        ? objects
        : undefined;
  const leads = (await describeEntry(join(gitDirectory, 'commondir'))) !== 'missing';
  if (odd === undefined && !leads) return;
  throw new AdrError(
    'REFUSED',
    `the repository of "${workspace}" leads elsewhere: "${odd ?? join(gitDirectory, 'commondir')}"`,
    { hint: 'an agent may have put that there: look at it before you use git here' },
  );
}

async function needPrefix(tools: GitTools, top: string, prefix: string): Promise<void> {
  const kind = await runGit(tools, { directory: top }, ['cat-file', '-t', `HEAD:${prefix}`]);
  if (kind.stdout.trim() === 'tree') return;
  throw new AdrError('WORKSPACE_INVALID', `"${prefix}" is not in the last commit of "${top}"`, {
    hint: 'a tree holds what is committed: commit it first, or start at the top of the repository',
  });
}

async function countUncommitted(tools: GitTools, top: string): Promise<number> {
  const args = ['status', '--porcelain', '-z', '--ignore-submodules=dirty', '--no-renames'];
  const listed = await needGit(tools, { directory: top }, args);
  return listed.split('\0').filter((line) => line !== '').length;
}

function describeNone(workspace: string, stderr: string): AdrError {
  if (/not a git repository/.test(stderr)) {
    return new AdrError('WORKSPACE_INVALID', `"${workspace}" is not in a git repository`, {
      hint: `leave out --worktree, or make it one: git init, git add, git commit in ${workspace}`,
    });
  }
  const said =
    stderr
      .trim()
      .split('\n', 1)[0]
      ?.replace(/^fatal: /, '') ?? '';
  return new AdrError('GIT_FAILED', `git cannot read the repository of "${workspace}": ${said}`, {
    hint: `see what it says: git -C ${workspace} status`,
  });
}
