import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeArgument, formatChain, quoteWord } from '../../../src/tmux/quote.ts';

describe('quoteWord', () => {
  test.each([
    ['plain', 'plain'],
    ['', "''"],
    ['%12', '%12'],
    ["it's", `'it'\\''s'`],
    ['$HOME #{pid}', "'$HOME #{pid}'"],
    ['~', "'~'"],
    [';', "';'"],
    ['a;', "'a;'"],
    ['日本 語', "'日本 語'"],
  ])('%j becomes %j', (word, quoted) => {
    expect(quoteWord(word)).toBe(quoted);
  });

  test('refuses a line break', () => {
    expect(() => quoteWord('a\n#b')).toThrow(TypeError);
  });

  test('a quoted word never ends early: taking the quotes off as a shell does gives the word back', () => {
    const unquote = (text: string): string =>
      text.replace(
        /'([^']*)'|\\(.)/g,
        (_, inner: string | undefined, escaped: string | undefined) => inner ?? escaped ?? '',
      );
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !/[\n\r\0]/.test(text)),
        (word) => {
          expect(unquote(quoteWord(word))).toBe(word);
        },
      ),
    );
  });
});

test('a chain is one line', () => {
  expect(formatChain([['a', 'b c'], ['d;']])).toBe("a 'b c' ; 'd;'");
});

test.each([
  ['trail;', 'trail\\;'],
  [';', '\\;'],
  ['a;b', 'a;b'],
])('escapeArgument(%j)', (argument, escaped) => {
  expect(escapeArgument(argument)).toBe(escaped);
});
