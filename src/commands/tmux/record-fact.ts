import { appendHistory, type HistoryFact, type HistoryOwner } from '../../activity/history.ts';
import type { ObservedPane } from '../../session/observed.ts';
import type { TmuxContext } from './context.ts';

/** Notes something in a session's history. A history that cannot be written is no failure of what it tells. */
export async function recordFact(
  { env, clock }: Pick<TmuxContext, 'env' | 'clock'>,
  session: HistoryOwner,
  fact: HistoryFact,
): Promise<void> {
  await appendHistory(env, session, clock.now(), fact).catch(() => undefined);
}

/** Whom a fact is about. */
export function nameAgent({ agent, type, run }: ObservedPane): Pick<ObservedPane, 'agent' | 'type' | 'run'> {
  return { agent, type, run };
}
