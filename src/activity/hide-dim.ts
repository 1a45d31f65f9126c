/** A cell of a styled screen, as far as it matters here. */
export interface Cell extends Style {
  readonly char: string;
}

interface Style {
  readonly dim: boolean;
  readonly reverse: boolean;
  /** The colour it stands on, as the codes that set it; empty for the terminal's own. */
  readonly ground: string;
}

const PLAIN: Style = { dim: false, reverse: false, ground: '' };
const TOKEN =
  /\u001b\[(?<sgr>[\d;:]*)m|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u000e\u000f]|(?<char>.)/gsu;

/**
 * A styled screen (`capture-pane -e`) as plain text with blanks where it is dim: a placeholder, a suggestion. A
 * suggestion's first character may be the cursor (reverse) and not dim: it goes with the rest.
 */
export function hideDim(styled: string): string {
  return readCells(styled).map(blankDim).join('\n');
}

/** The cells of a styled screen, line by line. */
export function readCells(styled: string): readonly (readonly Cell[])[] {
  let style = PLAIN;
  return styled.split('\n').map((line) => {
    const read = readLine(line, style);
    style = read.style;
    return read.cells;
  });
}

function readLine(line: string, before: Style): { readonly cells: readonly Cell[]; readonly style: Style } {
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
  let { dim, reverse, ground } = style;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? '';
    if (code === '' || code === '0') [dim, reverse, ground] = [false, false, ''];
    else if (code === '2') dim = true;
    else if (code === '22') dim = false;
    else if (code === '7') reverse = true;
    else if (code === '27') reverse = false;
    else if (code === '49') ground = '';
    else if (/^(?:4|10)[0-7]$/.test(code)) ground = code;
    else if (code === '38' || code === '48' || code === '58') {
      const end = index + (codes[index + 1] === '2' ? 4 : 2);
      if (code === '48') ground = codes.slice(index, end + 1).join(';');
      index = end;
    }
  }
  return { dim, reverse, ground };
}

function blankDim(cells: readonly Cell[]): string {
  return cells
    .map(({ char, dim, reverse }, index) => {
      const cursor = reverse && !cells[index - 1]?.reverse && cells[index + 1]?.dim === true;
      return dim || cursor ? ' ' : char;
    })
    .join('');
}
