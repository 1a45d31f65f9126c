import { stopRuns } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import { endPanes, markEnding } from '../../session/end-panes.ts';
import type { ObservedPane, ObservedSession } from '../../session/observed.ts';
import { removeTree } from '../../system/files.ts';
import { findRunDirectory } from '../../system/paths.ts';
import { isSameProcessAlive, readStartTime } from '../../system/process-table.ts';
import type { TmuxContext } from './context.ts';
import { openSessionEngines } from './session-engine.ts';

/** `adr run` gives its agent 10 s to end, then needs a moment to remove the container. */
const GRACE_MS = 15_000;

export interface EndedAgents {
  /** Runs whose container or processes had to be removed here because their `adr run` did not. */
  readonly leftovers: number;
  /** Processes that did not end when asked to. */
  readonly killed: number;
  /** Why the engine could not be asked what is left. */
  readonly unchecked?: unknown;
}

/**
 * Ends what runs in these panes and removes all of it; the panes stay, with their last screens. `whole`: everything that
 * carries the session's id, also of panes that are gone. Never throws for an engine that does not answer.
 */
export async function endAgents(
  context: TmuxContext,
  session: ObservedSession,
  panes: readonly ObservedPane[],
  whole: boolean,
): Promise<EndedAgents> {
  const started = new Map(panes.map(({ pid }) => [pid, readStartTime(pid) ?? '']));
  const isAlive = (pid: number): boolean => isSameProcessAlive(pid, started.get(pid) ?? '');
  const send = (pid: number, signal: NodeJS.Signals): void => {
    if (isAlive(pid)) sendSignal(pid, signal);
  };
  // Before the runs end: what they noted of their engines goes with them.
  const engines = await openSessionEngines(context, session);
  await markEnding(context.tmux, panes);
  const left = await endPanes(panes, { send, isAlive }, context.clock, GRACE_MS);
  const onSilent = (_engine: unknown, error: AdrError) => {
    throw error;
  };
  const tools = { env: context.env, engines, onSilent, clock: context.clock };
  const selection = {
    sessionId: session.id,
    ...(whole ? {} : { runs: panes.map(({ run }) => run) }),
  };
  const runs = await stopRuns(selection, tools, 2).catch((error: unknown) => ({ error }));
  for (const pid of left) send(pid, 'SIGKILL');
  await Promise.all(panes.map(({ run }) => removeTree(findRunDirectory(context.env, run))));
  return 'error' in runs
    ? { leftovers: 0, killed: left.length, unchecked: runs.error }
    : { leftovers: runs.length, killed: left.length };
}

/** What was ended is gone from tmux; only the engine could not be asked whether a container of it is left. */
export function describeUnchecked(done: string, cause: unknown): AdrError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new AdrError('PARTLY_DONE', `${done}, but the containers could not be checked: ${said}`, {
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
