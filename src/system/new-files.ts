import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes files into a folder, parents made as needed, scripts (`.sh`) executable. Nothing is ever overwritten: false
 * when one of them stood there, and then the later ones are not written.
 */
export async function writeNewFiles(
  folder: string,
  files: readonly { readonly name: string; readonly content: string }[],
): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  for (const { name, content } of files) {
    try {
      await writeFile(join(folder, name), content, {
        flag: 'wx',
        mode: name.endsWith('.sh') ? 0o755 : 0o644,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }
  return true;
}
