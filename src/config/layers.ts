import { dirname, join } from 'node:path';
import { AdrError } from '../errors.ts';
import { readTextIfExists } from '../system/files.ts';
import { type Environment, findConfigDirectory } from '../system/paths.ts';
import { parseConfigText, splitList, unquoteValue } from './parse-file.ts';
import { findProjectFile, type ProjectFile } from './project-file.ts';
import { findSettingByKey, SETTINGS, type Setting, type SettingName } from './schema.ts';
import type { Layer, Origin } from './values.ts';

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
      if (value === undefined || isReportsPath(setting, value)) return [];
      const origin: Origin = { layer: 'environment', where: key, base: cwd };
      return [{ name: setting.name, suffix: only, ...readTexts(setting, value, origin) }];
    }),
  );
}

/** An agent on the host finds the place of its reports under the very name: no setting for a run that it starts. */
function isReportsPath(setting: Setting, value: string): boolean {
  return setting.name === 'reports' && value.startsWith('/');
}

/** The two files, with the project's as it was read. */
export interface ConfigFiles extends WrittenLayers {
  readonly project: ProjectFile | undefined;
}

/** Where the user's own settings stand. */
export function findUserFile(env: Environment): string {
  return join(findConfigDirectory(env), 'config');
}

/** The user's own file and the nearest `.adr` from the workspace upwards. Throws CONFIG_INVALID. */
export async function readConfigFiles(env: Environment, workspace: string): Promise<ConfigFiles> {
  const own = findUserFile(env);
  const [user, project] = await Promise.all([readUserFile(own), findProjectFile(workspace)]);
  const layers = [
    ...(user === undefined ? [] : [readConfigLayer(user, own, 'user')]),
    ...(project === undefined ? [] : [readConfigLayer(project.text, project.path, 'project')]),
  ];
  return {
    project,
    values: layers.flatMap((layer) => layer.values),
    warnings: layers.flatMap((layer) => layer.warnings),
  };
}

/** The text of the user's own file, or undefined when there is none. Throws CONFIG_INVALID: it cannot be read. */
export async function readUserFile(path: string): Promise<string | undefined> {
  return readTextIfExists(path).catch((cause: NodeJS.ErrnoException) => {
    throw new AdrError('CONFIG_INVALID', `cannot read "${path}" (${cause.code ?? cause.message})`, {
      hint: 'it must be a file that you may read',
      cause,
    });
  });
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
