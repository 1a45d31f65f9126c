import { isBeating, parseHeartbeat } from '../../activity/heartbeat.ts';
import { type PaneState, readStored } from '../../activity/stored-state.ts';
import { findSession } from '../../session/find-session.ts';
import {
  type ObservedPane,
  type ObservedServer,
  type ObservedSession,
  type OpenPort,
  observeServer,
} from '../../session/observed.ts';
import type { TmuxContext } from './context.ts';
import { ensureMonitor } from './ensure-monitor.ts';
import { findTreePlaces, type TreePlace } from './tree-places.ts';

export interface AgentStatus extends PaneState {
  readonly agent: string;
  readonly type: string;
  readonly run: string;
  readonly pane: string;
  /** Ports of its container that are open on this machine (127.0.0.1); undefined: none. */
  readonly ports?: readonly OpenPort[] | undefined;
  /** Exit code while EXITED; null when nobody knows it. */
  readonly exit?: number | null | undefined;
  /** The tree that is its own; undefined: it works in the session's workspace, or in one that was named. */
  readonly tree?: TreePlace | undefined;
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
 * pane has no state yet, looks and judges by the same rules itself, and starts the monitor again (unless `revive` is
 * false). `server` is what was just observed. Throws SESSION_NOT_FOUND.
 */
export async function readStatus(
  context: TmuxContext,
  session?: string,
  options: { readonly revive?: boolean; readonly server?: ObservedServer } = {},
): Promise<StatusReport> {
  const server = options.server ?? (await observeServer(context.tmux));
  const wanted = session === undefined ? server.sessions : [findSession(server, session)];
  const at = context.clock.now();
  if (server.sessions.length === 0) return { at, sessions: [] };
  const fresh = isBeating(parseHeartbeat(server.monitor), at);
  const panes = wanted.flatMap((entry) => entry.panes);
  const stored = new Map(panes.map((pane) => [pane.pane, readStored(pane)]));
  const missing = fresh ? panes.filter((pane) => stored.get(pane.pane) === undefined) : panes;
  const judged = await judgeMissing(context, server, missing, at);
  const trees = await findTreePlaces(context.env, wanted);
  if (!fresh && options.revive !== false) await ensureMonitor(context, server.monitor);
  return {
    at,
    sessions: wanted.map((entry) =>
      describeSession(entry, (pane) => judged.get(pane.pane) ?? stored.get(pane.pane), trees),
    ),
  };
}

/** The classifier is loaded only when the monitor left something to do. */
async function judgeMissing(
  context: TmuxContext,
  server: ObservedServer,
  missing: readonly ObservedPane[],
  at: number,
): Promise<ReadonlyMap<string, PaneState>> {
  if (missing.length === 0) return new Map();
  const { judgeNow } = await loadClassifier();
  return judgeNow(context, server, missing, at);
}

/** The classifier; called ahead, it needs no file any more. */
export const loadClassifier = () => import('./judge-now.ts');

function describeSession(
  session: ObservedSession,
  find: (pane: ObservedPane) => PaneState | undefined,
  trees: ReadonlyMap<string, TreePlace>,
): SessionStatus {
  const { name, id, workspace, engine, createdAt, attached } = session;
  const agents = session.panes.flatMap((pane): AgentStatus[] => {
    const state = find(pane);
    if (!state) return [];
    const tree = trees.get(pane.pane);
    const { reason, witness, question, since, progressAt, lookedAt, conversation, usage } = state;
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
        lookedAt,
        conversation,
        usage,
        ...(pane.ports.length > 0 && state.state !== 'EXITED' ? { ports: pane.ports } : {}),
        ...(state.state === 'EXITED' ? { exit: pane.exit } : {}),
        ...(tree ? { tree } : {}),
      },
    ];
  });
  return { name, id, workspace, engine, createdAt, attached, agents };
}
