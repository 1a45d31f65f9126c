const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const PLAIN = /^[\x20-\x7e]*$/;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}{2})/u;
const EAST_ASIAN_WIDE =
  /^[\u1100-\u115f\u231a\u231b\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
const NOTHING = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]+$/u;

/** How many cells of a terminal a text takes, as Ink counts them. */
export function measureCells(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of segmenter.segment(text)) cells += measureGrapheme(segment);
  return cells;
}

/** The text, or its start and `end` where it would take more than `cells`. A wide character is never cut in two. */
export function cutToCells(text: string, cells: number, end: '…' | '' = '…'): string {
  if (cells <= 0) return '';
  if (text.length * 2 <= cells || measureCells(text) <= cells) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += measureGrapheme(segment);
    if (used > cells - end.length) break;
    cut += segment;
  }
  return cut + end;
}

/** The end of a text behind a mark, where all of it would take more than `cells`; empty where there is room for no end. */
export function cutStart(text: string, cells: number): string {
  const length = measureCells(text);
  if (length <= cells) return text;
  if (cells < 2) return '';
  const graphemes = [...segmenter.segment(text)].map(({ segment }) => segment);
  let left = length;
  while (left > cells - 1) left -= measureGrapheme(graphemes.shift() ?? '');
  return `…${graphemes.join('')}`;
}

/** The text cut or filled with blanks to exactly so many cells. */
export function fitToCells(text: string, cells: number): string {
  const cut = cutToCells(text, cells);
  return cut + ' '.repeat(Math.max(0, cells - measureCells(cut)));
}

function measureGrapheme(grapheme: string): number {
  if (NOTHING.test(grapheme)) return 0;
  return EMOJI.test(grapheme) || EAST_ASIAN_WIDE.test(grapheme) ? 2 : 1;
}
