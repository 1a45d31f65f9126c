import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { listNames } from '../system/directories.ts';
import { describePath, readSlice } from '../system/files.ts';
import { isLink } from '../system/links.ts';
import type { Environment } from '../system/paths.ts';
import type { RunProcess } from '../system/process.ts';

/** What git on the host would take programs from, by path, as it was at one moment. */
export type GitSources = ReadonlyMap<string, string>;

const LONGEST_FILE = 2 ** 20;

/**
 * Notes everything in a repository that makes git run something: no mount can hold what is not there yet
 * (`commondir`, a new submodule), and a configuration that is replaced on the host loses its mount.
 */
export async function readGitSources(
  workspace: string,
  gitDirectory: string,
  run: RunProcess,
  env: Environment,
): Promise<GitSources> {
  const sources = new Map<string, string>();
  const note = async (path: string) => {
    const bytes = await readSlice(path, 0, LONGEST_FILE).catch(() => undefined);
    if (bytes) sources.set(path, createHash('sha256').update(bytes).digest('hex'));
    else if ((await isLink(path)) || (await describePath(path)) !== 'missing') sources.set(path, 'no file');
  };
  for (const name of ['commondir', 'config', 'config.worktree']) await note(join(gitDirectory, name));
  for (const name of await listNames(join(gitDirectory, 'hooks')))
    await note(join(gitDirectory, 'hooks', name));
  // Asked in a repository whose configuration the agent leads elsewhere, git would already run it.
  if (!sources.has(join(gitDirectory, 'commondir'))) {
    for (const path of await listSubmodules(workspace, run, env)) {
      await note(join(workspace, path, '.git'));
      await note(join(workspace, path, '.git', 'config'));
    }
  }
  return sources;
}

/** Paths that appeared or changed, sorted. */
export function findChangedSources(before: GitSources, after: GitSources): readonly string[] {
  return [...after]
    .filter(([path, hash]) => before.get(path) !== hash)
    .map(([path]) => path)
    .sort();
}

async function listSubmodules(
  workspace: string,
  run: RunProcess,
  env: Environment,
): Promise<readonly string[]> {
  const { stdout } = await run('git', ['-c', 'core.fsmonitor=false', 'ls-files', '--stage', '-z'], {
    env,
    cwd: workspace,
    timeoutMs: 5000,
  });
  return stdout
    .split('\0')
    .filter((line) => line.startsWith('160000 '))
    .map((line) => line.slice(line.indexOf('\t') + 1));
}
