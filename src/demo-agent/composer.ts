import { measureWidth, splitGraphemes } from './text.ts';

/** One thing the cursor steps over: a character, or a big paste that stands there as its label. */
interface Cell {
  readonly text: string;
  readonly label?: string;
}

export interface Composer {
  readonly cells: readonly Cell[];
  readonly cursor: number;
  /** How many big pastes were labelled so far. */
  readonly pastes: number;
}

/** The composer as rows of text, with the cursor's place in them. */
export interface ComposerLayout {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

export const emptyComposer: Composer = { cells: [], cursor: 0, pastes: 0 };

const longPaste = { lines: 8, characters: 800 };

/** The prompt as it is submitted, big pastes whole. */
export function readComposer(composer: Composer): string {
  return composer.cells.map((cell) => cell.text).join('');
}

/** Puts typed text in at the cursor. */
export function insertText(composer: Composer, text: string): Composer {
  const { cells, cursor } = composer;
  const previous = cells[cursor - 1];
  const joined = previous !== undefined && previous.label === undefined && previous.text !== '\n';
  const start = joined ? cursor - 1 : cursor;
  const fresh = splitGraphemes((joined ? previous.text : '') + text).map((part): Cell => ({ text: part }));
  return {
    ...composer,
    cells: [...cells.slice(0, start), ...fresh, ...cells.slice(cursor)],
    cursor: start + fresh.length,
  };
}

/** Puts a paste in at the cursor, a big one as a label. */
export function insertPaste(composer: Composer, text: string): Composer {
  const newlines = text.split('\n').length - 1;
  if (newlines < longPaste.lines && text.length <= longPaste.characters) return insertText(composer, text);
  const number = composer.pastes + 1;
  const size = newlines > 0 ? `+${newlines} lines` : `${text.length} characters`;
  const cell: Cell = { text, label: `[Pasted text #${number} ${size}]` };
  const { cells, cursor } = composer;
  return {
    cells: [...cells.slice(0, cursor), cell, ...cells.slice(cursor)],
    cursor: cursor + 1,
    pastes: number,
  };
}

/** Removes the cells from `from` up to, not including, `to`. */
export function removeCells(composer: Composer, from: number, to: number): Composer {
  const start = Math.max(0, from);
  return {
    ...composer,
    cells: [...composer.cells.slice(0, start), ...composer.cells.slice(to)],
    cursor: start,
  };
}

/** Removes the word before the cursor. */
export function removeWord(composer: Composer): Composer {
  let start = composer.cursor;
  while (start > 0 && isBlank(composer.cells[start - 1])) start -= 1;
  while (start > 0 && !isBlank(composer.cells[start - 1])) start -= 1;
  return removeCells(composer, start, composer.cursor);
}

/** Moves the cursor to a cell, within bounds. */
export function moveCursor(composer: Composer, to: number): Composer {
  return { ...composer, cursor: Math.min(Math.max(0, to), composer.cells.length) };
}

/** Lays the composer out in rows of at most `width` columns; `skip` cells at the start are not shown. */
export function layoutComposer(composer: Composer, width: number, skip: number): ComposerLayout {
  const rows: string[] = [];
  let row = '';
  let column = 0;
  let cursor = { row: 0, column: 0 };
  const breakRow = (): void => {
    rows.push(row);
    row = '';
    column = 0;
  };
  composer.cells.slice(skip).forEach((cell, index) => {
    if (index + skip === composer.cursor) cursor = { row: rows.length, column };
    if (cell.text === '\n') {
      breakRow();
      return;
    }
    for (const part of showCell(cell)) {
      const size = measureWidth(part);
      if (column + size > width) breakRow();
      row += part;
      column += size;
    }
  });
  if (composer.cursor >= composer.cells.length) {
    if (column >= width) breakRow();
    cursor = { row: rows.length, column };
  }
  return { rows: [...rows, row], cursor };
}

function showCell(cell: Cell): readonly string[] {
  if (cell.label !== undefined) return splitGraphemes(cell.label);
  return [cell.text === '\t' ? '    ' : cell.text];
}

function isBlank(cell: Cell | undefined): boolean {
  return cell !== undefined && cell.label === undefined && /^\s$/u.test(cell.text);
}
