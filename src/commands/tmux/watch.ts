import { lookAtPanes } from '../../activity/look.ts';
import type { TmuxContext } from './context.ts';
import { type AgentStatus, readStatus, type SessionStatus } from './status.ts';

export interface WatchRequest {
  /** Undefined: all sessions. */
  readonly session?: string | undefined;
  /** Only this agent. */
  readonly agent?: string | undefined;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

export interface WatchedAgent extends AgentStatus {
  readonly session: string;
  /** The visible screen, plain text; empty when the pane is gone. */
  readonly screen: string;
}

/** All agents at one moment. */
export interface WatchSnapshot {
  readonly at: number;
  readonly sessions: readonly SessionStatus[];
  readonly agents: readonly WatchedAgent[];
}

/**
 * Looks at the agents every `intervalMs` until `signal` fires or the last of them is gone: states as the monitor
 * judged them, with their screens. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND at the first look.
 */
export async function* watchAgents(
  context: TmuxContext,
  request: WatchRequest,
): AsyncGenerator<WatchSnapshot> {
  let first = true;
  while (!request.signal.aborted) {
    const snapshot = await takeSnapshot(context, request).catch((error: unknown) => {
      if (first) throw error;
      return undefined;
    });
    if (!snapshot || (snapshot.agents.length === 0 && !first)) return;
    yield snapshot;
    first = false;
    await sleepUnlessAborted(context, request);
  }
}

async function takeSnapshot(context: TmuxContext, request: WatchRequest): Promise<WatchSnapshot> {
  const { at, sessions } = await readStatus(context, request.session);
  const wanted = sessions.flatMap((session) =>
    selectAgents(session, request.agent).map((agent) => ({ ...agent, session: session.name })),
  );
  const looks = await lookAtPanes(
    context.tmux,
    wanted.map(({ pane }) => pane),
  );
  const agents = wanted.map((agent) => ({ ...agent, screen: looks.panes.get(agent.pane)?.screen ?? '' }));
  return { at, sessions, agents };
}

function selectAgents(session: SessionStatus, agent: string | undefined): readonly AgentStatus[] {
  if (agent === undefined) return session.agents;
  return session.agents.filter((entry) => entry.agent === agent);
}

async function sleepUnlessAborted(context: TmuxContext, { intervalMs, signal }: WatchRequest): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([context.clock.sleep(intervalMs), aborted]);
}

/** A state change of one agent, for `watch` where nobody looks at a screen. */
export interface Transition {
  readonly at: number;
  readonly session: string;
  readonly agent: string;
  readonly type: string;
  readonly from: AgentStatus['state'] | undefined;
  readonly to: AgentStatus['state'] | 'GONE';
  readonly reason: string;
  readonly question: AgentStatus['question'];
  /** The last lines of the screen that say something. */
  readonly snippet: string;
}

/** Compares two snapshots: one transition per agent whose state or question changed, came or went. */
export function findTransitions(
  before: WatchSnapshot | undefined,
  now: WatchSnapshot,
): readonly Transition[] {
  const known = new Map(before?.agents.map((agent) => [keyOf(agent), agent]));
  const changes = now.agents.flatMap((agent): Transition[] => {
    const last = known.get(keyOf(agent));
    const same = last?.state === agent.state && last.question?.what === agent.question?.what;
    return same ? [] : [describeChange(now.at, agent, last?.state, agent.state)];
  });
  const present = new Set(now.agents.map(keyOf));
  const gone = [...known.values()].filter((agent) => !present.has(keyOf(agent)));
  return [...changes, ...gone.map((agent) => describeChange(now.at, agent, agent.state, 'GONE'))];
}

function keyOf(agent: WatchedAgent): string {
  return `${agent.session}/${agent.agent}`;
}

function describeChange(
  at: number,
  agent: WatchedAgent,
  from: Transition['from'],
  to: Transition['to'],
): Transition {
  const { session, type, reason, question } = agent;
  return {
    at,
    session,
    agent: agent.agent,
    type,
    from,
    to,
    reason,
    question,
    snippet: cutSnippet(agent.screen),
  };
}

/** The last two lines with words in them: frames, rules and blank lines say nothing. */
export function cutSnippet(screen: string): string {
  const lines = screen
    .split('\n')
    .map((line) => line.replace(/[\u2500-\u259f┃╹▣]+/g, ' ').trim())
    .filter((line) => /[\p{L}\p{N}]{2}/u.test(line));
  return lines.slice(-2).join(' | ').slice(0, 160);
}
