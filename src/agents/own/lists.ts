import type { ConfigSource } from '../types.ts';
import {
  enterField,
  type Place,
  readCount,
  readFields,
  readItems,
  readSwitch,
  readWord,
  rejectField,
} from './fields.ts';

const MB = 1_000_000;
const FILE_BYTES = MB;
const FOLDER_BYTES = 20 * MB;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** In a list of a type that extends another: what that one has stands here. */
const KEEP = '...';

/**
 * The allow-list of configuration: `.gemini/settings.json` is a file, `.gemini/commands/` a directory, an object says
 * more. Throws CONFIG_INVALID: a path that leads out of HOME, or is all of it.
 */
export function readConfigSources(
  value: unknown,
  place: Place,
  before: readonly ConfigSource[],
): readonly ConfigSource[] {
  const sources = readItems(value, place, (item, at) => (item === KEEP ? before : [readSource(item, at)]));
  return sources?.flat() ?? before;
}

function readSource(item: unknown, place: Place): ConfigSource {
  const fields =
    typeof item === 'string' ? { path: item } : readFields(item, place, ['path', 'maxMegabytes', 'required']);
  const at = (key: string): Place => (typeof item === 'string' ? place : enterField(place, key));
  const written = readWord(fields.path, at('path'));
  const kind = written.endsWith('/') ? 'directory' : 'file';
  const path = written.replace(/\/+$/, '');
  const parts = path.split('/');
  if (path.startsWith('~') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw rejectField(
      at('path'),
      `is ${JSON.stringify(written)}`,
      'write a path below HOME like .tool/settings.json, or .tool/commands/ for a directory',
    );
  }
  const limit = readCount('maxMegabytes' in fields ? fields.maxMegabytes : undefined, at('maxMegabytes'));
  const required = readSwitch('required' in fields ? fields.required : undefined, at('required'));
  const usual = kind === 'file' ? FILE_BYTES : FOLDER_BYTES;
  return { path, kind, maxBytes: limit === undefined ? usual : limit * MB, ...(required && { required }) };
}

/** Names of variables to hand on. Throws CONFIG_INVALID. */
export function readEnvNames(value: unknown, place: Place, before: readonly string[]): readonly string[] {
  const names = readItems(value, place, (item, at) => {
    if (item === KEEP) return before;
    const name = readWord(item, at);
    if (VARIABLE.test(name)) return [name];
    throw rejectField(
      at,
      `is ${JSON.stringify(name)}`,
      'write names only, like "GEMINI_API_KEY"; values: "setEnv"',
    );
  });
  return names?.flat() ?? before;
}

/** Variables with their values. Throws CONFIG_INVALID. */
export function readVariables(value: unknown, place: Place): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const fields = readFields(value, place, names);
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => {
      const at = enterField(place, name);
      if (!VARIABLE.test(name)) throw rejectField(at, 'is not the name of a variable');
      return [name, readWord(text, at)];
    }),
  );
}
