import { type Cell, type CellStyle, parseLine } from './parse-ansi.ts';

/** Cells in SVG units: 14 px letters of a monospaced font are 0.6 em wide nearly everywhere. */
const WIDTH = 8.4;
const HEIGHT = 18;
const BASELINE = 13.5;
const MARGIN = 14;
const FONT = 'ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace';
const FOREGROUND = '#e6edf3';
const BACKGROUND = '#0d1117';

export interface Picture {
  /** What `tmux capture-pane -e -p` printed. */
  readonly screen: string;
  readonly columns: number;
  readonly rows: number;
  /** For those who do not see it. */
  readonly title: string;
}

/**
 * A terminal's screen as an SVG: text stays text, every run stands at its own cell and is as wide as its cells whatever
 * the font, frames and blocks are drawn so that they meet.
 */
export function renderSvg({ screen, columns, rows, title }: Picture): string {
  const width = round(columns * WIDTH + 2 * MARGIN);
  const height = rows * HEIGHT + 2 * MARGIN;
  let style: CellStyle = {};
  const lines = screen
    .split('\n')
    .slice(0, rows)
    .map((line, row) => {
      const { cells, end } = parseLine(line, style);
      style = end;
      return renderLine(cells, MARGIN + row * HEIGHT);
    })
    .filter((line) => line !== '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FONT}" font-size="14" fill="${FOREGROUND}" role="img" xml:space="preserve">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    ...lines,
    '</svg>\n',
  ].join('\n');
}

function renderLine(cells: readonly Cell[], top: number): string {
  const backgrounds = groupRuns(cells.filter((cell) => findColors(cell.style).background !== undefined)).map(
    (run) => renderRect(run, top),
  );
  const drawn = cells.filter(({ text }) => text.trim() !== '');
  const shapes = groupRuns(drawn.filter(({ text }) => isDrawn(text))).map((run) => renderShapes(run, top));
  const texts = groupRuns(drawn.filter(({ text }) => !isDrawn(text))).map((run) => renderRun(run));
  const text = texts.length === 0 ? '' : `<text y="${round(top + BASELINE)}">${texts.join('')}</text>`;
  return [...backgrounds, ...shapes, text].join('');
}

/** Neighbours of one look; a wide character stands alone, a single blank between two words does not part them. */
function groupRuns(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const runs: Cell[][] = [];
  for (const cell of cells) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const gap = last ? cell.column - last.column - last.width : 0;
    const same = last && describeLook(last.style) === describeLook(cell.style);
    const together = same && (gap === 0 || (gap === 1 && !isDrawn(cell.text) && !isDrawn(last.text)));
    if (!run || !last || !together || cell.width > 1 || last.width > 1) runs.push([cell]);
    else {
      if (gap === 1) run.push({ ...cell, text: ' ', column: cell.column - 1 });
      run.push(cell);
    }
  }
  return runs;
}

function renderRun(run: readonly Cell[]): string {
  const { style } = run[0] as Cell;
  const { color } = findColors(style);
  const cells = run.reduce((sum, { width }) => sum + width, 0);
  const attributes = [
    `x="${findX(run)}"`,
    // Fonts whose letters are wider or narrower than ours are drawn into the same cells.
    `textLength="${round(cells * WIDTH)}" lengthAdjust="spacingAndGlyphs"`,
    ...(color === FOREGROUND ? [] : [`fill="${color}"`]),
    ...(style.bold ? ['font-weight="bold"'] : []),
    ...(style.italic ? ['font-style="italic"'] : []),
    ...(style.underline ? ['text-decoration="underline"'] : []),
  ];
  return `<tspan ${attributes.join(' ')}>${escapeText(run.map(({ text }) => text).join(''))}</tspan>`;
}

function renderRect(run: readonly Cell[], top: number): string {
  const cells = run.reduce((sum, { width }) => sum + width, 0);
  const { background } = findColors((run[0] as Cell).style);
  return `<rect x="${findX(run)}" y="${top}" width="${round(cells * WIDTH)}" height="${HEIGHT}" fill="${background}"/>`;
}

