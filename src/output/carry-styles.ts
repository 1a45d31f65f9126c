const STYLES = /\x1b\[([\d;:]*)m/g;

/** What the numbers of a `CSI ... m` set or end. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:1|2|22)$/, 'weight'],
  [/^(?:3|23)$/, 'italic'],
  [/^(?:4|21|24)$/, 'underline'],
  [/^(?:7|27)$/, 'inverse'],
  [/^(?:3\d|9\d)$/, 'color'],
  [/^(?:4\d|10\d)$/, 'background'],
];

/**
 * Lines of `tmux capture-pane -e`, each with its own styles: tmux says only what changes, also from one line to the
 * next (3.3a), and a line that is shown alone would lose what began above it.
 */
export function carryStyles(lines: readonly string[]): readonly string[] {
  let open: ReadonlyMap<string, string> = new Map();
  return lines.map((line) => {
    const carried = [...open.values()].join('');
    for (const [sequence, codes = ''] of line.matchAll(STYLES)) open = applySequence(open, sequence, codes);
    return line === '' ? line : carried + line;
  });
}

function applySequence(
  open: ReadonlyMap<string, string>,
  sequence: string,
  codes: string,
): ReadonlyMap<string, string> {
  const words = codes.split(/[;:]/);
  const first = words[0] ?? '';
  // One colour in several numbers, or one number: tmux writes most of them so.
  const kind = KINDS.find(([pattern]) => pattern.test(first))?.[1] ?? first;
  const single = words.length === 1 || first === '38' || first === '48' || first === '58';
  if (/^0?$/.test(first)) return new Map(words.length === 1 ? [] : [['start', sequence]]);
  if (single) {
    // Bold and dim may stand together.
    const key = first === '1' || first === '2' ? `weight ${first}` : kind;
    const rest = [...open].filter(([name]) => name !== key && !(first === '22' && name.startsWith('weight')));
    return new Map([...rest, [key, sequence]]);
  }
  return new Map([...[...open].filter(([name]) => name !== codes), [codes, sequence]]);
}
