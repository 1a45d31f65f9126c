import { constants } from 'node:fs';
import { lstat, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withFileLock } from './file-lock.ts';

const PRIVATE_APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/**
 * Appends one line to a private file (0600, its directory 0700) in one write, so that several processes may at once.
 * Past `maxBytes` the file becomes `<path>.1`, the one that stood there is dropped, and a new one begins. Throws what
 * the file system says.
 */
export async function appendPrivateLine(path: string, line: string, maxBytes: number): Promise<void> {
  // Not recursively: what was removed with everything in it does not come back.
  await mkdir(dirname(path), { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if ((await readRegularSize(path)) >= maxBytes) {
    // Whoever comes second finds the new file. Who has the old one open still writes a whole line, to its old place.
    await withFileLock(`${path}.lock`, async () => {
      if ((await readRegularSize(path)) >= maxBytes) await rename(path, `${path}.1`);
    });
  }
  const file = await open(path, PRIVATE_APPEND, 0o600);
  try {
    const bytes = Buffer.from(`${line}\n`);
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten < bytes.length) await file.write(bytes, bytesWritten);
  } finally {
    await file.close();
  }
}

async function readRegularSize(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? found.size : 0;
}
