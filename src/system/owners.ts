import { lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** Who owns a directory and everything in it. */
export interface OwnerCount {
  readonly total: number;
  /** Entries of others, by `uid:gid`. */
  readonly foreign: ReadonlyMap<string, number>;
  /** Directories that could not be looked into. */
  readonly closed: number;
}

/** Looks through a directory, links not followed, other file systems left out. */
export async function countOwners(root: string, owner: FileOwner): Promise<OwnerCount> {
  const foreign = new Map<string, number>();
  let total = 0;
  let closed = 0;
  for await (const entry of walk(root)) {
    if (entry.closed) closed += 1;
    else {
      total += 1;
      if (entry.uid === owner.uid && entry.gid === owner.gid) continue;
      const key = `${entry.uid}:${entry.gid}`;
      foreign.set(key, (foreign.get(key) ?? 0) + 1);
    }
  }
  return { total, foreign, closed };
}

/** Gives a directory and everything in it to `owner`; links themselves, not what they lead to. Needs root. */
export async function changeOwners(root: string, owner: FileOwner): Promise<void> {
  for await (const { path, uid, gid, closed } of walk(root)) {
    if (!closed && (uid !== owner.uid || gid !== owner.gid)) await lchown(path, owner.uid, owner.gid);
  }
}

interface Entry extends FileOwner {
  readonly path: string;
  readonly closed: boolean;
}

async function* walk(root: string): AsyncGenerator<Entry> {
  const { dev } = await lstat(root);
  const left = [root];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    const found = await lstat(path).catch(() => undefined);
    // Gone in between, or another file system.
    if (!found || found.dev !== dev) continue;
    yield { path, uid: found.uid, gid: found.gid, closed: false };
    if (!found.isDirectory()) continue;
    const names = await readdir(path).catch((error: NodeJS.ErrnoException) =>
      error.code === 'EACCES' ? undefined : [],
    );
    if (names) for (const name of names) left.push(join(path, name));
    else yield { path, uid: found.uid, gid: found.gid, closed: true };
  }
}
