import { AdrError } from '../errors.ts';
import { suggestName } from '../suggest.ts';
import { findSettingByKey, SETTINGS, type Setting, toKeySuffix } from './schema.ts';

/** What a key of the command line means. */
export interface FoundKey {
  readonly setting: Setting;
  /** Upper-case agent type for which alone it counts. */
  readonly suffix: string | undefined;
  /** As it stands in a file: `ADR_MEMORY_CODEX`. */
  readonly key: string;
}

const ALL = SETTINGS as readonly Setting[];

/**
 * Finds what a person means by a key: `ADR_MEMORY`, `memory`, `memory_codex`, or the name of the flag (`mount`).
 * `types` are the agent types there are. Throws USAGE with the key that was probably meant.
 */
export function findKey(text: string, types: readonly string[]): FoundKey {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(text)) {
    throw new AdrError('USAGE', `${JSON.stringify(text)} is not a key`, { hint: listKeys() });
  }
  const key = `ADR_${text.toUpperCase().replaceAll('-', '_').replace(/^ADR_/, '')}`;
  for (const candidate of [key, resolveFlag(key)]) {
    const found = findSettingByKey(candidate);
    if (found && (found.suffix === undefined || types.some((type) => toKeySuffix(type) === found.suffix))) {
      return { ...found, key: candidate };
    }
  }
  const suffixed = ALL.filter(({ name }) => name !== 'agent').flatMap((setting) =>
    types.map((type) => `${setting.key}_${toKeySuffix(type)}`),
  );
  const near = suggestName(key, [...ALL.map((setting) => setting.key), ...suffixed]);
  throw new AdrError('USAGE', `unknown key "${key}"`, {
    hint: near === undefined ? listKeys() : `did you mean ${near}?\n${listKeys()}`,
  });
}

/** A flag may have another name than its key: `--mount` is `ADR_MOUNTS`. */
function resolveFlag(key: string): string {
  for (const setting of ALL) {
    const flag = `ADR_${setting.flag.toUpperCase().replaceAll('-', '_')}`;
    if (flag !== setting.key && (key === flag || key.startsWith(`${flag}_`))) {
      return setting.key + key.slice(flag.length);
    }
  }
  return key;
}

function listKeys(): string {
  return `keys: ${ALL.map(({ key }) => key).join(', ')}; _AGENT behind one is for that agent type alone`;
}
