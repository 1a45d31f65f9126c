import { resolve } from 'node:path';
import { openAgentTypes } from '../../config/agent-types.ts';
import { type FoundKey, findKey } from '../../config/find-key.ts';
import { readConfigFiles, readEnvironmentLayer, type WrittenValue } from '../../config/layers.ts';
import type { ProjectFile } from '../../config/project-file.ts';
import { toKeySuffix } from '../../config/schema.ts';
import { isTrusted } from '../../config/trust-store.ts';
import { type ShownSetting, type ViewOptions, viewFor, viewSettings } from '../../config/view.ts';
import { findWorkspace } from '../../container/workspace.ts';
import { type Environment, findHome } from '../../system/paths.ts';

/** Who asks, and from where. */
export interface ConfigRequest {
  readonly env: Environment;
  readonly cwd: string;
  /** Where the search for the project's file begins (default: the current directory). */
  readonly workspace: string | undefined;
}

/** Every setting with where it comes from. */
export interface ConfigView {
  readonly settings: readonly ShownSetting[];
  readonly project: { readonly path: string; readonly trusted: boolean } | undefined;
  readonly warnings: readonly string[];
}

/** The merged view as a run in the workspace would see it. Throws WORKSPACE_INVALID, CONFIG_INVALID, MOUNT_INVALID. */
export async function showConfig(request: ConfigRequest): Promise<ConfigView> {
  const { written, options, project, warnings } = await readWritten(request);
  return {
    settings: viewSettings(written, options),
    project: project && { path: project.path, trusted: options.projectTrusted },
    warnings,
  };
}

/** One setting as a run would see it. Throws as `showConfig`, and USAGE: unknown key. */
export async function getConfig(request: ConfigRequest, key: string): Promise<ShownSetting> {
  const found = findKey(key, await listAgentTypes(request.env));
  const { written, options } = await readWritten(request);
  const shown = viewFor(written, found.suffix, options).find(({ setting }) => setting === found.setting);
  if (!shown) throw new Error(`no view of ${found.key}`);
  return shown;
}

/** What a key typed on the command line means. Throws USAGE: unknown, with the one that was probably meant. */
export async function findConfigKey(env: Environment, key: string): Promise<FoundKey> {
  return findKey(key, await listAgentTypes(env));
}

/** Names of all agent types, the user's own after the built-in ones. */
export async function listAgentTypes(env: Environment): Promise<readonly string[]> {
  return openAgentTypes(env).listNames();
}

interface Written {
  readonly written: readonly WrittenValue[];
  readonly options: ViewOptions;
  readonly project: ProjectFile | undefined;
  readonly warnings: readonly string[];
}

async function readWritten({ env, cwd, workspace }: ConfigRequest): Promise<Written> {
  const start = await findWorkspace(resolve(cwd, workspace ?? '.'));
  const files = await readConfigFiles(env, start);
  const suffixes = (await listAgentTypes(env)).map(toKeySuffix);
  const special = suffixes.flatMap((suffix) =>
    readEnvironmentLayer(env, suffix, cwd).filter((value) => value.suffix !== undefined),
  );
  const projectTrusted = files.project !== undefined && (await isTrusted(env, files.project));
  return {
    written: [...files.values, ...readEnvironmentLayer(env, undefined, cwd), ...special],
    options: { workspace: start, home: findHome(env), projectTrusted },
    project: files.project,
    warnings: files.warnings,
  };
}
