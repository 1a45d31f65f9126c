import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { findCommand, KEYS } from '../../../src/ui/keys.ts';
import { type Press, readKeys } from '../../../src/ui/read-keys.ts';

/** What is read of these bytes, in chunks as they are given. */
async function read(...chunks: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const seen: Press[] = [];
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => undefined });
  const stop = readKeys(stdin, (press) => seen.push(press));
  for (const chunk of chunks) {
    stdin.write(chunk);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await new Promise((resolve) => setTimeout(resolve, 80));
  stop();
  return seen.map((press) => {
    if (press.kind === 'char') return press.char;
    return press.kind === 'key' ? `<${press.name}>` : `[${press.text}]`;
  });
}

test.each([
  ['j', ['j']],
  ['jjk', ['j', 'j', 'k']],
  ['G ', ['G', ' ']],
  ['日👍', ['日', '👍']],
  ['\x1b[A\x1b[B', ['<up>', '<down>']],
  ['\x1b[5~\x1b[6~\x1b[H\x1b[F', ['<pageup>', '<pagedown>', '<home>', '<end>']],
  ['\r', ['<return>']],
  ['\n', ['<ctrl+j>']],
  ['\x1b\r', ['<alt+return>']],
  ['\x7f\x1b[3~', ['<backspace>', '<delete>']],
  ['j\x03', ['j', '<ctrl+c>']],
  ['\x1b', ['<escape>']],
  ['\x1bq', ['<alt+q>']],
  ['\t', ['<tab>']],
])('%j is %j', async (bytes, keys) => {
  expect(await read(bytes)).toEqual(keys);
});

test('a paste is one press, its line breaks and what looks like keys included', async () => {
  expect(await read('\x1b[200~one\rtwo\nqX\x03\tend\x1b[201~j')).toEqual(['[one\ntwo\nqX\tend]', 'j']);
});

test('a key or a character that comes in pieces is one', async () => {
  expect(await read('\x1b', '[A', Buffer.from('日').subarray(0, 1), Buffer.from('日').subarray(1))).toEqual([
    '<up>',
    '日',
  ]);
});

test('no key has two meanings, and one that is unknown has none', () => {
  const names = KEYS.flatMap((key) => key.names);
  expect(new Set(names).size).toBe(names.length);
  expect(findCommand('x')).toBeUndefined();
  expect(findCommand('ctrl+c')).toEqual({ kind: 'leave' });
});
