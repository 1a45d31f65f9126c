import { Engine } from '../../container/engine.ts';
import type { TmuxContext } from './context.ts';

/** The engine a session's containers stand on; undefined for the host. */
export function openSessionEngine(context: TmuxContext, engine: string): Engine | undefined {
  if (engine !== 'docker' && engine !== 'podman') return undefined;
  return new Engine({ program: engine, run: context.run, env: context.env });
}