/** Which sides a line of a frame goes to: up, right, down, left. */
const FRAMES: Readonly<Record<string, string>> = {
  ...{ '─': 'rl', '│': 'ud', '┌': 'rd', '┐': 'ld', '└': 'ur', '┘': 'ul' },
  ...{ '├': 'urd', '┤': 'uld', '┬': 'rld', '┴': 'url', '┼': 'urld' },
  ...{ '╭': 'rd', '╮': 'ld', '╰': 'ur', '╯': 'ul', '━': 'rl', '┃': 'ud' },
};
/** Which quarters a block fills: upper left, upper right, lower left, lower right. */
const BLOCKS: Readonly<Record<string, string>> = {
  ...{ '█': '1234', '▀': '12', '▄': '34', '▌': '13', '▐': '24' },
  ...{ '▟': '234', '▙': '134', '▜': '124', '▛': '123', '▘': '1', '▝': '2', '▖': '3', '▗': '4' },
};

function isDrawn(text: string): boolean {
  return text in FRAMES || text in BLOCKS;
}

function renderShapes(run: readonly Cell[], top: number): string {
  const { color } = findColors((run[0] as Cell).style);
  const lines: string[] = [];
  const blocks: string[] = [];
  for (const [index, cell] of run.entries()) {
    const x = MARGIN + cell.column * WIDTH;
    const sides = FRAMES[cell.text];
    // A rule is one stroke, however long.
    const before = run[index - 1]?.text;
    if (sides === 'rl' && before !== undefined && FRAMES[before] === 'rl') {
      lines.push(`h${WIDTH}`);
      continue;
    }
    if (sides !== undefined) lines.push(drawFrame(sides, x, top));
    for (const quarter of BLOCKS[cell.text] ?? '') blocks.push(drawQuarter(Number(quarter), x, top));
  }
  return [
    ...(lines.length > 0 ? [`<path d="${joinSteps(lines)}" stroke="${color}" fill="none"/>`] : []),
    ...(blocks.length > 0 ? [`<path d="${blocks.join('')}" fill="${color}"/>`] : []),
  ].join('');
}

function drawFrame(sides: string, x: number, y: number): string {
  const [middleX, middleY] = [round(x + WIDTH / 2), y + HEIGHT / 2];
  if (sides === 'rl') return `M${round(x)} ${middleY}h${WIDTH}`;
  const ends: Readonly<Record<string, string>> = {
    u: `V${y}`,
    r: `H${round(x + WIDTH)}`,
    d: `V${y + HEIGHT}`,
    l: `H${round(x)}`,
  };
  return [...sides].map((side) => `M${middleX} ${middleY}${ends[side]}`).join('');
}

function drawQuarter(quarter: number, x: number, y: number): string {
  const left = round(x + (quarter % 2 === 0 ? WIDTH / 2 : 0));
  const top = y + (quarter > 2 ? HEIGHT / 2 : 0);
  return `M${left} ${top}h${WIDTH / 2}v${HEIGHT / 2}h-${WIDTH / 2}z`;
}

/** Steps to the right one after the other become one. */
function joinSteps(steps: readonly string[]): string {
  return steps
    .join('')
    .replace(
      new RegExp(`(?:h${WIDTH})+`, 'g'),
      (all) => `h${round((all.length / `h${WIDTH}`.length) * WIDTH)}`,
    );
}

interface Colors {
  readonly color: string;
  readonly background: string | undefined;
}

function findColors({ color = FOREGROUND, background, inverse, dim }: CellStyle): Colors {
  const behind = background ?? BACKGROUND;
  if (inverse) return { color: behind, background: dim ? blend(color, behind) : color };
  return { color: dim ? blend(color, behind) : color, background };
}

/** A dim colour: half way to what is behind it, a little nearer to itself. */
function blend(color: string, behind: string): string {
  const part = (text: string, at: number): number => Number.parseInt(text.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) => Math.round(part(color, at) * 0.6 + part(behind, at) * 0.4));
  return `#${parts.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function describeLook(style: CellStyle): string {
  const { color, background } = findColors(style);
  return [color, background, style.bold, style.italic, style.underline].join();
}

function findX(run: readonly Cell[]): number {
  return round(MARGIN + (run[0]?.column ?? 0) * WIDTH);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
