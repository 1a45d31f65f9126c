import { cleanScreenLine } from '../output/clean-line.ts';
import { cutToCells, measureCells } from './cell-width.ts';

const STYLE = /(\x1b\[[\d;:]*m)/;

/**
 * One line of a pane with its colours, safe to draw: of escape sequences only colours and weights stay, cut to so many
 * cells, and nothing runs over its end.
 */
export function cutStyled(line: string, width: number): string {
  let out = '';
  let left = width;
  let styled = false;
  for (const part of line.split(STYLE)) {
    if (STYLE.test(part)) {
      out += part;
      styled = true;
      continue;
    }
    const text = cleanScreenLine(part);
    const cut = cutToCells(text, left, '');
    out += cut;
    left -= measureCells(cut);
    if (cut !== text) break;
  }
  return styled ? `${out}\x1b[0m` : out;
}

/** The line without its colours. */
export function stripStyles(line: string): string {
  return cleanScreenLine(
    line
      .split(STYLE)
      .filter((part) => !STYLE.test(part))
      .join(''),
  );
}
