import type { Clock } from '../system/clock.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { formatCommand } from '../tmux/quote.ts';
import type { ObservedPane, ObservedSession } from './observed.ts';

export interface Signals {
  /** Sends a signal to a process; a process that is gone is fine. */
  readonly send: (pid: number, signal: NodeJS.Signals) => void;
  readonly isAlive: (pid: number) => boolean;
}

/** Notes in tmux that these runs are about to be ended on purpose: nobody need be told of it. */
export async function markEnding(tmux: TmuxClient, panes: readonly ObservedPane[]): Promise<void> {
  await tmux.batch(
    panes.map(({ pane, run }) => formatCommand(['set-option', '-p', '-t', pane, '@adr_ending', run])),
  );
}

/**
 * Asks what runs in the panes to end (TERM to each pane's `adr run`, which stops and removes its container) and waits
 * until all have, `graceMs` at most. Returns the pids that have not.
 */
export async function endPanes(
  panes: readonly ObservedPane[],
  signals: Signals,
  clock: Clock,
  graceMs: number,
): Promise<readonly number[]> {
  const pids = panes.filter((pane) => !pane.dead && pane.pid > 0).map((pane) => pane.pid);
  for (const pid of pids) signals.send(pid, 'SIGTERM');
  const deadline = clock.now() + graceMs;
  let left = pids;
  while (left.length > 0 && clock.now() < deadline) {
    await clock.sleep(50);
    left = left.filter(signals.isAlive);
  }
  return left;
}

/** Kills a session by id, and its panes that were moved into others. Resolves to false when it was gone already. */
export async function killSession(tmux: TmuxClient, session: ObservedSession): Promise<boolean> {
  const away = session.panes.filter((pane) => pane.away).map(({ pane }) => ['kill-pane', '-t', pane]);
  const own = session.key === '' ? [] : [['kill-session', '-t', session.key]];
  const answer = await tmux.batch([...away, ...own].map(formatCommand));
  return answer.ok;
}
