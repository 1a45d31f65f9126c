import { randomBytes } from 'node:crypto';
import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AdrError } from '../errors.ts';
import { isSameProcessAlive, readStartTime } from './process-table.ts';

const RETRY_MS = 25;

/**
 * Does `work` while this process alone holds the lock file; one whose holder has died is taken over. The lock is a
 * link whose target names its holder: it is there whole or not at all, and needs no room on a full disk. Throws LOCKED
 * after `timeoutMs`.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, timeoutMs = 5000): Promise<T> {
  const token = `${process.pid} ${readStartTime(process.pid) ?? ''} ${randomBytes(6).toString('hex')}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await takeLock(path, token, timeoutMs);
  try {
    return await work();
  } finally {
    if ((await readHolder(path)) === token) await rm(path, { force: true });
  }
}

async function takeLock(path: string, token: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      await symlink(token, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await readHolder(path);
    if (holder !== undefined && !isAlive(holder)) await dropLock(path, holder);
    else if (Date.now() >= deadline) {
      throw new AdrError('LOCKED', `"${path}" is held by process ${holder?.split(' ')[0] ?? 'unknown'}`, {
        hint: 'wait until it is done, then try again',
      });
    } else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Moves a dead holder's lock away; one that somebody living took in between is put back. */
async function dropLock(path: string, holder: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  if (moved !== undefined && moved !== holder) await symlink(moved, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Undefined: nothing is there; what is no link has no living holder. */
async function readHolder(path: string): Promise<string | undefined> {
  return readlink(path).catch((error: NodeJS.ErrnoException) => (error.code === 'EINVAL' ? '' : undefined));
}

function isAlive(holder: string): boolean {
  const [pid, startTime] = holder.split(' ');
  return Number(pid) > 0 && isSameProcessAlive(Number(pid), startTime ?? '');
}
