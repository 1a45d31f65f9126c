import { clipText, measureWidth } from './text.ts';

export type Style = 'plain' | 'bold' | 'dim' | 'accent' | 'good' | 'warn' | 'bad' | 'shell';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];

const codes: Readonly<Record<Style, string>> = {
  plain: '',
  bold: '1',
  dim: '2',
  accent: '36',
  good: '32',
  warn: '33',
  bad: '31',
  shell: '35',
};

/** A piece of a line. */
export function span(text: string, style: Style = 'plain'): Span {
  return { text, style };
}

/** A line without its colours. */
export function plainLine(line: Line): string {
  return line.map((part) => part.text).join('');
}

/** A line with ANSI colours. */
export function paintLine(line: Line): string {
  return line
    .map(({ text, style }) => (codes[style] === '' ? text : `\x1b[${codes[style]}m${text}\x1b[0m`))
    .join('');
}

/** Cuts a line to so many columns. */
export function clipLine(line: Line, width: number): Line {
  const clipped: Span[] = [];
  let left = width;
  for (const part of line) {
    const text = clipText(part.text, left);
    clipped.push({ ...part, text });
    left -= measureWidth(text);
    if (text !== part.text) break;
  }
  return clipped;
}
