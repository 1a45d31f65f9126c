import { Engine } from '../../container/engine.ts';
import type { Environment } from '../../system/paths.ts';
import { runProcess } from '../../system/process.ts';

/** The engine that images and containers are looked up on: `ADR_ENGINE` when it is one, else docker. */
export function openContainerEngine(env: Environment): Engine {
  return new Engine({ program: env.ADR_ENGINE === 'podman' ? 'podman' : 'docker', run: runProcess, env });
}
