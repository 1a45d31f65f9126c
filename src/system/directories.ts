import {
  access,
  chmod,
  chown,
  constants,
  mkdir,
  readdir,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Names in a directory, sorted; none when it is missing or cannot be read. */
export async function listNames(path: string): Promise<readonly string[]> {
  return (await readdir(path).catch(() => [])).sort();
}

/**
 * Makes a directory that only `uid` can enter (0700), its parents ours. Who is not root cannot give it away: then it
 * is open to all (0777) and its parents, 0700 and ours, keep others out.
 */
export async function makeDirectoryFor(path: string, uid: number, gid: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (uid === process.getuid?.()) {
    await chmod(path, 0o700);
    return;
  }
  try {
    await chown(path, uid, gid);
    await chmod(path, 0o700);
  } catch {
    await chmod(path, 0o777);
  }
}

/** Owner and permission bits of a path, links followed. */
export async function readOwnership(
  path: string,
): Promise<{ readonly uid: number; readonly gid: number; readonly mode: number }> {
  const { uid, gid, mode } = await stat(path);
  return { uid, gid, mode: mode & 0o7777 };
}

/** Whether this process may create files in a directory. */
export async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The code (`ENOSPC`) of what keeps a small file from being written to a directory; it does not stay. */
export async function tryWriting(directory: string): Promise<string | undefined> {
  const path = join(directory, `.write-test.${process.pid}`);
  try {
    await writeFile(path, 'x'.repeat(4096), { mode: 0o600 });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** Removes a directory that holds nothing; any other stays. */
export async function removeIfEmpty(path: string): Promise<void> {
  await rmdir(path).catch(() => undefined);
}
