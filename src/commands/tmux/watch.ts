import { setTimeout as delay } from 'node:timers/promises';
import type { HistoryEntry } from '../../activity/history.ts';
import { AdrError } from '../../errors.ts';
import { suggestName } from '../../suggest.ts';
import { readBranch } from '../../system/git-branch.ts';
import type { TmuxContext } from './context.ts';
import { type AgentStatus, readStatus, type SessionStatus } from './status.ts';
import { WatchHistory } from './watch-history.ts';
import { WatchScreens } from './watch-screens.ts';

export interface WatchRequest {
  /** Undefined: all sessions. */
  readonly session?: string | undefined;
  /** Only this agent. */
  readonly agent?: string | undefined;
  readonly intervalMs: number;
  /** Go on when nothing is left to watch: sessions may start later. */
  readonly stay?: boolean | undefined;
  /** For a view: histories, branches, and the screen of the pane this names with its colours. */
  readonly view?: { readonly previewed: () => string | undefined; readonly nudge: Nudge } | undefined;
  readonly signal: AbortSignal;
}

export interface WatchedAgent extends AgentStatus {
  readonly session: string;
  /** The visible screen, plain text; empty when the pane is gone. */
  readonly screen: string;
  /** The same with its colours, as tmux prints it; where it was previewed since it is this. */
  readonly styled?: string | undefined;
  /** The last thing on it that says something. */
  readonly snippet: string;
}

export interface WatchedSession extends SessionStatus {
  readonly branch?: string | undefined;
  /** Oldest first; only for a view. */
  readonly history?: readonly HistoryEntry[] | undefined;
}

/** All agents at one moment. */
export interface WatchSnapshot {
  readonly at: number;
  readonly sessions: readonly WatchedSession[];
  readonly agents: readonly WatchedAgent[];
}

/** Makes the next look come at once. */
export class Nudge {
  #wake: () => void = () => undefined;

  ring(): void {
    this.#wake();
  }

  /** Resolves with the next ring. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
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
  const memory = { screens: new WatchScreens(context.tmux), history: new WatchHistory(context.env) };
  const look: Look = () => takeSnapshot(context, request, memory);
  const first = await look();
  requireAgent(first, request);
  yield first;
  if (isOver(first, request)) return;
  let failures = 0;
  for (;;) {
    await pause(request.intervalMs, request);
    if (request.signal.aborted) return;
    try {
      const snapshot = await lookAgain(context, request, look);
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
async function lookAgain(context: TmuxContext, request: WatchRequest, look: Look): Promise<WatchSnapshot> {
  const snapshot = await lookOrFindNothing(context, look);
  if (snapshot.agents.length > 0) return snapshot;
  await pause(CONFIRM_MS, { signal: request.signal });
  return lookOrFindNothing(context, look);
}

type Look = () => Promise<WatchSnapshot>;

async function lookOrFindNothing(context: TmuxContext, look: Look): Promise<WatchSnapshot> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AdrError) || error.code !== 'SESSION_NOT_FOUND') throw error;
    return { at: context.clock.now(), sessions: [], agents: [] };
  }
}

async function takeSnapshot(
  context: TmuxContext,
  request: WatchRequest,
  memory: { readonly screens: WatchScreens; readonly history: WatchHistory },
): Promise<WatchSnapshot> {
  const { screens, history } = memory;
  const previewed = request.view?.previewed();
  const server = await screens.look(previewed);
  const { at, sessions } = await readStatus(context, request.session, { server });
  const wanted = sessions.flatMap((session) =>
    selectAgents(session, request.agent).map((agent) => ({ ...agent, session: session.name })),
  );
  await screens.follow(wanted.map(({ pane }) => pane));
  const agents = await Promise.all(
    wanted.map(async (agent): Promise<WatchedAgent> => {
      const type = await context.types.findUsable(agent.type);
      const { screen, styled } = screens.get(agent.pane);
      const snippet = agent.state === 'WAITING' ? '' : screens.cutSnippet(agent.pane, type?.signs);
      return { ...agent, screen, snippet, ...(styled === undefined ? {} : { styled }) };
    }),
  );
  return { at, sessions: request.view ? await describeSessions(sessions, history) : sessions, agents };
}

async function describeSessions(
  sessions: readonly SessionStatus[],
  history: WatchHistory,
): Promise<readonly WatchedSession[]> {
  const histories = await history.read(sessions);
  return Promise.all(
    sessions.map(async (session) => ({
      ...session,
      branch: await readBranch(session.workspace),
      history: histories.get(session.id),
    })),
  );
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

async function pause(ms: number, { signal, view }: Pick<WatchRequest, 'signal' | 'view'>): Promise<void> {
  const over = new AbortController();
  const time = delay(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(
    () => undefined,
  );
  await (view ? Promise.race([time, view.nudge.wait()]) : time);
  over.abort();
}
