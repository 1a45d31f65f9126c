import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureCells } from '../../../src/ui/cell-width.ts';
import { cutStyled, stripStyles } from '../../../src/ui/style-line.ts';

test.each([
  ['\x1b[31mred\x1b[39m plain', 20, '\x1b[31mred\x1b[39m plain\x1b[0m'],
  ['\x1b[31mred\x1b[39m plain', 5, '\x1b[31mred\x1b[39m p\x1b[0m'],
  ['\x1b[38;2;1;2;3m日本\x1b[0m', 3, '\x1b[38;2;1;2;3m日\x1b[0m'],
  ['a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\b', 20, 'alinkb'],
  ['a\x1b[2Jb\x1b[5;5Hc\x08', 20, 'abc'],
  ['plain', 9, 'plain'],
])('%j at %d is %j', (line, width, styled) => {
  expect(cutStyled(line, width)).toBe(styled);
});

test('whatever a pane holds, only styles and printable text come out, and never too much of it', () => {
  const unit = fc.constantFrom(
    'a',
    '日',
    '\x1b',
    '[',
    '3',
    '1',
    'm',
    ';',
    'J',
    '\x07',
    '\x9b',
    ']',
    '\x1b[1m',
    ' ',
  );
  fc.assert(
    fc.property(fc.string({ unit }), fc.integer({ min: 0, max: 20 }), (line, width) => {
      const plain = cutStyled(line, width).replaceAll(/\x1b\[[\d;:]*m/g, '');
      expect(plain).not.toMatch(/\p{Control}/u);
      expect(measureCells(plain)).toBeLessThanOrEqual(width);
      expect(stripStyles(line)).not.toMatch(/\p{Control}/u);
    }),
  );
});
