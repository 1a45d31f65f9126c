import { AdrError } from '../errors.ts';
import type { Origin } from './values.ts';

/** A variable for the agent; without a value it is taken from the user's environment. */
export interface EnvEntry {
  readonly name: string;
  readonly value: string | undefined;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `KEY=VALUE` (the value may be empty and hold anything) or `KEY`. Throws USAGE. */
export function parseEnvEntry(text: string, origin: Origin): EnvEntry {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? undefined : text.slice(equals + 1);
  checkName(name, origin.where);
  if (value?.includes('\0')) throw rejectEntry(origin.where, `the value of "${name}" holds a NUL character`);
  return { name, value };
}

/**
 * The dotenv grammar: comments, blank lines, `export`, single and double quotes, ` # comment` after a bare value,
 * CRLF. Throws USAGE with the line.
 */
export function parseEnvFile(text: string, path: string): readonly EnvEntry[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const trimmed = line.trim().replace(/^export\s+/, '');
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const where = `${path}:${index + 1}`;
    const equals = trimmed.indexOf('=');
    if (equals < 0) throw rejectEntry(where, 'Expected KEY=VALUE');
    const name = trimmed.slice(0, equals).trim();
    checkName(name, where);
    return [{ name, value: readValue(trimmed.slice(equals + 1).trim()) }];
  });
}

function readValue(text: string): string {
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (double) return (double[1] as string).replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c);
  const single = /^'([^']*)'/.exec(text);
  if (single) return single[1] as string;
  return text.replace(/(^|\s+)#.*$/, '');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function checkName(name: string, where: string): void {
  if (name === '') throw rejectEntry(where, 'Environment variable name cannot be empty');
  if (!NAME.test(name)) {
    throw rejectEntry(
      where,
      `Invalid environment variable name '${name}'. Must start with a letter or underscore, contain only alphanumeric characters and underscores.`,
    );
  }
  if (name.startsWith('AGENT_') || name === 'ADR_REPORTS' || name === 'ADR_RUN_ID') {
    throw rejectEntry(where, `"${name}" is set by adr itself`);
  }
}

function rejectEntry(where: string, message: string): AdrError {
  return new AdrError('USAGE', `${where}: ${message}`, { hint: 'write it like NAME=value' });
}
