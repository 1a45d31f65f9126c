import type { Key } from 'ink';
import { expect, test } from 'vitest';
import { findAction, KEYS, nameKeys } from '../../../src/ui/keys.ts';

const press = (input: string, key: Partial<Key> = {}) => nameKeys(input, key as Key);

test.each([
  ['j', {}, ['j']],
  ['', { upArrow: true }, ['up']],
  ['', { escape: true, meta: true }, ['escape']],
  ['c', { ctrl: true }, ['ctrl+c']],
  ['jjk', {}, ['j', 'j', 'k']],
  ['j\x03', {}, ['j', 'ctrl+c']],
  ['q', { meta: true }, ['escape', 'q']],
] as const)('%j %j', (input, key, names) => {
  expect(press(input, key)).toEqual(names);
});

test('no key has two meanings, and one that is unknown has none', () => {
  const names = KEYS.flatMap((key) => key.names);
  expect(new Set(names).size).toBe(names.length);
  expect(findAction('x')).toBeUndefined();
  expect(findAction('ctrl+c')).toEqual({ kind: 'leave' });
});
