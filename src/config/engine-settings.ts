import { resolveRealPath } from '../system/files.ts';
import { type Environment, findHome } from '../system/paths.ts';
import {
  findUserFile,
  readConfigLayer,
  readEnvironmentLayer,
  readUserFile,
  type WrittenValue,
} from './layers.ts';
import { findProjectFile } from './project-file.ts';
import type { FlagValues } from './read-settings.ts';
import { resolveSettings } from './resolve.ts';
import type { EngineName, SettingName } from './schema.ts';
import { isTrusted } from './trust-store.ts';

/** Where a user's containers and images are. */
export interface EngineSettings {
  readonly engine: EngineName;
  readonly context: string | undefined;
}

const NAMES: readonly SettingName[] = ['engine', 'context'];

/**
 * The engine that every layer together names, for commands about what is there already. Of a project's `.adr` only one
 * the user trusts counts, and another is not even read: it must not keep anybody from stopping an agent. Throws
 * CONFIG_INVALID.
 */
export async function readEngineSettings(
  flags: FlagValues,
  env: Environment,
  cwd: string,
): Promise<EngineSettings> {
  const own = findUserFile(env);
  const user = await readUserFile(own);
  const written: readonly WrittenValue[] = [
    ...(user === undefined ? [] : readConfigLayer(user, own, 'user').values),
    ...(await readTrustedProject(env, cwd)),
    ...readEnvironmentLayer(env, undefined, cwd),
    ...NAMES.flatMap((name): WrittenValue[] => {
      const origin = { layer: 'flag', where: `--${name}`, base: cwd } as const;
      return flags[name] === undefined ? [] : [{ name, suffix: undefined, texts: flags[name], origin }];
    }),
  ];
  const { values } = resolveSettings(
    written.filter(({ name }) => NAMES.includes(name)),
    { suffix: undefined, workspace: cwd, home: findHome(env), projectTrusted: true },
  );
  return { engine: values.engine, context: values.context };
}

async function readTrustedProject(env: Environment, cwd: string): Promise<readonly WrittenValue[]> {
  const file = await findProjectFile((await resolveRealPath(cwd)) ?? cwd).catch(() => undefined);
  if (!file || !(await isTrusted(env, file))) return [];
  return readConfigLayer(file.text, file.path, 'project').values;
}
