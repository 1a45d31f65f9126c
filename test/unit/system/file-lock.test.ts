import { mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withFileLock } from '../../../src/system/file-lock.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adr-lock-'));
});

afterEach(() => rm(directory, { recursive: true }));

test('one at a time, and nothing stays', async () => {
  const lock = join(directory, 'a.lock');
  const counter = join(directory, 'counter');
  await writeFile(counter, '0');
  const count = () =>
    withFileLock(lock, async () => {
      const read = Number(await readFile(counter, 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, 2));
      await writeFile(counter, String(read + 1));
    });
  await Promise.all(Array.from({ length: 12 }, count));
  expect(await readFile(counter, 'utf8')).toBe('12');
  expect(await readdir(directory)).toEqual(['counter']);
});

test('a failure of the work is passed on, the lock is given back', async () => {
  const lock = join(directory, 'a.lock');
  await expect(withFileLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await readdir(directory)).toEqual([]);
});

test.each([
  ['of a dead holder', (path: string) => symlink('2147483646 1 x', path)],
  ['that names nobody', (path: string) => writeFile(path, '')],
])('a lock %s is taken over', async (_, leave) => {
  const lock = join(directory, 'a.lock');
  await leave(lock);
  const holder = await withFileLock(lock, () => readlink(lock));
  expect(holder).toMatch(new RegExp(`^${process.pid} `));
  expect(await readdir(directory)).toEqual([]);
});

test('of a living one is waited for no longer than told', async () => {
  const lock = join(directory, 'a.lock');
  await withFileLock(lock, async () => {
    await expect(withFileLock(lock, () => Promise.resolve(), 10)).rejects.toMatchObject({
      code: 'LOCKED',
      message: `"${lock}" is held by process ${process.pid}`,
    });
  });
});
