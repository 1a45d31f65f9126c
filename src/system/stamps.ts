import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What changes when one of these files of a folder is written, made or removed; undefined: none of them is there.
 * Costs one `stat` a file.
 */
export async function readStamps(folder: string, names: readonly string[]): Promise<string | undefined> {
  const stamps = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found && `${found.ino} ${found.size} ${found.mtimeMs}`;
    }),
  );
  return stamps.every((stamp) => stamp === undefined) ? undefined : stamps.join('|');
}
