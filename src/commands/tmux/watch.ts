import { setTimeout as delay } from 'node:timers/promises';
import { lookAtPanes } from '../../activity/look.ts';
import { AdrError } from '../../errors.ts';
import { suggestName } from '../../suggest.ts';

import type { TmuxContext } from './context.ts';
import { type AgentStatus, readStatus, type SessionStatus } from './status.ts';
import { cutSnippet } from './watch-snippet.ts';

export interface WatchRequest {
  /** Undefined: all sessions. */
  readonly session?: string | undefined;
  /** Only this agent. */
  readonly agent?: string | undefined;
  readonly intervalMs: number;
  /** Go on when nothing is left to watch: sessions may start later. */
  readonly stay?: boolean | undefined;
  readonly signal: AbortSignal;
}

export interface WatchedAgent extends AgentStatus {
  readonly session: string;
  /** The visible screen, plain text; empty when the pane is gone. */
  readonly screen: string;
  /** The last thing on it that says something. */
  readonly snippet: string;
}

/** All agents at one moment. */
export interface WatchSnapshot {
  readonly at: number;
  readonly sessions: readonly SessionStatus[];
  readonly agents: readonly WatchedAgent[];
}

const CONFIRM_MS = 200;
const MAX_FAILURES = 5;

/**
 * Looks at the agents every `intervalMs` until `signal` fires: states as the monitor judged them, with their screens.
 * When the last of them is gone it yields one empty snapshot and ends (or goes on, with `stay`). A tmux query that
 * fails is no observation; five in a row are thrown. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND at the first look.
 */
export async function* watchAgents(
  context: TmuxContext,
  request: WatchRequest,
): AsyncGenerator<WatchSnapshot> {
  const first = await takeSnapshot(context, request);
  requireAgent(first, request);
  yield first;
  if (isOver(first, request)) return;
  let failures = 0;
  for (;;) {
    await pause(request.intervalMs, request.signal);
    if (request.signal.aborted) return;
    try {
      const snapshot = await lookAgain(context, request);
      failures = 0;
      yield snapshot;
      if (isOver(snapshot, request)) return;
    } catch (error) {
      failures++;
      if (!(error instanceof AdrError) || error.code !== 'TMUX_FAILED' || failures >= MAX_FAILURES)
        throw error;
    }
  }
}

function isOver(snapshot: WatchSnapshot, request: WatchRequest): boolean {
  return snapshot.agents.length === 0 && !request.stay;
}

/** An empty answer is believed when the next one is empty too. */
async function lookAgain(context: TmuxContext, request: WatchRequest): Promise<WatchSnapshot> {
  const snapshot = await lookOrFindNothing(context, request);
  if (snapshot.agents.length > 0) return snapshot;
  await pause(CONFIRM_MS, request.signal);
  return lookOrFindNothing(context, request);
}

async function lookOrFindNothing(context: TmuxContext, request: WatchRequest): Promise<WatchSnapshot> {
  try {
    return await takeSnapshot(context, request);
  } catch (error) {
    if (!(error instanceof AdrError) || error.code !== 'SESSION_NOT_FOUND') throw error;
    return { at: context.clock.now(), sessions: [], agents: [] };
  }
}

async function takeSnapshot(context: TmuxContext, request: WatchRequest): Promise<WatchSnapshot> {
  const { at, sessions } = await readStatus(context, request.session);
  const wanted = sessions.flatMap((session) =>
    selectAgents(session, request.agent).map((agent) => ({ ...agent, session: session.name })),
  );
  const looks =
    wanted.length === 0
      ? undefined
      : await lookAtPanes(
          context.tmux,
          wanted.map(({ pane }) => pane),
        );
  const agents = await Promise.all(
    wanted.map(async (agent): Promise<WatchedAgent> => {
      const screen = looks?.panes.get(agent.pane)?.screen ?? '';
      const type = await context.types.findUsable(agent.type);
      return { ...agent, screen, snippet: agent.state === 'WAITING' ? '' : cutSnippet(type?.signs, screen) };
    }),
  );
  return { at, sessions, agents };
}

function selectAgents(session: SessionStatus, agent: string | undefined): readonly AgentStatus[] {
  if (agent === undefined) return session.agents;
  return session.agents.filter((entry) => entry.agent === agent);
}

function requireAgent({ sessions, agents }: WatchSnapshot, { session, agent }: WatchRequest): void {
  if (agent === undefined || agents.length > 0) return;
  const names = [...new Set(sessions.flatMap((entry) => entry.agents.map((known) => known.agent)))];
  const near = suggestName(agent, names);
  const place = session === undefined ? '' : ` in session "${sessions[0]?.name ?? session}"`;
  throw new AdrError('AGENT_NOT_FOUND', `no agent "${agent}"${place}`, {
    hint: near
      ? `did you mean "${near}"?`
      : names.length > 0
        ? `agents: ${names.join(', ')}`
        : 'see adr-tmux status',
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
