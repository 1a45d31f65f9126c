import { expect, test } from 'vitest';
import { carryStyles } from '../../../src/output/carry-styles.ts';

test.each<[readonly string[], readonly string[]]>([
  [
    ['\x1b[2m────', 'hint', '\x1b[0mplain', 'plain'],
    ['\x1b[2m────', '\x1b[2mhint', '\x1b[2m\x1b[0mplain', 'plain'],
  ],
  [
    ['\x1b[1m\x1b[31ma', '\x1b[32mb', 'c\x1b[0m', '', 'd'],
    ['\x1b[1m\x1b[31ma', '\x1b[1m\x1b[31m\x1b[32mb', '\x1b[1m\x1b[32mc\x1b[0m', '', 'd'],
  ],
  [
    ['\x1b[38;5;12ma\x1b[39m', 'b', '\x1b[1;31mc', 'd\x1b[0;7me', 'f'],
    [
      '\x1b[38;5;12ma\x1b[39m',
      '\x1b[39mb',
      '\x1b[39m\x1b[1;31mc',
      '\x1b[39m\x1b[1;31md\x1b[0;7me',
      '\x1b[0;7mf',
    ],
  ],
])('%j', (lines, own) => expect(carryStyles(lines)).toEqual(own));

test('many colours one after the other do not pile up', () => {
  const rainbow = Array.from({ length: 200 }, (_, index) => `\x1b[38;5;${index}mx`).join('');
  expect(carryStyles([rainbow, 'y'])[1]).toBe('\x1b[38;5;199my');
});
