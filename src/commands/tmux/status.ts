import { isFresh, parseHeartbeat } from '../../activity/heartbeat.ts';
import { judgePanes } from '../../activity/judge-panes.ts';
import { lookAtPanes } from '../../activity/look.ts';
import { formatStore, type PaneState, readStored } from '../../activity/store-verdicts.ts';
import { findSession } from '../../session/find-session.ts';
import {
  type ObservedPane,
  type ObservedServer,
  type ObservedSession,
  observeServer,
} from '../../session/observed.ts';
import { type TmuxContext, toJudgeTools } from './context.ts';
import { ensureMonitor } from './ensure-monitor.ts';

export interface AgentStatus extends PaneState {
  readonly agent: string;
  readonly type: string;
  readonly run: string;
  readonly pane: string;
  /** Exit code while EXITED; null when nobody knows it. */
  readonly exit?: number | null | undefined;
}

export interface SessionStatus {
  readonly name: string;
  readonly id: string;
  readonly workspace: string;
  readonly engine: string;
  readonly createdAt: number;
  readonly attached: boolean;
  readonly agents: readonly AgentStatus[];
}

export interface StatusReport {
  /** When this was true, ms since the epoch. */
  readonly at: number;
  readonly sessions: readonly SessionStatus[];
}

/**
 * The state of every agent of one or all sessions. Reads what the monitor wrote; where it has not spoken lately or a
 * pane has no state yet, looks and judges by the same rules itself, and starts the monitor again. Throws
 * SESSION_NOT_FOUND.
 */
export async function readStatus(context: TmuxContext, session?: string): Promise<StatusReport> {
  const server = await observeServer(context.tmux);
  const wanted = session === undefined ? server.sessions : [findSession(server, session)];
  const at = context.clock.now();
  if (server.sessions.length === 0) return { at, sessions: [] };
  const fresh = isFresh(parseHeartbeat(server.monitor), at);
  const panes = wanted.flatMap((entry) => entry.panes);
  const stored = new Map(panes.map((pane) => [pane.pane, readStored(pane)]));
  const missing = fresh ? panes.filter((pane) => stored.get(pane.pane) === undefined) : panes;
  const judged = missing.length > 0 ? await judgeNow(context, server, missing, at) : new Map();
  if (!fresh) ensureMonitor(context, server.monitor);
  return {
    at,
    sessions: wanted.map((entry) =>
      describeSession(entry, (pane) => judged.get(pane.pane) ?? stored.get(pane.pane)),
    ),
  };
}

async function judgeNow(
  context: TmuxContext,
  server: ObservedServer,
  panes: readonly ObservedPane[],
  at: number,
): Promise<ReadonlyMap<string, PaneState>> {
  const looks = await lookAtPanes(
    context.tmux,
    panes.map(({ pane }) => pane),
  );
  const judged = await judgePanes(server, looks.panes, new Map(), at, toJudgeTools(context));
  await context.tmux.batch(judged.map(formatStore));
  return new Map(judged.map((entry) => [entry.pane.pane, entry.verdict]));
}

function describeSession(
  session: ObservedSession,
  find: (pane: ObservedPane) => PaneState | undefined,
): SessionStatus {
  const { name, id, workspace, engine, createdAt, attached } = session;
  const agents = session.panes.flatMap((pane): AgentStatus[] => {
    const state = find(pane);
    if (!state) return [];
    const { reason, witness, question, since, progressAt } = state;
    return [
      {
        agent: pane.agent,
        type: pane.type,
        run: pane.run,
        pane: pane.pane,
        state: state.state,
        reason,
        witness,
        question,
        since,
        progressAt,
        ...(state.state === 'EXITED' ? { exit: pane.exit } : {}),
      },
    ];
  });
  return { name, id, workspace, engine, createdAt, attached, agents };
}
