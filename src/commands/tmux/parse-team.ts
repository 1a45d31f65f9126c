import { parse, TomlError } from 'smol-toml';
import { AdrError } from '../../errors.ts';
import { LAYOUTS } from '../../session/layout.ts';
import type { SpecField } from '../../session/spec-fields.ts';
import { suggestName } from '../../suggest.ts';
import { OPTION_KEYS, type OptionKey, SESSION_SETTINGS } from './agent-options.ts';
import { findTomlLine } from './find-toml-line.ts';

/** What a team file says; paths in it are as written. */
export interface Team {
  readonly name?: string | undefined;
  readonly workspace?: string | undefined;
  readonly layout?: string | undefined;
  /** What holds for every agent, in the words of an agent spec. */
  readonly shared: readonly SpecField[];
  readonly agents: readonly TeamAgent[];
}

export interface TeamAgent {
  readonly type: string;
  readonly name?: string | undefined;
  readonly fields: readonly SpecField[];
}

const SESSION_KEYS = ['name', 'workspace', 'layout', 'agents'];
const AGENT_KEYS = ['type', 'name'];

/** A place in the file: keys, and numbers for the tables of an array. */
type Path = readonly (string | number)[];

interface Source {
  readonly text: string;
  readonly file: string;
}

/**
 * Reads a team file (TOML): `name`, `workspace`, `layout`, options that hold for all, and one `[[agents]]` table an
 * agent with `type`, `name` and options of its own. Throws CONFIG_INVALID with file, line and what could stand there.
 */
export function parseTeam(text: string, file: string): Team {
  const source = { text, file };
  const table = parseToml(source);
  const { agents = [], ...rest } = table;
  const shared = readFields(source, rest, [], SESSION_KEYS);
  if (!Array.isArray(agents) || agents.length === 0 || !agents.every(isTable)) {
    throw refuse(
      source,
      ['agents'],
      'there must be one [[agents]] table or more',
      'write [[agents]], then type = "pi"',
    );
  }
  return {
    name: readString(source, rest, ['name']),
    workspace: readString(source, rest, ['workspace']),
    layout: readChoice(source, rest, ['layout'], LAYOUTS),
    shared,
    agents: agents.map((agent, index) => readAgent(source, agent, index)),
  };
}

function readAgent(source: Source, agent: Record<string, unknown>, index: number): TeamAgent {
  const path = ['agents', index];
  const type = readString(source, agent, [...path, 'type']);
  if (type === undefined)
    throw refuse(source, path, 'an agent has no type', 'add type = "pi"; see adr agents');
  return {
    type,
    name: readString(source, agent, [...path, 'name']),
    fields: readFields(source, agent, path, AGENT_KEYS),
  };
}

function parseToml(source: Source): Record<string, unknown> {
  try {
    return parse(source.text) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const what = error.message.split('\n', 1)[0]?.replace('Invalid TOML document: ', '') ?? '';
    throw new AdrError('CONFIG_INVALID', `${source.file}:${error.line}: no valid TOML: ${what}`, {
      hint: `look at column ${error.column} of that line`,
      cause: error,
    });
  }
}

/** Everything that is an option of an agent; what is not, and is not among `others`, is refused. */
function readFields(
  source: Source,
  table: Record<string, unknown>,
  path: Path,
  others: readonly string[],
): readonly SpecField[] {
  return Object.entries(table)
    .filter(([key]) => !others.includes(key))
    .flatMap(([key, value]) => readField(source, key, value, [...path, key], others));
}

