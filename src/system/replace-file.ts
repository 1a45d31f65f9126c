import { randomBytes } from 'node:crypto';
import { lstat, open, readlink, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isLink } from './links.ts';

export interface ReplaceOptions {
  /** Permission bits of a new file, before the umask; a file that is there keeps its own. */
  readonly mode: number;
  /** Write where a link leads; otherwise the file takes the link's place. */
  readonly followLinks: boolean;
}

/**
 * Replaces a file's content in one step: readers see the old or the new one, mode and owner stay. Throws what the file
 * system says.
 */
export async function replaceFile(path: string, content: string, options: ReplaceOptions): Promise<void> {
  const target = options.followLinks ? await followLink(path) : path;
  const old = await lstat(target).catch(() => undefined);
  const staged = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(staged, 'wx', options.mode);
    try {
      if (old?.isFile()) {
        // Only root may give a file away; whoever is not root owns it already or makes it his own.
        await file.chown(old.uid, old.gid).catch(() => undefined);
        await file.chmod(old.mode & 0o777);
      }
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(staged, target);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
}

/** Where a link leads, also to a file that is still to be made. */
async function followLink(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return (await isLink(path)) ? resolve(dirname(path), await readlink(path)) : path;
  }
}
