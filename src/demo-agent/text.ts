const ascii = /^[\x00-\x7f]*$/;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const invisible = /^[\p{M}\p{Cf}\p{Cc}]+$/u;

let segmenter: Intl.Segmenter | undefined;

/** What a reader sees as single characters: `e` with its accent, a whole emoji sequence. */
export function splitGraphemes(text: string): readonly string[] {
  if (ascii.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** Columns a text takes on a terminal. */
export function measureWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const grapheme of splitGraphemes(text)) width += measureGrapheme(grapheme);
  return width;
}

function measureGrapheme(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) ? 2 : 1;
}

/** Cuts a text to so many columns, with `…` where something was cut. */
export function clipText(text: string, width: number): string {
  if (measureWidth(text) <= width) return text;
  return width < 1 ? '' : `${takeColumns(text, width - 1)}…`;
}

/** Breaks text into lines of at most `width` columns, at blanks where it can. */
export function wrapText(text: string, width: number): readonly string[] {
  return text
    .replaceAll('\t', '    ')
    .split('\n')
    .flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(line: string, width: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  let used = 0;
  for (const part of line.match(/\s*[^\s]+|\s+$/gu) ?? ['']) {
    const size = measureWidth(part);
    if (used + size <= width) {
      row += part;
      used += size;
      continue;
    }
    if (used > 0) rows.push(row);
    let rest = used > 0 ? part.trimStart() : part;
    while (measureWidth(rest) > width) {
      const head = takeColumns(rest, width) || (splitGraphemes(rest)[0] ?? rest);
      rows.push(head);
      rest = rest.slice(head.length);
    }
    row = rest;
    used = measureWidth(rest);
  }
  return [...rows, row];
}

function takeColumns(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const grapheme of splitGraphemes(text)) {
    used += measureWidth(grapheme);
    if (used > width) break;
    taken += grapheme;
  }
  return taken;
}
