import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendHistory, findHistoryFile, MAX_HISTORY_BYTES } from '../../../src/activity/history.ts';
import { HistoryReader, listHistories, pruneHistories } from '../../../src/activity/read-history.ts';
import { appendPrivateLine } from '../../../src/system/append-line.ts';
import { makeScratch } from '../../support/program.ts';

let scratch: ReturnType<typeof makeScratch>;
let env: { readonly XDG_STATE_HOME: string };
const owner = { name: 'one', id: 'abc123' };

beforeEach(() => {
  scratch = makeScratch('history');
  env = { XDG_STATE_HOME: scratch.path };
  mkdirSync(join(scratch.path, 'adr'));
});

afterEach(() => scratch.remove());

const say = (text: string, at = 1) =>
  appendHistory(env, owner, at, {
    ...{ kind: 'prompt', agent: 'main', type: 'pi', run: 'r1', outcome: 'submitted', proof: 'agent' },
    text,
  });

const texts = async (reader: HistoryReader): Promise<readonly string[]> =>
  (await reader.readNew()).map((entry) => ('text' in entry ? (entry.text ?? '') : entry.kind));

test('what is appended is read, once, private to its owner', async () => {
  const path = findHistoryFile(env, owner);
  const reader = new HistoryReader(path);
  expect(await texts(reader)).toEqual([]);
  await say('one\ntwo');
  await say('three');
  expect(await texts(reader)).toEqual(['one\ntwo', 'three']);
  expect(await texts(reader)).toEqual([]);
  await say('four');
  expect(await texts(reader)).toEqual(['four']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
});

test('a long prompt is cut, its size told', async () => {
  await say('é'.repeat(100_000));
  const [entry] = await new HistoryReader(findHistoryFile(env, owner)).readNew();
  expect(entry).toMatchObject({ bytes: 200_000, text: 'é'.repeat(32 * 1024) });
});

test('many at once: every line whole; what is no entry is passed over, half a line waited for', async () => {
  await Promise.all(Array.from({ length: 200 }, (_, index) => say(`${index} ${'x'.repeat(3000)}`)));
  const path = findHistoryFile(env, owner);
  const reader = new HistoryReader(path);
  const all = await texts(reader);
  expect(new Set(all.map((text) => text.split(' ')[0])).size).toBe(200);
  writeFileSync(path, 'null\n[]\n{"v":2}\n\u0000\ufffd\n{"v":1,"at":5,"kind":"session","to":"st', {
    flag: 'a',
  });
  expect(await texts(reader)).toEqual([]);
  writeFileSync(path, 'opped"}\n', { flag: 'a' });
  expect(await texts(reader)).toEqual(['session']);
});

test('a full file gives way to a new one, and a reader misses nothing', async () => {
  const path = findHistoryFile(env, owner);
  const reader = new HistoryReader(path);
  await say('first');
  expect(await texts(reader)).toEqual(['first']);
  await say('last of the old');
  writeFileSync(path, `${' '.repeat(MAX_HISTORY_BYTES)}\n`, { flag: 'a' });
  await Promise.all(['new 1', 'new 2', 'new 3'].map((text) => say(text)));
  const seen = await texts(reader);
  expect(seen[0]).toBe('last of the old');
  expect([...seen].sort()).toEqual(['last of the old', 'new 1', 'new 2', 'new 3']);
  const names = readdirSync(join(path, '..')).sort();
  expect(names).toEqual(['one.abc123.ndjson', 'one.abc123.ndjson.1']);
  expect(await texts(new HistoryReader(path))).toHaveLength(5);
});

test('a link in its place is not followed', async () => {
  const target = join(scratch.path, 'precious');
  writeFileSync(target, 'keep');
  const path = findHistoryFile(env, owner);
  mkdirSync(join(path, '..'));
  symlinkSync(target, path);
  await expect(say('x')).rejects.toThrow('ELOOP');
  expect(readFileSync(target, 'utf8')).toBe('keep');
});

test('histories of sessions that ended are bounded, those of running ones stay', async () => {
  const directory = join(findHistoryFile(env, owner), '..');
  for (let index = 0; index < 60; index++) {
    const path = join(directory, `s${index}.${index.toString(16).padStart(4, '0')}.ndjson`);
    await appendPrivateLine(path, '{}', 1000);
    utimesSync(path, index, index);
  }
  writeFileSync(join(directory, 'notes.txt'), '');
  expect((await listHistories(env))[0]).toMatchObject({ session: 's59', id: '003b' });
  await pruneHistories(env, new Set(['0000', '0001']));
  const left = await listHistories(env);
  expect(left).toHaveLength(52);
  expect(left.map(({ session }) => session)).toEqual(expect.arrayContaining(['s0', 's1', 's10', 's59']));
  expect(readdirSync(directory)).toContain('notes.txt');
});
