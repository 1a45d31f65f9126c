import { randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  lstat,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname } from 'node:path';

/** The text of a file, or undefined when there is none (any other failure throws). */
export async function readTextIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Up to `maxBytes` bytes from `offset` on, no more than there are; undefined when there is no regular file that we can
 * read: a confined agent may have put a link, a FIFO, a socket or a file of its own in its place.
 */
export async function readSlice(path: string, offset: number, maxBytes: number): Promise<Buffer | undefined> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) return undefined;
    const buffer = Buffer.alloc(Math.max(0, Math.min(maxBytes, found.size - offset)));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Size in bytes of a regular file; 0 when there is none at this very place. */
export async function readSize(path: string): Promise<number> {
  try {
    const found = await lstat(path);
    return found.isFile() ? found.size : 0;
  } catch {
    return 0;
  }
}

/** What names a regular file whatever it is called, and when it was last written (ms since the epoch). */
export async function readFileFacts(
  path: string,
): Promise<{ readonly id: string; readonly modifiedAt: number } | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? { id: `${found.dev}:${found.ino}`, modifiedAt: found.mtimeMs } : undefined;
}

/** Makes a directory that only its owner can enter (0700), parents included. */
export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

/** Writes a file that only its owner can read (0600): whole or not at all, parents made as needed. */
export async function writePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const staged = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(staged, content, { mode: 0o600, flag: 'wx' });
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
}

/** Removes a file or a whole directory; missing is fine. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** What stands at a path, links followed. */
export async function describePath(path: string): Promise<'missing' | 'file' | 'directory' | 'other'> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'directory';
    return found.isFile() ? 'file' : 'other';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw error;
  }
}

/** The canonical absolute path, links resolved; undefined when it does not exist. */
export async function resolveRealPath(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether this user may run the file. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
}
