import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AdrError } from '../errors.ts';
import { isSameProcessAlive, readStartTime } from './process-table.ts';

const RETRY_MS = 25;

/**
 * Does `work` while this process alone holds the lock file; one whose holder has died is taken over. The file appears
 * whole (a link to a finished one), so it always names its holder. Throws LOCKED after `timeoutMs`.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, timeoutMs = 5000): Promise<T> {
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  const token = `${process.pid} ${readStartTime(process.pid) ?? ''} ${randomBytes(6).toString('hex')}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(own, token, { mode: 0o600, flag: 'wx' });
  try {
    await takeLock(path, own, timeoutMs);
  } finally {
    await rm(own, { force: true });
  }
  try {
    return await work();
  } finally {
    if ((await readHolder(path)) === token) await rm(path, { force: true });
  }
}

async function takeLock(path: string, own: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      await link(own, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await readHolder(path);
    if (holder !== undefined && !isAlive(holder)) await dropLock(path, own, holder);
    else if (Date.now() >= deadline) {
      throw new AdrError('LOCKED', `"${path}" is held by process ${holder?.split(' ')[0] ?? 'unknown'}`, {
        hint: 'wait until it is done, then try again',
      });
    } else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Moves a dead holder's lock away; one that somebody living took in between is put back. */
async function dropLock(path: string, own: string, holder: string): Promise<void> {
  const aside = `${own}.old`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await readHolder(aside)) !== holder) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function isAlive(holder: string): boolean {
  const [pid, startTime] = holder.split(' ');
  return isSameProcessAlive(Number(pid) || 0, startTime ?? '');
}
