import type { Origin } from './values.ts';
import { rejectValue } from './values.ts';

/** One `KEY=VALUE` line. */
export interface Assignment {
  readonly key: string;
  readonly value: string;
  /** What stands behind the value, with the blanks before it: ` # why`. */
  readonly comment: string;
  readonly line: number;
}

export interface ParsedFile {
  readonly assignments: readonly Assignment[];
  /** Lines that are neither an assignment, a comment nor blank. */
  readonly bad: readonly number[];
}

/**
 * Reads `KEY=VALUE` lines: comments (`#` at the start or behind a blank, outside quotes), blank lines, blanks around
 * key and value, CRLF. Later lines of a key stand beside earlier ones.
 */
export function parseConfigText(text: string): ParsedFile {
  const assignments: Assignment[] = [];
  const bad: number[] = [];
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    if (!match) bad.push(index + 1);
    else assignments.push({ key: match[1] as string, ...splitComment(match[2] as string), line: index + 1 });
  }
  return { assignments, bad };
}

/** Takes the comment off a value; a quote that is never closed is a character like any other. */
export function splitComment(text: string): { readonly value: string; readonly comment: string } {
  const at = findComment(text, true) ?? findComment(text, false);
  const value = text.slice(0, at).trimEnd();
  return { value, comment: at === undefined || at === text.length ? '' : text.slice(value.length) };
}

/** Where the comment begins, or the end of the text; undefined: a quote is open there. */
function findComment(text: string, quoting: boolean): number | undefined {
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (quote !== '') {
      if (c === '\\' && quote === '"') at += 1;
      else if (c === quote) quote = '';
    } else if (quoting && (c === '"' || c === "'")) quote = c;
    else if (c === '#' && (at === 0 || /\s/.test(text[at - 1] as string))) return at;
  }
  return quote === '' ? text.length : undefined;
}

/** Takes one pair of quotes off a value that is quoted as a whole. */
export function unquoteValue(value: string): string {
  const match = /^"([^"]*)"$|^'([^']*)'$/.exec(value);
  return match ? (match[1] ?? match[2] ?? '') : value;
}

/** Splits a list value at blanks; quotes and backslashes keep blanks. Throws CONFIG_INVALID: an open quote. */
export function splitList(text: string, origin: Origin): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (c === '\\' && quote !== "'" && at + 1 < text.length) {
      at += 1;
      word = (word ?? '') + text[at];
    } else if (quote !== '') {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (quote !== '') throw rejectValue(origin, `a quote is not closed in ${JSON.stringify(text)}`);
  return word === undefined ? words : [...words, word];
}
