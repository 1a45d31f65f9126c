/** A cell of a styled screen, as far as it matters here. */
interface Cell {
  readonly char: string;
  readonly dim: boolean;
  readonly reverse: boolean;
}

interface Style {
  readonly dim: boolean;
  readonly reverse: boolean;
}

const PLAIN: Style = { dim: false, reverse: false };
const TOKEN =
  /\u001b\[(?<sgr>[\d;:]*)m|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u000e\u000f]|(?<char>.)/gsu;

/**
 * A styled screen (`capture-pane -e`) as plain text with blanks where it is dim: a placeholder, a suggestion. A
 * suggestion's first character may be the cursor (reverse) and not dim: it goes with the rest.
 */
export function hideDim(styled: string): string {
  return styled
    .split('\n')
    .reduce<{ readonly lines: string[]; readonly style: Style }>(
      ({ lines, style }, line) => {
        const read = readCells(line, style);
        return { lines: [...lines, blankDim(read.cells)], style: read.style };
      },
      { lines: [], style: PLAIN },
    )
    .lines.join('\n');
}

function readCells(line: string, before: Style): { readonly cells: readonly Cell[]; readonly style: Style } {
  const cells: Cell[] = [];
  let style = before;
  for (const { groups } of line.matchAll(TOKEN)) {
    if (groups?.sgr !== undefined) style = applySgr(style, groups.sgr);
    else if (groups?.char !== undefined) cells.push({ char: groups.char, ...style });
  }
  return { cells, style };
}

function applySgr(style: Style, parameters: string): Style {
  const codes = parameters.split(';');
  let { dim, reverse } = style;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? '';
    if (code === '' || code === '0') [dim, reverse] = [false, false];
    else if (code === '2') dim = true;
    else if (code === '22') dim = false;
    else if (code === '7') reverse = true;
    else if (code === '27') reverse = false;
    else if (code === '38' || code === '48' || code === '58') index += codes[index + 1] === '2' ? 4 : 2;
  }
  return { dim, reverse };
}

function blankDim(cells: readonly Cell[]): string {
  return cells
    .map(({ char, dim, reverse }, index) => {
      const cursor = reverse && !cells[index - 1]?.reverse && cells[index + 1]?.dim === true;
      return dim || cursor ? ' ' : char;
    })
    .join('');
}
