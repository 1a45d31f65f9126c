import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSlice } from './files.ts';

const MAX_DEPTH = 8;
const MAX_NAMES = 100_000;
const CHUNK_BYTES = 8 * 1024 * 1024;

/** The paths of all files below a directory, relative to it; links are not followed. None when it is missing. */
export async function listTreeNames(root: string): Promise<readonly string[]> {
  const names: string[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (names.length >= MAX_NAMES) return;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) names.push(path);
      else if (entry.isDirectory() && depth < MAX_DEPTH) await visit(path, depth + 1);
    }
  };
  await visit('', 0);
  return names;
}

/** Whether a file's bytes hold a text, whatever its size; false when it cannot be read. */
export async function holdsText(path: string, text: string): Promise<boolean> {
  const overlap = Buffer.byteLength(text) - 1;
  for (let offset = 0; ; offset += CHUNK_BYTES) {
    const chunk = await readSlice(path, offset, CHUNK_BYTES + overlap);
    if (!chunk || chunk.length === 0) return false;
    if (chunk.includes(text)) return true;
  }
}
