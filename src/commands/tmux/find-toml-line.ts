/**
 * The line (from 1) where a place of a TOML document that parses is written: a key, or the header of a table. The
 * parser tells lines of syntax errors only. Undefined where it is written in a way this does not follow (dotted or
 * quoted keys).
 */
export function findTomlLine(text: string, path: readonly (string | number)[]): number | undefined {
  const wanted = path.join('.');
  const counts = new Map<string, number>();
  let table = '';
  let best: number | undefined;
  let inside: string | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (inside !== undefined) {
      if (line.includes(inside)) inside = undefined;
      continue;
    }
    const header = /^\s*(\[\[?)\s*([\w.-]+)\s*\]\]?/.exec(line);
    if (header) {
      const [, brackets, name = ''] = header;
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      table = brackets === '[[' ? `${name}.${count}` : name;
      if (table === wanted || name === wanted) best ??= index + 1;
      continue;
    }
    const [, key = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key !== '' && (table === '' ? key : `${table}.${key}`) === wanted) return index + 1;
    inside = /^("""|''')(?!.*\1)/.exec(value)?.[1];
  }
  return best;
}
