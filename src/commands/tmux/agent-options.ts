import { resolve } from 'node:path';
import type { FlagValues } from '../../config/read-settings.ts';
import { SETTINGS, type Setting, type SettingName } from '../../config/schema.ts';
import { AdrError } from '../../errors.ts';
import type { SpecField } from '../../session/spec-fields.ts';
import { suggestName } from '../../suggest.ts';
import { readTextIfExists } from '../../system/files.ts';

/** What can be said of an agent beside its type and name, for all of a session or for one. */
export interface AgentOptions {
  readonly workspace?: string | undefined;
  readonly options: FlagValues;
  readonly readOnly: boolean;
  readonly configFile?: string | undefined;
  /** Handed to the agent's own program. */
  readonly args: readonly string[];
  /** What it is to begin with. */
  readonly prompt?: string | undefined;
  /** A tree and a branch of its own. */
  readonly worktree?: boolean | undefined;
}

/** One key of an agent spec, for completions and messages. */
export interface OptionKey {
  readonly key: string;
  readonly describe: string;
  readonly choices?: readonly string[];
  /** No value: it is switched on (`read-only`) or off (`no-reports`). */
  readonly bare?: boolean;
  /** The key that switches it off for one agent where it is on for all. */
  readonly off?: string;
}

/** The settings of `adr run` that make sense for an agent of a session. */
export const SESSION_SETTINGS = (SETTINGS as readonly Setting[]).filter(
  ({ name, session, headless }) => name !== 'agent' && !session && !headless,
);

/** Every key that may stand behind `--agent TYPE:NAME,`. */
export const OPTION_KEYS: readonly OptionKey[] = [
  { key: 'workspace', describe: 'Directory it works in' },
  { key: 'prompt', describe: 'What it is to begin with; @FILE reads a file' },
  { key: 'arg', describe: 'Handed to its own program; may be repeated' },
  { key: 'read-only', describe: 'The container can write only its workspace, HOME and /tmp', bare: true },
  { key: 'worktree', describe: 'A tree and a branch of its own', bare: true, off: 'no-worktree' },
  { key: 'config-file', describe: 'claude: this file in place of ~/.claude.json' },
  ...SESSION_SETTINGS.map(
    ({ flag, describe, choices, kind }): OptionKey => ({
      key: kind === 'switch' ? `no-${flag}` : flag,
      describe,
      ...(choices ? { choices } : {}),
      ...(kind === 'switch' ? { bare: true } : {}),
    }),
  ),
];

/**
 * Reads what stood behind an agent's name (`model=opus,no-reports,env=A=1`) on top of what holds for the whole session:
 * a value of its own wins, lists are joined. Paths are taken from `cwd`. Throws USAGE.
 */
export async function readAgentOptions(
  name: string,
  fields: readonly SpecField[],
  shared: AgentOptions,
  cwd: string,
): Promise<AgentOptions> {
  let read = shared;
  const own: Partial<Record<SettingName, readonly string[]>> = {};
  const seen = new Set<string>();
  for (const { key, value } of fields) {
    const setting = SESSION_SETTINGS.find(
      ({ flag, name: long, kind }) =>
        key === flag || key === long || (kind === 'switch' && key === `no-${flag}`),
    );
    const repeats = setting?.kind === 'list' || key === 'arg';
    const id = setting?.name ?? key;
    if (seen.has(id) && !repeats) throw refuseField(name, key, 'is given more than once', 'keep one of them');
    seen.add(id);
    if (setting) own[setting.name] = [...(own[setting.name] ?? []), readSetting(name, setting, key, value)];
    else read = await readOwn(name, key, value, read, cwd);
  }
  return { ...read, options: mergeOptions(shared.options, own) };
}

function readSetting(name: string, setting: Setting, key: string, value: string | undefined): string {
  if (setting.kind !== 'switch') return needValue(name, key, value);
  if (!key.startsWith('no-') || key === setting.flag) return value ?? '1';
  if (value === undefined) return '0';
  throw refuseField(name, key, 'takes no value', `write ${key} alone, or ${setting.flag}=${value}`);
}

async function readOwn(
  name: string,
  key: string,
  value: string | undefined,
  read: AgentOptions,
  cwd: string,
): Promise<AgentOptions> {
  switch (key) {
    case 'workspace':
      return { ...read, workspace: resolve(cwd, needValue(name, key, value)) };
    case 'prompt':
      return { ...read, prompt: await readPromptValue(needValue(name, key, value), cwd) };
    case 'arg':
      return { ...read, args: [...read.args, needValue(name, key, value)] };
    case 'config-file':
      return { ...read, configFile: resolve(cwd, needValue(name, key, value)) };
    case 'worktree':
    case 'no-worktree':
      if (value === undefined) return { ...read, worktree: key === 'worktree' };
      throw refuseField(name, key, 'takes no value', `write ${key} alone, or leave it out`);
    case 'read-only':
      if (value === undefined) return { ...read, readOnly: true };
      throw refuseField(name, key, 'takes no value', 'write read-only alone, or leave it out');
    default: {
      const near = suggestName(
        key,
        OPTION_KEYS.map((known) => known.key),
      );
      const hint = near
        ? `did you mean "${near}"?`
        : `known: ${OPTION_KEYS.map((known) => known.key).join(', ')}`;
      throw refuseField(name, key, 'is no option of an agent', hint);
    }
  }
}

/** `@FILE` is the file's text, `@@` an at sign, anything else itself. Throws USAGE. */
async function readPromptValue(value: string, cwd: string): Promise<string> {
  if (!value.startsWith('@')) return value;
  if (value.startsWith('@@')) return value.slice(1);
  const path = resolve(cwd, value.slice(1));
  const text = await readTextIfExists(path).catch((cause: unknown) => {
    throw new AdrError('USAGE', `cannot read "${path}"`, { hint: 'check prompt=@FILE', cause });
  });
  if (text === undefined) {
    throw new AdrError('USAGE', `no file "${path}"`, {
      hint: 'check prompt=@FILE; for a text that begins with @: @@',
    });
  }
  return text;
}

function needValue(name: string, key: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw refuseField(name, key, 'needs a value', `write ${key}=VALUE`);
}

function refuseField(name: string, key: string, problem: string, hint: string): AdrError {
  return new AdrError('USAGE', `agent "${name}": "${key}" ${problem}`, { hint });
}

/** Values of `own` win over `shared`, lists are joined. */
export function mergeOptions(shared: FlagValues, own: FlagValues): FlagValues {
  const merged: Partial<Record<SettingName, readonly string[]>> = { ...shared };
  for (const { name, kind } of SESSION_SETTINGS) {
    const values = own[name];
    if (values) merged[name] = kind === 'list' ? [...(shared[name] ?? []), ...values] : values;
  }
  return merged;
}
