import { setTimeout as delay } from 'node:timers/promises';
import { findHistoryFile, type HistoryEntry } from '../../activity/history.ts';
import { HistoryReader, listHistories } from '../../activity/read-history.ts';
import { AdrError } from '../../errors.ts';
import { findSession } from '../../session/find-session.ts';
import { type ObservedServer, observeServer } from '../../session/observed.ts';
import { suggestName } from '../../suggest.ts';
import type { TmuxContext } from './context.ts';
import { ensureMonitor } from './ensure-monitor.ts';

export interface EventsRequest {
  /** A running session, or one that has ended. */
  readonly session: string;
  /** Only these agents; none: all. */
  readonly agents: readonly string[];
  /** Only entries from this time on (ms since the epoch). */
  readonly since?: number | undefined;
  /** Only the last so many of those there are. */
  readonly last?: number | undefined;
  /** Goes on with what is added, until the session ends. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

const READ_EVERY_MS = 250;
const LOOK_EVERY_MS = 2_000;
const LAST_WORD_MS = 5_000;

/** A session's history, oldest first. Throws SESSION_NOT_FOUND: none of that name runs, and none is kept. */
export async function* readEvents(
  context: TmuxContext,
  request: EventsRequest,
): AsyncGenerator<HistoryEntry> {
  const found = await findHistory(context, request.session);
  const reader = new HistoryReader(found.path);
  const isWanted = (entry: HistoryEntry): boolean =>
    (request.since === undefined || entry.at >= request.since) && isAbout(entry, request.agents);
  const kept = await reader.readNew();
  requireAgents(kept, found.agents, request);
  const wanted = kept.filter(isWanted);
  yield* request.last === undefined ? wanted : wanted.slice(Math.max(0, wanted.length - request.last));
  if (!request.follow || found.id === undefined) return;
  let lookedAt = context.clock.now();
  let goneAt: number | undefined;
  for (;;) {
    await delay(READ_EVERY_MS, undefined, { signal: request.signal }).catch(() => undefined);
    if (request.signal.aborted) return;
    const entries = await reader.readNew();
    yield* entries.filter(isWanted);
    if (entries.some((entry) => entry.kind === 'session' && entry.to !== 'resumed')) return;
    const now = context.clock.now();
    // Who ended it is about to write so, or else the monitor is.
    if (goneAt !== undefined && now - goneAt >= LAST_WORD_MS) return;
    if (goneAt !== undefined || now - lookedAt < LOOK_EVERY_MS) continue;
    lookedAt = now;
    if (!(await isStanding(context, found.id))) goneAt = now;
  }
}

interface FoundHistory {
  readonly path: string;
  /** Undefined: the session has ended. */
  readonly id: string | undefined;
  readonly agents: readonly string[];
}

async function findHistory(context: TmuxContext, name: string): Promise<FoundHistory> {
  const server = await observeServer(context.tmux);
  try {
    const session = findSession(server, name);
    await ensureMonitor(context, server.monitor);
    const agents = session.panes.map(({ agent }) => agent);
    return { path: findHistoryFile(context.env, session), id: session.id, agents };
  } catch (error) {
    if (!(error instanceof AdrError) || error.code !== 'SESSION_NOT_FOUND') throw error;
  }
  const kept = await listHistories(context.env);
  const wanted = [name, name.replace(/^adr-/, '')];
  const path = kept.find(({ session }) => wanted.includes(session))?.path;
  if (path !== undefined) return { path, id: undefined, agents: [] };
  throw describeMissing(
    name,
    server,
    kept.map(({ session }) => session),
  );
}

function describeMissing(name: string, server: ObservedServer, kept: readonly string[]): AdrError {
  const names = [...new Set([...server.sessions.map((session) => session.name), ...kept])];
  const near = suggestName(name, names);
  return new AdrError('SESSION_NOT_FOUND', `no session "${name}", and no history of one`, {
    hint: near
      ? `did you mean "${near}"?`
      : names.length > 0
        ? `known: ${names.slice(0, 20).join(', ')}`
        : 'start one: adr-tmux start NAME --agent TYPE',
  });
}

function requireAgents(
  kept: readonly HistoryEntry[],
  running: readonly string[],
  { session, agents }: EventsRequest,
): void {
  const names = new Set([...running, ...kept.flatMap((entry) => ('agent' in entry ? [entry.agent] : []))]);
  const unknown = agents.find((agent) => !names.has(agent));
  if (unknown === undefined) return;
  const near = suggestName(unknown, [...names]);
  throw new AdrError('AGENT_NOT_FOUND', `no agent "${unknown}" in session "${session}"`, {
    hint: near ? `did you mean "${near}"?` : `its agents: ${[...names].join(', ')}`,
  });
}

function isAbout(entry: HistoryEntry, agents: readonly string[]): boolean {
  return agents.length === 0 || !('agent' in entry) || agents.includes(entry.agent);
}

/** Whether the session still is; sees to it that somebody writes its history. A failed query is no answer. */
async function isStanding(context: TmuxContext, id: string): Promise<boolean> {
  const server = await observeServer(context.tmux).catch(() => undefined);
  if (!server) return true;
  const stands = server.sessions.some((session) => session.id === id);
  if (stands) await ensureMonitor(context, server.monitor);
  return stands;
}
