import type { Engine } from '../../container/engine.ts';
import { listAddressedEngines } from '../../container/known-engines.ts';
import { listRunRecords } from '../../container/run-directory.ts';
import { openEngine } from '../adr/open-engine.ts';
import type { TmuxContext } from './context.ts';

/** A session as tmux knows it. */
interface EngineSession {
  readonly id: string;
  readonly engine: string;
  readonly context?: string | undefined;
}

/**
 * The engines that a session's containers stand on: those that its runs noted, wherever this shell points by now; while
 * none is noted, the session's own, in its context or the one that `ADR_CONTEXT` names. None: it is on the host. Look
 * before the runs are ended: what they noted goes with them.
 */
export async function openSessionEngines(
  { run, env }: Pick<TmuxContext, 'run' | 'env'>,
  { id, engine, context }: EngineSession,
): Promise<readonly Engine[]> {
  const records = (await listRunRecords(env)).filter(({ sessionId }) => sessionId === id);
  const noted = listAddressedEngines(records, run, env);
  if (noted.length > 0) return noted;
  if (engine !== 'docker' && engine !== 'podman') return [];
  const opened = openEngine({ engine, context: context ?? (env.ADR_CONTEXT || undefined) }, run, env);
  return opened ? [opened] : [];
}
