import { stopRuns } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import { endPanes, killSession, markEnding } from '../../session/end-panes.ts';
import { findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
import { removeTree } from '../../system/files.ts';
import { findRunDirectory } from '../../system/paths.ts';
import { isSameProcessAlive, readStartTime } from '../../system/process-table.ts';
import type { TmuxContext } from './context.ts';
import { recordFact } from './record-fact.ts';
import { openSessionEngines } from './session-engine.ts';

export interface StopResult {
  readonly session: string;
  readonly agents: readonly string[];
  /** Runs whose container or processes had to be removed here because their `adr run` did not. */
  readonly leftovers: number;
  /** Processes that did not end when asked to. */
  readonly killed: number;
}

/** `adr run` gives its agent 10 s to end, then needs a moment to remove the container. */
const GRACE_MS = 15_000;

/**
 * Ends a session for good: every agent is asked to end and its container removed, then the tmux session goes, and what
 * is still there is killed. Throws SESSION_NOT_FOUND.
 */
export async function stopSession(context: TmuxContext, name: string): Promise<StopResult> {
  const session = findSession(await observeServer(context.tmux), name);
  const started = new Map(session.panes.map(({ pid }) => [pid, readStartTime(pid) ?? '']));
  const isAlive = (pid: number): boolean => isSameProcessAlive(pid, started.get(pid) ?? '');
  const send = (pid: number, signal: NodeJS.Signals): void => {
    if (isAlive(pid)) sendSignal(pid, signal);
  };
  const engines = await openSessionEngines(context, session);
  await markEnding(context.tmux, session.panes);
  const left = await endPanes(session.panes, { send, isAlive }, context.clock, GRACE_MS);
  const onSilent = (_engine: unknown, error: AdrError) => {
    throw error;
  };
  const tools = { env: context.env, engines, onSilent, clock: context.clock };
  const runs = await stopRuns({ sessionId: session.id }, tools, 2).catch((error: unknown) => error);
  for (const pid of left) send(pid, 'SIGKILL');
  await killSession(context.tmux, session);
  await recordFact(context, session, { kind: 'session', to: 'stopped' });
  await Promise.all(session.panes.map(({ run }) => removeTree(findRunDirectory(context.env, run))));
  if (!Array.isArray(runs)) throw describeUnchecked(session.name, runs);
  const agents = session.panes.map(({ agent }) => agent);
  return { session: session.name, agents, leftovers: runs.length, killed: left.length };
}

/** The session is gone; only the engine could not be asked whether a container of it is left. */
function describeUnchecked(session: string, cause: unknown): AdrError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new AdrError('PARTLY_DONE', `stopped ${session}, but its containers could not be checked: ${said}`, {
    hint: 'when the engine answers again: adr clean',
    cause,
  });
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}
