import { chmod, lstat, mkdir, stat, utimes, writeFile } from 'node:fs/promises';

/** Whether a symbolic link stands at a path, wherever it leads; false when nothing stands there. */
export async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

/** Writes a file that every user can read (0644), for a container's own. */
export async function writeReadableFile(path: string, content: string): Promise<void> {
  await writeFile(path, content);
  await chmod(path, 0o644);
}

/** When a file's content last changed, in ms; 0 when it is missing. */
export async function readChangeTime(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Gives a file the time (ms) of the content it holds. */
export async function setChangeTime(path: string, ms: number): Promise<void> {
  await utimes(path, ms / 1000, ms / 1000);
}

/** Makes an empty file or directory with the user's own default rights; one that is there already is fine. */
export async function makeEmpty(path: string, kind: 'file' | 'directory'): Promise<void> {
  if (kind === 'directory') await mkdir(path, { recursive: true });
  else await writeFile(path, '', { flag: 'a' });
}
