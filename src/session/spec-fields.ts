import { AdrError } from '../errors.ts';

/** One part of an agent spec: `key=value`, or a word alone. */
export interface SpecField {
  readonly key: string;
  /** Undefined: no `=` was written. */
  readonly value: string | undefined;
}

/**
 * Takes a list like `pi:main,model=opus,env="A=1,2",read-only` apart at its commas. A value (or the whole field) may
 * stand in single or double quotes; a backslash takes the next character as it is, outside single quotes. Throws USAGE
 * for a quote that is not closed or stands in the middle, and for an empty field.
 */
export function splitFields(spec: string): readonly SpecField[] {
  const fields: SpecField[] = [];
  let at = 0;
  for (;;) {
    const first = readText(spec, at, ',=');
    at = first.end;
    if (spec[at] === '=' && !first.quoted) {
      const value = readText(spec, at + 1, ',');
      fields.push({ key: first.text, value: value.text });
      at = value.end;
    } else fields.push({ key: first.text, value: undefined });
    if (fields.at(-1)?.key === '') {
      throw new AdrError('USAGE', `"${spec}" holds an empty option`, {
        hint: 'write TYPE:NAME,key=value,key=value; a value with commas in quotes: key="a,b"',
      });
    }
    if (at >= spec.length) return fields;
    at += 1;
  }
}

/** Writes what `splitFields` reads: a head and its options. */
export function formatSpec(head: string, fields: readonly SpecField[]): string {
  const written = fields.map(({ key, value }) =>
    value === undefined ? key : `${key}="${value.replace(/["\\]/g, '\\$&')}"`,
  );
  return [head, ...written].join(',');
}

function readText(
  spec: string,
  start: number,
  ends: string,
): { readonly text: string; readonly end: number; readonly quoted: boolean } {
  const quote = spec[start];
  if (quote === '"' || quote === "'") return readQuoted(spec, start, quote, ends);
  let text = '';
  let at = start;
  while (at < spec.length && !ends.includes(spec[at] as string)) {
    if (spec[at] === '\\' && at + 1 < spec.length) at += 1;
    text += spec[at];
    at += 1;
  }
  return { text, end: at, quoted: false };
}

function readQuoted(
  spec: string,
  start: number,
  quote: string,
  ends: string,
): { readonly text: string; readonly end: number; readonly quoted: boolean } {
  let text = '';
  let at = start + 1;
  while (at < spec.length && spec[at] !== quote) {
    if (spec[at] === '\\' && quote === '"' && at + 1 < spec.length) at += 1;
    text += spec[at];
    at += 1;
  }
  const next = spec[at + 1];
  if (at >= spec.length || (next !== undefined && !`,${ends}`.includes(next))) {
    const problem = at >= spec.length ? 'is not closed' : 'is closed before the end of the value';
    throw new AdrError('USAGE', `a quote in "${spec}" ${problem}`, {
      hint: `put the whole value in quotes, and the shell's own around all of it: 'pi:main,prompt="a, b"'`,
    });
  }
  return { text, end: at + 1, quoted: true };
}
