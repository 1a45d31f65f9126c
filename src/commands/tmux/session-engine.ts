import type { Engine } from '../../container/engine.ts';
import { openEngine } from '../adr/run.ts';
import type { TmuxContext } from './context.ts';

/** The engine a session's containers stand on, in the context that `ADR_CONTEXT` names; undefined for the host. */
export function openSessionEngine({ run, env }: TmuxContext, engine: string): Engine | undefined {
  if (engine !== 'docker' && engine !== 'podman') return undefined;
  return openEngine(engine, run, env, env.ADR_CONTEXT || undefined);
}
