import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepStyles } from '../../../src/output/keep-styles.ts';

test.each([
  ['plain', 'plain'],
  ['\x1b[1;31mred\x1b[0m', '\x1b[1;31mred\x1b[0m\x1b[0m'],
  ['\x1b[38:2::1:2:3mx', '\x1b[38:2::1:2:3mx\x1b[0m'],
  ['a\x1b]52;c;aGk=\x07b', 'ab'],
  ['a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\', 'alink'],
  ['\x1b[2J\x1b[31mx\x1b[5n', '\x1b[31mx\x1b[0m'],
  ['\x1b\x1b[31m]0;title\x07', '\x1b[31m]0;title\x1b[0m'],
])('%j', (line, kept) => {
  expect(keepStyles(line)).toBe(kept);
});

test('whatever comes in, nothing but text and styles goes out', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('\x1b', '[31m', ']', '\x9b', '\x07', '\x1b[m', '\x1b[', 'm'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = keepStyles(pieces.join('')).replace(/\x1b\[[0-9;:]*m/g, '');
      expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }),
  );
});
