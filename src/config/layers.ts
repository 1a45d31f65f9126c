import { dirname, join } from 'node:path';
import { readSlice, readTextIfExists } from '../system/files.ts';
import { type Environment, findConfigDirectory } from '../system/paths.ts';
import { parseConfigText, splitList, unquoteValue } from './parse-file.ts';
import { findSettingByKey, SETTINGS, type Setting, type SettingName } from './schema.ts';
import type { Layer, Origin } from './values.ts';

const MAX_PROJECT_BYTES = 64 * 1024;

/** One value as it was written, not yet parsed. */
export interface WrittenValue {
  readonly name: SettingName;
  /** Upper-case agent type for which alone it counts. */
  readonly suffix: string | undefined;
  /** Items of a list; one item for a scalar; empty: back to the value of no layer. */
  readonly texts: readonly string[];
  readonly origin: Origin;
}

export interface WrittenLayers {
  readonly values: readonly WrittenValue[];
  /** Sentences for stderr. */
  readonly warnings: readonly string[];
}

/** The values of a config file. Unknown keys and unreadable lines are warnings. Throws CONFIG_INVALID: open quotes. */
export function readConfigLayer(text: string, path: string, layer: Layer): WrittenLayers {
  const parsed = parseConfigText(text);
  const warnings = parsed.bad.map((line) => `${path}:${line}: not KEY=VALUE, ignored`);
  const values = parsed.assignments.flatMap(({ key, value, line }) => {
    const found = findSettingByKey(key);
    const origin: Origin = { layer, where: `${path}:${line}`, base: dirname(path) };
    if (found)
      return [{ name: found.setting.name, suffix: found.suffix, ...readTexts(found.setting, value, origin) }];
    warnings.push(`${origin.where}: unknown key "${key}", ignored`);
    return [];
  });
  return { values, warnings };
}

/** The values of `ADR_*` variables that are settings, those for `suffix` (an agent type) included. */
export function readEnvironmentLayer(
  env: Environment,
  suffix: string | undefined,
  cwd: string,
): readonly WrittenValue[] {
  return (SETTINGS as readonly Setting[]).flatMap((setting) =>
    [undefined, ...(suffix === undefined ? [] : [suffix])].flatMap((only) => {
      const key = only === undefined ? setting.key : `${setting.key}_${only}`;
      const value = env[key];
      if (value === undefined) return [];
      const origin: Origin = { layer: 'environment', where: key, base: cwd };
      return [{ name: setting.name, suffix: only, ...readTexts(setting, value, origin) }];
    }),
  );
}

/** The user's own file and the nearest `.adr` from the workspace upwards. */
export async function readConfigFiles(env: Environment, workspace: string): Promise<WrittenLayers> {
  const own = join(findConfigDirectory(env), 'config');
  const [user, project] = await Promise.all([readTextIfExists(own), findProjectFile(workspace)]);
  const layers = [
    ...(user === undefined ? [] : [readConfigLayer(user, own, 'user')]),
    ...(project === undefined ? [] : [readConfigLayer(project.text, project.path, 'project')]),
  ];
  return {
    values: layers.flatMap((layer) => layer.values),
    warnings: layers.flatMap((layer) => layer.warnings),
  };
}

async function findProjectFile(
  workspace: string,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  for (let directory = workspace; ; directory = dirname(directory)) {
    const path = join(directory, '.adr');
    // Written by whoever wrote the project: a link or a FIFO is not followed, a huge file is cut.
    const text = (await readSlice(path, 0, MAX_PROJECT_BYTES).catch(() => undefined))?.toString('utf8');
    if (text !== undefined) return { path, text };
    if (directory === dirname(directory)) return undefined;
  }
}

function readTexts(
  setting: Setting,
  value: string,
  origin: Origin,
): { readonly texts: readonly string[]; readonly origin: Origin } {
  if (setting.kind === 'list') return { texts: splitList(value, origin), origin };
  const text = unquoteValue(value.trim());
  return { texts: text === '' ? [] : [text], origin };
}
