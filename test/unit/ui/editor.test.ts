import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureCells } from '../../../src/ui/cell-width.ts';
import { type Editor, editText, insertText, openEditor, pictureEditor } from '../../../src/ui/editor.ts';

/** The text with `|` at the cursor. */
const show = ({ text, cursor }: Editor): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;
const read = (shown: string): Editor => ({ text: shown.replace('|', ''), cursor: shown.indexOf('|') });

test.each([
  ['ab|', 'left', 'a|b'],
  ['👨‍👩‍👧|', 'left', '|👨‍👩‍👧'],
  ['|👨‍👩‍👧x', 'right', '👨‍👩‍👧|x'],
  ['e\u0301|', 'backspace', '|'],
  ['a\n|b', 'backspace', 'a|b'],
  ['a\n|b', 'left', 'a|\nb'],
  ['|', 'backspace', '|'],
  ['|日本', 'delete', '|本'],
  ['one two|', 'ctrl+w', 'one |'],
  ['one two |', 'ctrl+w', 'one |'],
  ['a\nbc|d', 'ctrl+u', 'a\n|d'],
  ['ab|cd\ne', 'ctrl+k', 'ab|\ne'],
  ['a\nb|c', 'home', 'a\n|bc'],
  ['a|b\nc', 'end', 'ab|\nc'],
  ['abc\nde|', 'up', 'ab|c\nde'],
  ['ab|c\nd', 'down', 'abc\nd|'],
  ['日本\nab|', 'up', '日本|\nab'],
  ['👨‍👩‍👧\nab|', 'up', '|👨‍👩‍👧\nab'],
  ['a|b', 'up', '|ab'],
  ['a|b', 'down', 'ab|'],
  ['one two|', 'alt+b', 'one |two'],
  ['|one two', 'alt+f', 'one| two'],
])('%j %s is %j', (before, key, after) => {
  expect(show(editText(read(before), key) as Editor)).toBe(after);
});

test('keys that are none of an editor change nothing', () => {
  expect(editText(openEditor('a'), 'f5')).toBeUndefined();
});

describe('the picture', () => {
  test('breaks long lines and shows the part with the cursor', () => {
    expect(pictureEditor(read('abcdef|gh\nij'), 4, 9)).toEqual({
      lines: ['abcd', 'efgh', 'ij'],
      row: 1,
      column: 2,
    });
    expect(pictureEditor(read('1\n2\n3\n4|'), 4, 2)).toEqual({ lines: ['3', '4'], row: 1, column: 1 });
    expect(pictureEditor(read('|1\n2\n3'), 4, 2)).toEqual({ lines: ['1', '2'], row: 0, column: 0 });
  });

  test('no line is wider than the window, none is lost, and the cursor is in it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '日', '👍', 'e\u0301', ' ', '\n') });
    fc.assert(
      fc.property(
        text,
        fc.nat(),
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 9 }),
        (value, at, width, height) => {
          const editor = insertText(openEditor(value.slice(0, 0)), value);
          const moved = Array.from({ length: at % 9 }).reduce<Editor>(
            (e) => editText(e, 'left') ?? e,
            editor,
          );
          const { lines, row, column } = pictureEditor(moved, width, height);
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines) expect(measureCells(line)).toBeLessThanOrEqual(width);
          expect(lines[row]?.length).toBeGreaterThanOrEqual(column);
          expect(pictureEditor(moved, width, 999).lines.join('')).toBe(value.replaceAll('\n', ''));
        },
      ),
    );
  });

  test('typing and erasing gives what was there', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: fc.constantFrom('x', 'y') }),
        (text, added) => {
          let editor = insertText(openEditor(text), added);
          for (const _ of added) editor = editText(editor, 'backspace') ?? editor;
          expect(editor).toEqual(openEditor(text));
        },
      ),
    );
  });
});