function readField(
  source: Source,
  key: string,
  value: unknown,
  path: Path,
  others: readonly string[],
): readonly SpecField[] {
  if (key === 'args') return readStrings(source, value, path).map((arg) => ({ key: 'arg', value: arg }));
  if (key === 'prompt-file') return [{ key: 'prompt', value: `@${readText(source, value, path)}` }];
  if (key === 'env' && isTable(value)) return readEnv(source, value, path);
  const known = findOption(key);
  if (!known) throw refuseKey(source, key, path, others);
  if (known.bare) return readSwitch(source, known, key, value, path);
  const setting = SESSION_SETTINGS.find(({ flag, name }) => flag === known.key || name === known.key);
  if (setting?.kind === 'list') {
    const items = Array.isArray(value) ? readStrings(source, value, path) : [readText(source, value, path)];
    return items.map((item) => ({ key: known.key, value: item }));
  }
  const text = readText(source, value, path);
  if (known.choices && !known.choices.includes(text)) throw refuseChoice(source, path, text, known.choices);
  // In an agent spec a text that begins with @ names a file.
  return [{ key: known.key, value: key === 'prompt' && text.startsWith('@') ? `@${text}` : text }];
}

/** `no-reports` of the command line is `reports = false` here; both are understood. */
function findOption(key: string): OptionKey | undefined {
  return OPTION_KEYS.find((known) => known.key === key || (known.bare && known.key === `no-${key}`));
}

function readSwitch(
  source: Source,
  known: OptionKey,
  key: string,
  value: unknown,
  path: Path,
): readonly SpecField[] {
  if (typeof value !== 'boolean')
    throw refuse(source, path, `"${key}" must be true or false`, `write ${key} = true`);
  const on = known.key === key ? value : !value;
  if (on) return [{ key: known.key, value: undefined }];
  if (known.off !== undefined) return [{ key: known.off, value: undefined }];
  return known.key.startsWith('no-') ? [{ key: known.key.slice('no-'.length), value: '1' }] : [];
}

/** `env = { A = "1" }` and `[env]` say the same as `env = ["A=1"]`. */
function readEnv(source: Source, table: Record<string, unknown>, path: Path): readonly SpecField[] {
  return Object.entries(table).map(([name, value]) => ({
    key: 'env',
    value: `${name}=${readText(source, value, [...path, name])}`,
  }));
}

function readString(source: Source, table: Record<string, unknown>, path: Path): string | undefined {
  const key = String(path.at(-1));
  return table[key] === undefined ? undefined : readText(source, table[key], path);
}

function readChoice(
  source: Source,
  table: Record<string, unknown>,
  path: Path,
  choices: readonly string[],
): string | undefined {
  const text = readString(source, table, path);
  if (text === undefined || choices.includes(text)) return text;
  throw refuseChoice(source, path, text, choices);
}

function readText(source: Source, value: unknown, path: Path): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw refuse(source, path, `"${path.at(-1)}" must be a text`, `write ${path.at(-1)} = "..."`);
}

function readStrings(source: Source, value: unknown, path: Path): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[];
  throw refuse(
    source,
    path,
    `"${path.at(-1)}" must be a list of texts`,
    `write ${path.at(-1)} = ["...", "..."]`,
  );
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function refuseKey(source: Source, key: string, path: Path, others: readonly string[]): AdrError {
  const known = [...others, ...OPTION_KEYS.map((option) => option.key), 'args', 'prompt-file'];
  const near = suggestName(key, known);
  const hint = near ? `did you mean "${near}"?` : `known: ${known.join(', ')}`;
  return refuse(source, path, `unknown key "${key}"`, hint);
}

function refuseChoice(source: Source, path: Path, text: string, choices: readonly string[]): AdrError {
  const near = suggestName(text, choices);
  const hint = `${near ? `did you mean "${near}"? ` : ''}valid: ${choices.join(', ')}`;
  return refuse(source, path, `"${text}" is no ${path.at(-1)}`, hint);
}

function refuse({ text, file }: Source, path: Path, problem: string, hint: string): AdrError {
  const line = findTomlLine(text, path);
  return new AdrError('CONFIG_INVALID', `${file}${line === undefined ? '' : `:${line}`}: ${problem}`, {
    hint,
  });
}
