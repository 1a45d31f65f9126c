import { measureCells } from '../src/ui/cell-width.ts';

/** How a cell looks; colours as `#rrggbb`, undefined: the terminal's own. */
export interface CellStyle {
  readonly color?: string | undefined;
  readonly background?: string | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

/** One character (with what combines with it), where it stands and how many cells it takes. */
export interface Cell {
  readonly text: string;
  readonly column: number;
  readonly width: number;
  readonly style: CellStyle;
}

const BASIC = [
  ...['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4'],
  ...['#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#f0f6fc'],
];
const LEVELS = [0, 95, 135, 175, 215, 255];

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Reads one line of `tmux capture-pane -e`; a style goes on from line to line, as tmux means it. */
export function parseLine(
  line: string,
  start: CellStyle,
): { readonly cells: Cell[]; readonly end: CellStyle } {
  const cells: Cell[] = [];
  let style = start;
  let column = 0;
  for (const part of line.split(/(\x1b\[[\d;:]*m)/)) {
    const codes = /^\x1b\[([\d;:]*)m$/.exec(part)?.[1];
    if (codes !== undefined) {
      style = applyCodes(style, codes);
      continue;
    }
    // Shift-out draws lines in the terminal's own set: capture-pane prints the characters themselves.
    for (const { segment } of segmenter.segment(part.replace(/[\x0e\x0f]/g, ''))) {
      const width = measureCells(segment);
      if (width === 0) continue;
      cells.push({ text: segment, column, width, style });
      column += width;
    }
  }
  return { cells, end: style };
}

/** What the numbers of one `CSI ... m` make of a style. */
export function applyCodes(style: CellStyle, codes: string): CellStyle {
  const numbers = (codes === '' ? '0' : codes).split(/[;:]/).map(Number);
  let now = style;
  for (let index = 0; index < numbers.length; index++) {
    const code = numbers[index] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = readColor(numbers.slice(index + 1));
      now = { ...now, [code === 38 ? 'color' : 'background']: color };
      index += used;
    } else now = applyCode(now, code);
  }
  return now;
}

function applyCode(style: CellStyle, code: number): CellStyle {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 7) return { ...style, inverse: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 27) return { ...style, inverse: false };
  if (code === 39) return { ...style, color: undefined };
  if (code === 49) return { ...style, background: undefined };
  if (code >= 30 && code <= 37) return { ...style, color: BASIC[code - 30] };
  if (code >= 40 && code <= 47) return { ...style, background: BASIC[code - 40] };
  if (code >= 90 && code <= 97) return { ...style, color: BASIC[code - 82] };
  if (code >= 100 && code <= 107) return { ...style, background: BASIC[code - 92] };
  return style;
}

/** The colour behind 38 or 48, and how many numbers say it. */
function readColor(numbers: readonly number[]): readonly [string | undefined, number] {
  const [kind, first = 0, second = 0, third = 0] = numbers;
  if (kind === 2) return [toHex([first, second, third]), 4];
  if (kind !== 5) return [undefined, 0];
  if (first < 16) return [BASIC[first], 2];
  if (first >= 232) return [toHex([0, 0, 0].map(() => 8 + (first - 232) * 10)), 2];
  const cube = first - 16;
  return [toHex([cube / 36, (cube / 6) % 6, cube % 6].map((level) => LEVELS[Math.floor(level)] ?? 0)), 2];
}

function toHex(parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
