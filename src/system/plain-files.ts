import { randomBytes } from 'node:crypto';
import { chmod, constants, type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What stands at a path itself: a link is a link, wherever it leads. */
export async function describeEntry(
  path: string,
): Promise<'missing' | 'file' | 'directory' | 'link' | 'other'> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return 'missing';
  if (found.isSymbolicLink()) return 'link';
  if (found.isDirectory()) return 'directory';
  return found.isFile() ? 'file' : 'other';
}

/**
 * Opens a directory below another, a step at a time and no step a link, and does `work` with a path that stays this very
 * directory whatever is put in its place meanwhile (Linux; elsewhere the path as it is). Undefined when a step is no
 * directory.
 */
export async function withPlainDirectory<T>(
  root: string,
  steps: readonly string[],
  work: (path: string) => Promise<T>,
): Promise<T | undefined> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const opened: FileHandle[] = [];
  let path = root;
  try {
    for (const step of ['', ...steps]) {
      const next = step === '' ? path : join(path, step);
      const handle = await open(next, flags).catch(() => undefined);
      if (!handle) return undefined;
      opened.push(handle);
      path = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : next;
    }
    return await work(path);
  } finally {
    await Promise.all(opened.map((handle) => handle.close()));
  }
}

/**
 * Copies a regular file that somebody else may have written, whole or not at all, readable by its owner alone. False
 * when no regular file stands there: a link is not followed, a FIFO not waited for. Throws what writing says.
 */
export async function copyPlainFile(source: string, target: string): Promise<boolean> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(source, flags).catch(() => undefined);
  if (!file) return false;
  const staged = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    if (!(await file.stat()).isFile()) return false;
    const copy = await open(staged, 'wx', 0o600);
    await pipeline(file.createReadStream({ autoClose: false }), copy.createWriteStream());
    await rename(staged, target);
    return true;
  } finally {
    await rm(staged, { force: true });
    await file.close();
  }
}

/**
 * Removes a tree that an agent wrote; links are removed, not followed, and directories that their owner cannot write
 * (as package caches make them) are opened first. Missing is fine. Throws what the file system says.
 */
export async function removeForeignTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
    await openDirectories(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function openDirectories(path: string): Promise<void> {
  if ((await describeEntry(path)) !== 'directory') return;
  await chmod(path, 0o700).catch(() => undefined);
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await openDirectories(join(path, entry.name));
  }
}
