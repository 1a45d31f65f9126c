import { join, resolve } from 'node:path';
import { readSlice } from './files.ts';

/** `.git/HEAD` and the `.git` file of a worktree are one short line. */
const MAX_BYTES = 4096;

/**
 * The branch that is checked out in a directory or a parent of it, a short commit id while none is; undefined where
 * there is no repository. Reads two files and runs nothing: git itself would run what the repository's config names.
 */
export async function readBranch(directory: string): Promise<string | undefined> {
  for (let at = resolve(directory); ; at = resolve(at, '..')) {
    const head = await readHead(join(at, '.git'), at);
    if (head !== undefined) return /^ref: refs\/heads\/(.+)$/.exec(head)?.[1] ?? readCommit(head);
    if (at === resolve(at, '..')) return undefined;
  }
}

async function readHead(git: string, directory: string): Promise<string | undefined> {
  const head = await readLine(join(git, 'HEAD'));
  if (head !== undefined) return head;
  const linked = /^gitdir: (.+)$/.exec((await readLine(git)) ?? '')?.[1];
  return linked === undefined ? undefined : readLine(join(resolve(directory, linked), 'HEAD'));
}

async function readLine(path: string): Promise<string | undefined> {
  const slice = await readSlice(path, 0, MAX_BYTES);
  const line = slice?.toString('utf8').split('\n', 1)[0]?.trim();
  return line === '' ? undefined : line;
}

function readCommit(head: string): string | undefined {
  return /^[0-9a-f]{40,}$/.test(head) ? head.slice(0, 8) : undefined;
}
