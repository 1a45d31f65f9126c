import { resolve } from 'node:path';
import { AdrError } from '../errors.ts';
import { readTextIfExists, resolveRealPath } from '../system/files.ts';
import { type Environment, findHome } from '../system/paths.ts';
import { type EnvEntry, parseEnvEntry, parseEnvFile } from './env-entries.ts';
import { readConfigFiles, readEnvironmentLayer, type WrittenValue } from './layers.ts';
import { checkMounts, expandHome, isInside, type Mount, parseMount } from './mounts.ts';
import { type ResolvedSettings, resolveSettings } from './resolve.ts';
import { type SettingName, type SettingValues, toKeySuffix } from './schema.ts';
import type { Origin } from './values.ts';

/** What the command line says, by setting. */
export type FlagValues = Partial<Readonly<Record<SettingName, readonly string[]>>>;

export interface SettingsRequest {
  readonly flags: FlagValues;
  readonly env: Environment;
  readonly cwd: string;
  /** Canonical path. */
  readonly workspace: string;
  /** The flag's name of each setting, for messages. */
  readonly describeFlag?: (name: SettingName) => string;
}

/** Settings with everything checked that can be without an engine. */
export interface Settings extends Omit<SettingValues, 'mounts' | 'env' | 'env-file'> {
  readonly mounts: readonly Mount[];
  /** In the order in which they count, later ones win. */
  readonly env: readonly EnvEntry[];
  readonly origins: ResolvedSettings['origins'];
  readonly warnings: readonly string[];
}

/**
 * Reads all layers (built-in, user file, project `.adr`, environment, flags) for the agent type they name. Throws
 * CONFIG_INVALID, MOUNT_INVALID, USAGE, REFUSED; a project file's guarded keys are warnings until it is trusted.
 */
export async function readSettings(request: SettingsRequest): Promise<Settings> {
  const { env, cwd, workspace } = request;
  const files = await readConfigFiles(env, workspace);
  const flags = readFlags(request);
  const options = { workspace, home: findHome(env), projectTrusted: false };
  const general = [...files.values, ...readEnvironmentLayer(env, undefined, cwd), ...flags];
  const agent = findAgentName(general, options);
  const suffix = agent === undefined ? undefined : toKeySuffix(agent);
  const written = [...files.values, ...readEnvironmentLayer(env, suffix, cwd), ...flags];
  const resolved = resolveSettings(written, { ...options, suffix });
  const mounts = await readMounts(resolved, request);
  return {
    ...resolved.values,
    agent,
    mounts,
    env: await readEnv(resolved, options.home),
    origins: resolved.origins,
    warnings: [...files.warnings, ...resolved.warnings],
  };
}

function findAgentName(
  written: readonly WrittenValue[],
  options: { readonly workspace: string; readonly home: string; readonly projectTrusted: boolean },
): string | undefined {
  const own = written.filter(({ name, suffix }) => name === 'agent' && suffix === undefined);
  return resolveSettings(own, { ...options, suffix: undefined }).values.agent;
}

function readFlags({ flags, cwd, describeFlag }: SettingsRequest): readonly WrittenValue[] {
  return (Object.entries(flags) as [SettingName, readonly string[]][]).map(([name, texts]) => {
    const origin: Origin = { layer: 'flag', where: describeFlag?.(name) ?? `--${name}`, base: cwd };
    return { name, suffix: undefined, texts, origin };
  });
}

async function readMounts(resolved: ResolvedSettings, request: SettingsRequest): Promise<readonly Mount[]> {
  const home = findHome(request.env);
  const mounts = resolved.values.mounts.map((text, index) =>
    parseMount(text, resolved.origins.mounts[index] as Origin, home),
  );
  // A link inside the workspace may lead out of it.
  for (const mount of mounts) {
    const real = mount.origin.layer === 'project' ? await resolveRealPath(mount.source) : undefined;
    if (real === undefined || isInside(real, request.workspace)) continue;
    throw new AdrError(
      'CONFIG_UNTRUSTED',
      `${mount.origin.where}: "${mount.source}" leads out of the workspace`,
      {
        hint: `if you mean it: --mount ${real}:${mount.target}`,
      },
    );
  }
  return checkMounts(mounts, request.env);
}

async function readEnv(resolved: ResolvedSettings, home: string): Promise<readonly EnvEntry[]> {
  const files = await Promise.all(
    resolved.values['env-file'].map(async (text, index) => {
      const origin = resolved.origins['env-file'][index] as Origin;
      const path = resolve(origin.base, expandHome(text, home));
      const content = await readTextIfExists(path).catch((cause: unknown) => {
        throw new AdrError('USAGE', `Cannot read env file: ${path}`, { cause });
      });
      if (content === undefined) throw new AdrError('USAGE', `Env file not found: ${path}`);
      return parseEnvFile(content, path);
    }),
  );
  const entries = resolved.values.env.map((text, index) =>
    parseEnvEntry(text, resolved.origins.env[index] as Origin),
  );
  return [...files.flat(), ...entries];
}
