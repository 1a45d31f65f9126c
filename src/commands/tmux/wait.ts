import { setTimeout as delay } from 'node:timers/promises';
import { isBeating, nudgeMonitor, parseHeartbeat } from '../../activity/heartbeat.ts';
import { AdrError } from '../../errors.ts';
import { findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
import { type AgentChoice, choosePanes } from './choose-panes.ts';
import type { TmuxContext } from './context.ts';
import { decideWait, placeAgent, type WaitEnd, type WaitedAgent, type WaitRule } from './decide-wait.ts';
import { ensureMonitor } from './ensure-monitor.ts';
import { type AgentStatus, readStatus, type SessionStatus } from './status.ts';

export interface WaitRequest extends WaitRule {
  readonly session: string;
  /** Nobody named: every agent. */
  readonly agents: AgentChoice;
  /** Undefined: no limit. */
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
}

export interface WaitResult {
  readonly result: WaitEnd | 'timeout' | 'interrupted';
  readonly session: string;
  /** ms since the epoch */
  readonly at: number;
  readonly waitedMs: number;
  readonly agents: readonly (WaitedAgent & { readonly reached: boolean })[];
}

const LOOK_EVERY_MS = 200;
const NUDGE_EVERY_MS = 2_000;
const FIRST_LOOK_MS = 5_000;
const MAX_FAILURES = 5;

/**
 * Waits until agents are in one of the states asked for, or cannot get there. Only what was seen after the call counts:
 * what was sent before it has its effect. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND; TMUX_FAILED after five in a row.
 */
export async function waitForStates(context: TmuxContext, request: WaitRequest): Promise<WaitResult> {
  const { clock } = context;
  const startedAt = clock.now();
  const deadline = startedAt + (request.timeoutMs ?? Number.POSITIVE_INFINITY);
  const chosen = await chooseAgents(context, request);
  const look = makeLook(context, chosen.id, request.session);
  let first = new Map<string, AgentStatus>();
  let agents: readonly WaitedAgent[] = chosen.names.map((name) => ({
    name,
    first: undefined,
    now: undefined,
  }));
  for (;;) {
    const seen = await look();
    const now = clock.now();
    const tell = (result: WaitResult['result']): WaitResult => ({
      result,
      session: chosen.session,
      at: now,
      waitedMs: now - startedAt,
      agents: agents.map((agent) => ({ ...agent, reached: placeAgent(agent, request) === 'reached' })),
    });
    if (seen !== 'failed') {
      const present = new Map(seen.map((status) => [status.agent, status]));
      const all = chosen.names.map((name) => present.get(name));
      if (all.every((status) => status === undefined || status.lookedAt >= startedAt)) {
        if (first.size === 0) first = present;
        agents = chosen.names.map((name) => ({ name, first: first.get(name), now: present.get(name) }));
        const end = decideWait(agents, request);
        if (end !== undefined) return tell(end);
      }
    }
    if (request.signal.aborted) return tell('interrupted');
    // However short the time: one look is taken.
    if (now >= (first.size > 0 ? deadline : Math.max(deadline, startedAt + FIRST_LOOK_MS)))
      return tell('timeout');
    await delay(LOOK_EVERY_MS, undefined, { signal: request.signal }).catch(() => undefined);
  }
}

async function chooseAgents(
  { tmux }: TmuxContext,
  { session: name, agents }: WaitRequest,
): Promise<{ readonly session: string; readonly id: string; readonly names: readonly string[] }> {
  const session = findSession(await observeServer(tmux), name);
  const everyone = agents.agents.length === 0 && (agents.types ?? []).length === 0;
  const panes = everyone ? session.panes : choosePanes(session, agents);
  return { session: session.name, id: session.id, names: panes.map(({ agent }) => agent) };
}

/** Gives a look at the session's agents: as the monitor sees them, asked to look often while somebody waits. */
function makeLook(
  context: TmuxContext,
  id: string,
  name: string,
): () => Promise<readonly AgentStatus[] | 'failed'> {
  const { tmux, clock } = context;
  let nudgedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let missing = false;
  const nudge = async (): Promise<void> => {
    nudgedAt = clock.now();
    const { monitor, sessions } = await observeServer(tmux);
    if (sessions.length === 0) return;
    const beat = parseHeartbeat(monitor);
    if (isBeating(beat, nudgedAt)) nudgeMonitor(beat);
    else await ensureMonitor(context, monitor);
  };
  return async () => {
    try {
      if (clock.now() - nudgedAt >= NUDGE_EVERY_MS) await nudge();
      const session = (await readOrFindNothing(context, name)).find((entry) => entry.id === id);
      failures = 0;
      // That nothing is left is believed when the next look says so too.
      if (session === undefined && !missing) {
        missing = true;
        return 'failed';
      }
      missing = session === undefined;
      return session?.agents ?? [];
    } catch (error) {
      if (!(error instanceof AdrError) || error.code !== 'TMUX_FAILED' || ++failures >= MAX_FAILURES)
        throw error;
      return 'failed';
    }
  };
}

async function readOrFindNothing(context: TmuxContext, name: string): Promise<readonly SessionStatus[]> {
  try {
    return (await readStatus(context, name, { revive: false })).sessions;
  } catch (error) {
    if (error instanceof AdrError && error.code === 'SESSION_NOT_FOUND') return [];
    throw error;
  }
}
