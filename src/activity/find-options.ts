import type { AnswerSigns } from '../agents/types.ts';
import { matchFirst } from './patterns.ts';

/** An option where it stands. */
export interface FoundOption {
  /** Line from the top of the text, and column of its number, else of its label. */
  readonly line: number;
  readonly column: number;
  /** The screen's own number for it. */
  readonly number: number | undefined;
  /** Its marker says that it is the one that Enter takes. */
  readonly marked: boolean;
  readonly label: string;
}

export interface FoundOptions {
  /** `list`: one below the other; `row`: side by side; `line`: they are words to be typed, like `[y/N]`. */
  readonly shape: 'list' | 'row' | 'line';
  readonly options: readonly FoundOption[];
  /** Some of them are not on the screen. */
  readonly cut: boolean;
}

const BAR = /^( *)[│┃|](?= |$)/u;
const NUMBERED = /^(\s*)([❯›▸▶→➜>●◉*↑↓]?)(\s*)(\d{1,2})(?:[.)]\s+|\.(?=[\p{Lu}[]))(\S.*)$/u;
const MARKED = /^(\s*)([❯›▸▶→➜])(\s+)(\S.*)$/u;
const YES_NO = /[[(]\s*(y|yes)\s*[/|]\s*(n|no)\s*[\])]\s*[:?>]?\s*$/iu;
/** How many there are: `(1/21)`. */
const COUNT = /^\s*\(\d+\/\d+\)$/u;
/** How far apart two options may stand: descriptions, wrapped labels, a rule. */
const MAX_GAP = 7;
/** No pane is narrower: where all lines are shorter, the screen's width is not seen. */
const MIN_WIDTH = 30;

/** The options that end these lines of a screen: the lowest list there is, its bars and descriptions left out. */
export function findOptions(
  lines: readonly string[],
  signs: AnswerSigns | undefined,
): FoundOptions | undefined {
  const plain = lines.map((line) => line.replace(BAR, (bar) => ' '.repeat(bar.length)));
  return findRow(lines, signs) ?? findNumbered(plain) ?? findMarked(plain) ?? findYesNo(plain);
}

function findRow(lines: readonly string[], signs: AnswerSigns | undefined): FoundOptions | undefined {
  for (const pattern of signs?.rows ?? []) {
    const line = lines.findLastIndex((text) => matchFirst(pattern, text) !== undefined);
    const text = lines[line] ?? '';
    const labels = matchFirst(pattern, text)?.slice(1) ?? [];
    if (line < 0 || labels.length === 0) continue;
    let from = 0;
    const options = labels.map((label): FoundOption => {
      const column = text.indexOf(label, from);
      from = column + label.length;
      return { line, column, number: undefined, marked: false, label };
    });
    return { shape: 'row', options, cut: false };
  }
  return undefined;
}

interface Numbered extends FoundOption {
  readonly number: number;
  readonly scrolled: boolean;
}

/** From the lowest number upwards: each option above has the number before, in the same column. */
function findNumbered(lines: readonly string[]): FoundOptions | undefined {
  const found: Numbered[] = [];
  for (let line = lines.length - 1; line >= 0; line--) {
    const option = readNumbered(lines, line);
    const below = found[0];
    if (below === undefined) {
      if (option) found.unshift(option);
      continue;
    }
    if (below.number === 1) break;
    if (option && isNext(option, below)) found.unshift(option);
    else if (below.line - line > MAX_GAP) break;
  }
  const last = found.at(-1);
  if (last === undefined || (found.length === 1 && !last.marked)) return undefined;
  const cut = found[0]?.number !== 1 || found.some(({ scrolled }) => scrolled);
  return { shape: 'list', options: found, cut };
}

function isNext(above: Numbered, below: Numbered): boolean {
  if (above.number >= below.number) return false;
  // Of a long list only a part is shown, its last option below a rule of its own.
  const follows = above.number === below.number - 1 || above.scrolled;
  const aligned = above.column + `${above.number}`.length === below.column + `${below.number}`.length;
  return follows && (aligned || above.column === below.column);
}

function readNumbered(lines: readonly string[], line: number): Numbered | undefined {
  const [, indent = '', marker = '', gap = '', number = '', rest = ''] =
    NUMBERED.exec(lines[line] ?? '') ?? [];
  if (number === '') return undefined;
  const column = indent.length + marker.length + gap.length;
  return {
    line,
    column,
    number: Number(number),
    marked: marker !== '' && !/[↑↓*]/u.test(marker),
    scrolled: /[↑↓]/u.test(marker),
    label: joinLabel(lines, line, (lines[line] ?? '').length - rest.length),
  };
}

/** Siblings of the marked line: those that touch it and begin in its label's column. */
function findMarked(lines: readonly string[]): FoundOptions | undefined {
  const at = lines.findLastIndex((line) => MARKED.test(line));
  const [, indent = '', marker = '', gap = ''] = MARKED.exec(lines[at] ?? '') ?? [];
  if (marker === '') return undefined;
  const column = indent.length + marker.length + gap.length;
  const isPart = (line: string | undefined) =>
    line !== undefined && line.slice(0, column).trim() === '' && line !== '';
  let [first, last] = [at, at];
  while (isPart(lines[first - 1])) first--;
  while (isPart(lines[last + 1])) last++;
  const rows = lines.slice(first, last + 1).flatMap((text, index): readonly FoundOption[] => {
    const line = first + index;
    if (line !== at && (text.search(/\S/u) !== column || COUNT.test(text))) return [];
    return [{ line, column, number: undefined, marked: line === at, label: joinLabel(lines, line, column) }];
  });
  const labels = rows.filter(({ line }, index) => line === at || !isRest(lines, rows[index - 1]?.line, line));
  return labels.length < 2 ? undefined : { shape: 'list', options: labels, cut: false };
}

function findYesNo(lines: readonly string[]): FoundOptions | undefined {
  const line = lines.length - 1;
  const [, yes = '', no = ''] = YES_NO.exec(lines[line] ?? '') ?? [];
  if (yes === '') return undefined;
  const column = (lines[line] ?? '').length;
  const make = (label: string): FoundOption => ({ line, column, number: undefined, marked: false, label });
  return { shape: 'line', options: [make(yes.toLowerCase()), make(no.toLowerCase())], cut: false };
}

/** A label with the lines it was wrapped to. */
function joinLabel(lines: readonly string[], line: number, column: number): string {
  let label = (lines[line] ?? '').slice(column);
  for (let next = line + 1; next < lines.length && isRest(lines, next - 1, next); next++) {
    if ((lines[next] ?? '').search(/\S/u) < column) break;
    label += ` ${(lines[next] ?? '').trim()}`;
  }
  return label.replace(/\s+/gu, ' ').replace(/ ✔$/u, '').trim();
}

/** Whether a line goes on with the one before: its first word had no room there. */
function isRest(lines: readonly string[], before: number | undefined, line: number): boolean {
  if (before !== line - 1) return false;
  const [word = ''] = /\S+/u.exec(lines[line] ?? '') ?? [];
  if (word === '' || NUMBERED.test(lines[line] ?? '')) return false;
  const width = Math.max(MIN_WIDTH, ...lines.map((text) => text.length));
  return (lines[before] ?? '').length + 1 + word.length > width - 1;
}
