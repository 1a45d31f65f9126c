import { measureCells } from './cell-width.ts';

/** A text that is being written, and where the cursor stands in it (UTF-16 offset, never inside a character). */
export interface Editor {
  readonly text: string;
  readonly cursor: number;
}

export const EMPTY_EDITOR: Editor = { text: '', cursor: 0 };

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** An editor with its cursor behind the text. */
export function openEditor(text: string): Editor {
  return { text, cursor: text.length };
}

/** Puts text in at the cursor. */
export function insertText({ text, cursor }: Editor, added: string): Editor {
  return { text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length };
}

/** What a key does to the text, as shells have it; undefined when it is no key of an editor. */
export function editText(editor: Editor, key: string): Editor | undefined {
  const { text, cursor } = editor;
  switch (key) {
    case 'left':
    case 'ctrl+b':
      return { text, cursor: stepBack(text, cursor) };
    case 'right':
    case 'ctrl+f':
      return { text, cursor: stepForward(text, cursor) };
    case 'up':
      return { text, cursor: moveLine(text, cursor, -1) };
    case 'down':
      return { text, cursor: moveLine(text, cursor, 1) };
    case 'home':
    case 'ctrl+a':
      return { text, cursor: findLineStart(text, cursor) };
    case 'end':
    case 'ctrl+e':
      return { text, cursor: findLineEnd(text, cursor) };
    case 'alt+b':
    case 'ctrl+left':
      return { text, cursor: findWordStart(text, cursor) };
    case 'alt+f':
    case 'ctrl+right':
      return { text, cursor: findWordEnd(text, cursor) };
    case 'backspace':
    case 'ctrl+h':
      return cutText(editor, stepBack(text, cursor), cursor);
    case 'delete':
    case 'ctrl+d':
      return cutText(editor, cursor, stepForward(text, cursor));
    case 'ctrl+w':
    case 'alt+backspace':
      return cutText(editor, findWordStart(text, cursor), cursor);
    case 'ctrl+u':
      return cutText(editor, findLineStart(text, cursor), cursor);
    case 'ctrl+k':
      return cutText(editor, cursor, findLineEnd(text, cursor));
    default:
      return undefined;
  }
}

/** The lines of a text as a window of so many cells shows them, and where the cursor is in them. */
export interface EditorPicture {
  readonly lines: readonly string[];
  readonly row: number;
  /** Offset of the cursor in its line (UTF-16). */
  readonly column: number;
}

/** Breaks the text into lines of at most `width` cells and cuts out the `height` lines around the cursor. */
export function pictureEditor({ text, cursor }: Editor, width: number, height: number): EditorPicture {
  const lines: string[] = [];
  let [row, column] = [0, 0];
  let offset = 0;
  for (const line of text.split('\n')) {
    for (const part of wrapLine(line, Math.max(2, width))) {
      // The last part that begins at or before the cursor is the one it stands in.
      if (offset <= cursor) [row, column] = [lines.length, cursor - offset];
      lines.push(part);
      offset += part.length;
    }
    offset += 1;
  }
  const first = Math.max(0, Math.min(row - height + 1, lines.length - height));
  return { lines: lines.slice(first, first + height), row: row - first, column };
}

function wrapLine(line: string, width: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let cells = 0;
  for (const { segment } of segmenter.segment(line)) {
    const wide = segment === '\t' ? 1 : measureCells(segment);
    if (cells + wide > width) {
      parts.push(part);
      part = '';
      cells = 0;
    }
    part += segment;
    cells += wide;
  }
  return [...parts, part];
}

function cutText({ text }: Editor, from: number, to: number): Editor {
  return { text: text.slice(0, from) + text.slice(to), cursor: from };
}

function stepBack(text: string, cursor: number): number {
  if (cursor === 0) return 0;
  const start = findLineStart(text, cursor);
  if (start === cursor) return cursor - 1;
  const last = [...segmenter.segment(text.slice(start, cursor))].at(-1);
  return cursor - (last?.segment.length ?? 1);
}

function stepForward(text: string, cursor: number): number {
  const [next] = segmenter.segment(text.slice(cursor, cursor + 64));
  return cursor + (next?.segment.length ?? 0);
}

function findLineStart(text: string, cursor: number): number {
  return cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
}

function findLineEnd(text: string, cursor: number): number {
  const end = text.indexOf('\n', cursor);
  return end < 0 ? text.length : end;
}

/** One line up or down, at the same character; the first line up goes to its start, the last down to its end. */
function moveLine(text: string, cursor: number, by: -1 | 1): number {
  const start = findLineStart(text, cursor);
  const end = findLineEnd(text, cursor);
  if (by < 0 ? start === 0 : end === text.length) return by < 0 ? 0 : text.length;
  const to = by < 0 ? findLineStart(text, start - 1) : end + 1;
  const target = Math.min(to + (cursor - start), findLineEnd(text, to));
  // Not into the middle of a character.
  const starts = [...segmenter.segment(text.slice(to, target))].map(({ index }) => to + index);
  const last = starts.at(-1) ?? to;
  return stepForward(text, last) > target ? last : target;
}

function findWordStart(text: string, cursor: number): number {
  return /\S*\s*$/u.exec(text.slice(0, cursor))?.index ?? 0;
}

function findWordEnd(text: string, cursor: number): number {
  return cursor + (/^\s*\S*/u.exec(text.slice(cursor))?.[0].length ?? 0);
}
