import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanPrompt, closeMenu, isSamePrompt, protectPrompt } from '../../../src/prompt/clean-prompt.ts';

describe('cleanPrompt', () => {
  test.each([
    ['a\r\nb\rc', 'a\nb\nc'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['x\x1b[201~y', 'xy'],
    ['a\x00\x07b', 'ab'],
    ['  indented\n\n\tkept', '  indented\n\n\tkept'],
    ['end  \n\n', 'end'],
    ['- bullet', '- bullet'],
    ['é 日本語 👩‍👩‍👧 עברית', 'é 日本語 👩‍👩‍👧 עברית'],
  ])('%j becomes %j', (text, cleaned) => {
    expect(cleanPrompt(text)).toBe(cleaned);
  });

  test.each(['', '  ', '\n\n', '\x1b[31m', '\x00'])('%j is no prompt', (text) => {
    expect(() => cleanPrompt(text)).toThrow('the prompt is empty');
  });

  test('nothing that comes out can end a bracketed paste or ring a bell', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let cleaned = 'x';
        try {
          cleaned = cleanPrompt(text);
        } catch {
          return;
        }
        expect(cleaned).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
      }),
    );
  });
});

test.each([
  ['a\tb', 'a    b', true],
  ['cafe\u0301', 'caf\u00e9', true],
  ['x', 'x \n', true],
  ['x', ' x', false],
  ['a b', 'a  b', false],
])('isSamePrompt(%j, %j) is %s', (sent, reported, same) => {
  expect(isSamePrompt(sent, reported)).toBe(same);
});

test('a protected prompt is still the same prompt', () => {
  for (const type of [{}, { literalPrefix: '\u200b' }]) {
    for (const text of ['/help', '!ls', '@file x', '#note']) {
      expect(protectPrompt(text, type)).not.toBe(text);
      expect(isSamePrompt(protectPrompt(text, type), text)).toBe(true);
    }
    expect(protectPrompt('plain /x', type)).toBe('plain /x');
  }
});

describe('closeMenu', () => {
  test.each([
    'look at @src/a.ts',
    '@fi',
    'use $skill',
    'note #1',
    'see docs/x',
    'two\n@lines',
    '/review @a',
    '!ls @a',
  ])('%j gets a blank, which the comparison does not see', (text) => {
    expect(closeMenu(text)).toBe(`${text} `);
    expect(isSamePrompt(text, closeMenu(text))).toBe(true);
  });

  test.each(['/help', '!ls', 'plain', '@file at the start', 'a;', 'costs $5 now'])(
    '%j stays as it is',
    (text) => {
      expect(closeMenu(text)).toBe(text);
    },
  );
});
