import { Engine } from '../../container/engine.ts';
import type { Environment } from '../../system/paths.ts';
import { runProcess } from '../../system/process.ts';

/** The engine that images and containers are looked up on: `name`, else `ADR_ENGINE` when it is one, else docker. */
export function openContainerEngine(env: Environment, name?: string): Engine {
  const program = (name ?? env.ADR_ENGINE) === 'podman' ? 'podman' : 'docker';
  return new Engine({ program, run: runProcess, env });
}
