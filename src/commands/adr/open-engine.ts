import type { EngineSettings } from '../../config/engine-settings.ts';
import { Engine } from '../../container/engine.ts';
import type { Environment } from '../../system/paths.ts';
import type { RunProcess } from '../../system/process.ts';

/** The engine that the settings name, in their context; undefined for the host. */
export function openEngine(
  { engine, context }: EngineSettings,
  run: RunProcess,
  env: Environment,
): Engine | undefined {
  if (engine === 'host') return undefined;
  return new Engine({ program: engine, run, env: context === undefined ? env : chooseContext(env, context) });
}

/** As variables, because every call has to carry it; an address in DOCKER_HOST would win over it. */
function chooseContext(env: Environment, context: string): Environment {
  const { DOCKER_HOST: _docker, CONTAINER_HOST: _podman, ...rest } = env;
  return { ...rest, DOCKER_CONTEXT: context, CONTAINER_CONNECTION: context };
}
