import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tryWriting } from '../../../src/system/directories.ts';

test('a directory is tried by writing to it, and nothing stays', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'adr-directory-'));
  try {
    expect(await tryWriting(directory)).toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
    expect(await tryWriting(join(directory, 'none'))).toBe('ENOENT');
    expect(await tryWriting('/dev/null')).toBe('ENOTDIR');
  } finally {
    await rm(directory, { recursive: true });
  }
});
