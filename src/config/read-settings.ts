import { resolve } from 'node:path';
import { AdrError } from '../errors.ts';
import { readSlice, readTextIfExists, resolveRealPath } from '../system/files.ts';
import { type Environment, findHome } from '../system/paths.ts';
import { type ConfirmTrust, checkTrust } from './check-trust.ts';
import { type EnvEntry, parseEnvEntry, parseEnvFile } from './env-entries.ts';
import { isInside } from './is-inside.ts';
import { readConfigFiles, readEnvironmentLayer, type WrittenValue } from './layers.ts';
import { checkMounts, expandHome, type Mount, parseMount, staysInWorkspace } from './mounts.ts';
import { type ResolvedSettings, type ResolveOptions, resolveSettings } from './resolve.ts';
import { SETTINGS, type SettingName, type SettingValues, toKeySuffix } from './schema.ts';
import type { Origin } from './values.ts';

/** What the command line says, by setting. */
export type FlagValues = Partial<Readonly<Record<SettingName, readonly string[]>>>;

export interface SettingsRequest {
  readonly flags: FlagValues;
  readonly env: Environment;
  readonly cwd: string;
  /** Canonical path. */
  readonly workspace: string;
  /** Asks the user about a project file that wants more than it may; without it such a file is refused. */
  readonly confirmTrust?: ConfirmTrust | undefined;
}

/** Settings with everything checked that can be without an engine. */
export interface Settings extends Omit<SettingValues, 'mounts' | 'env' | 'env-file'> {
  readonly mounts: readonly Mount[];
  /** In the order in which they count, later ones win. */
  readonly env: readonly EnvEntry[];
  /** Where each comes from: a list has one origin an item, a scalar one, its default none. */
  readonly origins: Readonly<Record<SettingName, readonly Origin[]>>;
  readonly warnings: readonly string[];
}

/**
 * Reads all layers (built-in, user file, project `.adr`, environment, flags) for the agent type they name. Guarded
 * keys of the project's file count when the user trusts its content, which is read once: what was trusted is what is
 * used. Throws CONFIG_INVALID, CONFIG_UNTRUSTED, MOUNT_INVALID, USAGE, REFUSED.
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
  let resolved = resolveSettings(written, { ...options, suffix });
  if (files.project && resolved.refused.length > 0) {
    await checkTrust(files.project, resolved.refused, env, request.confirmTrust);
    resolved = resolveSettings(written, { ...options, suffix, projectTrusted: true });
  }
  const { mounts, warnings } = await readMounts(resolved, request);
  await checkConfigDirectory(resolved, request);
  const origins = Object.entries(resolved.items).map(([name, items]) => [
    name,
    items.map(({ origin }) => origin),
  ]);
  return {
    ...resolved.values,
    agent,
    mounts,
    env: await readEnv(resolved, request),
    origins: Object.fromEntries(origins) as Settings['origins'],
    warnings: [...files.warnings, ...warnings],
  };
}

function findAgentName(
  written: readonly WrittenValue[],
  options: Omit<ResolveOptions, 'suffix'>,
): string | undefined {
  const own = written.filter(({ name, suffix }) => name === 'agent' && suffix === undefined);
  return resolveSettings(own, { ...options, suffix: undefined }).values.agent;
}

function readFlags({ flags, cwd }: SettingsRequest): readonly WrittenValue[] {
  return (Object.entries(flags) as [SettingName, readonly string[]][]).map(([name, texts]) => {
    const flag = SETTINGS.find((setting) => setting.name === name)?.flag ?? name;
    const origin: Origin = { layer: 'flag', where: `--${flag}`, base: cwd };
    return { name, suffix: undefined, texts, origin };
  });
}

async function readMounts(
  resolved: ResolvedSettings,
  request: SettingsRequest,
): Promise<Awaited<ReturnType<typeof checkMounts>>> {
  const home = findHome(request.env);
  const mounts = resolved.items.mounts.map(({ text, origin }) => parseMount(text, origin, home));
  for (const mount of mounts) await checkLink(mount, request.workspace);
  return checkMounts(mounts, request.env);
}

/**
 * A project's path inside the workspace must not lead out of it, however trusted the file is: the agent can put a
 * link there at any time. Throws CONFIG_UNTRUSTED.
 */
async function checkLink(mount: Mount, workspace: string): Promise<void> {
  if (mount.origin.layer !== 'project' || !isInside(mount.source, workspace)) return;
  const source = await resolveRealPath(mount.source);
  if (source === undefined || source === mount.source) return;
  if (isInside(source, workspace) && staysInWorkspace({ ...mount, source }, workspace)) return;
  throw describeLink(mount.origin, mount.source, `--mount ${source}:${mount.target}`);
}

/** The directory is copied into the container: the agent must not choose it by a link. Throws CONFIG_UNTRUSTED. */
async function checkConfigDirectory(
  resolved: ResolvedSettings,
  { env, workspace }: SettingsRequest,
): Promise<void> {
  const [item] = resolved.items['config-dir'];
  if (item?.origin.layer !== 'project') return;
  const path = resolve(item.origin.base, expandHome(item.text, findHome(env)));
  const real = await resolveRealPath(path);
  if (real === undefined || !isInside(path, workspace) || isInside(real, workspace)) return;
  throw describeLink(item.origin, path, `--config ${real}`);
}

function describeLink(origin: Origin, path: string, flag: string): AdrError {
  return new AdrError('CONFIG_UNTRUSTED', `${origin.where}: "${path}" leads out of the workspace`, {
    hint: `if you mean it: ${flag}`,
  });
}

async function readEnv(resolved: ResolvedSettings, request: SettingsRequest): Promise<readonly EnvEntry[]> {
  const files = await Promise.all(
    resolved.items['env-file'].map(async ({ text, origin }) => {
      const path = resolve(origin.base, expandHome(text, findHome(request.env)));
      const content = await readEnvText(path, origin, request.workspace).catch((cause: unknown) => {
        if (cause instanceof AdrError) throw cause;
        throw new AdrError('USAGE', `Cannot read env file: ${path}`, { cause });
      });
      if (content === undefined) throw new AdrError('USAGE', `Env file not found: ${path}`);
      return parseEnvFile(content, path);
    }),
  );
  const entries = resolved.items.env.map(({ text, origin }) => parseEnvEntry(text, origin));
  return [...files.flat(), ...entries];
}

const MAX_ENV_BYTES = 2 ** 20;

/** A file in the workspace may be a link that the agent made to a secret of the user. Throws CONFIG_UNTRUSTED. */
async function readEnvText(path: string, origin: Origin, workspace: string): Promise<string | undefined> {
  if (origin.layer !== 'project' || !isInside(path, workspace)) return readTextIfExists(path);
  const real = await resolveRealPath(path);
  if (real === undefined) return undefined;
  if (!isInside(real, workspace)) throw describeLink(origin, path, `--env-file ${real}`);
  return (await readSlice(real, 0, MAX_ENV_BYTES))?.toString('utf8');
}
