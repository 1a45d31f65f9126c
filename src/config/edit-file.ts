import { parseConfigText, splitComment, unquoteValue } from './parse-file.ts';

const MARK = '\ufeff';

/**
 * The text of a config file with `key` set: a scalar takes the place of its last line (others of it go, a comment behind it stays), a list's value
 * becomes a line behind its others. A key that is not there yet comes last. Every other line stays as it is.
 */
export function setAssignment(text: string, key: string, value: string, kind: 'replace' | 'append'): string {
  const { mark, lines, own, comment } = splitFile(text, key);
  const last = own.at(-1);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const line = `${key}=${value}`;
  // An odd quote in one of them would make them one value.
  const kept = splitComment(`${value}${comment}`).value === value ? comment : '';
  const close = (old: string) => (old.endsWith('\n') ? old : `${old}${end}`);
  if (last === undefined) {
    return [mark, ...lines.map((old) => close(old)), `${line}${end}`].join('');
  }
  const next = (old: string) =>
    kind === 'append' ? `${close(old)}${line}${end}` : `${line}${kept}${/\r?\n$/.exec(old)?.[0] ?? ''}`;
  const dropped = kind === 'replace' ? own.slice(0, -1) : [];
  return mark + lines.map((old, at) => (at === last ? next(old) : dropped.includes(at) ? '' : old)).join('');
}

/** The text of a config file without the lines of `key`, and how many those were. */
export function removeAssignments(
  text: string,
  key: string,
): { readonly text: string; readonly removed: number } {
  const { mark, lines, own } = splitFile(text, key);
  return { text: mark + lines.filter((_, at) => !own.includes(at)).join(''), removed: own.length };
}

/**
 * A scalar as it must stand in a file to be read back the same; undefined when no way of quoting does that (both kinds
 * of quotes around it, a line break).
 */
export function quoteScalar(value: string): string | undefined {
  const ways = [value, `"${value}"`, `'${value}'`];
  return ways.find((way) => isOneLine(way) && unquoteValue(splitComment(way.trim()).value) === value);
}

/** Whether a text can stand on one line of a config file. */
export function isOneLine(text: string): boolean {
  return !/[\r\n\0\u2028\u2029]/.test(text);
}

interface SplitFile {
  /** The byte order mark, where there is one. */
  readonly mark: string;
  /** With their ends. */
  readonly lines: readonly string[];
  /** Indexes of the lines that assign the key. */
  readonly own: readonly number[];
  /** Behind the last of these. */
  readonly comment: string;
}

function splitFile(text: string, key: string): SplitFile {
  const mark = text.startsWith(MARK) ? MARK : '';
  const lines = text.slice(mark.length).match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const found = parseConfigText(text).assignments.filter((assignment) => assignment.key === key);
  return { mark, lines, own: found.map(({ line }) => line - 1), comment: found.at(-1)?.comment ?? '' };
}
