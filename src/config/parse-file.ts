import type { Origin } from './values.ts';
import { rejectValue } from './values.ts';

/** One `KEY=VALUE` line. */
export interface Assignment {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface ParsedFile {
  readonly assignments: readonly Assignment[];
  /** Lines that are neither an assignment, a comment nor blank. */
  readonly bad: readonly number[];
}

/**
 * Reads `KEY=VALUE` lines: `#` comments, blank lines, blanks around key and value, CRLF; one pair of quotes around
 * the whole value is taken off. Later lines of a key stand beside earlier ones.
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
    else assignments.push({ key: match[1] as string, value: match[2] as string, line: index + 1 });
  }
  return { assignments, bad };
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
