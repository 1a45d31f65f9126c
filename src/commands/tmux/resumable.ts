import { basename } from 'node:path';
import { findHistoryFile } from '../../activity/history.ts';
import { listHistories } from '../../activity/read-history.ts';
import { AdrError } from '../../errors.ts';
import { stripPrefix } from '../../session/names.ts';
import type { ObservedServer } from '../../session/observed.ts';
import { KEEP_STOPPED_MS, listWishes, readWish, type Wish } from '../../session/wish.ts';
import { suggestName } from '../../suggest.ts';
import { readFileFacts } from '../../system/files.ts';
import type { TmuxContext } from './context.ts';

/** A session that does not run and can be brought back. */
export interface Resumable {
  readonly wish: Wish;
  /** When it was last heard of: stopped, or the last thing that happened in it (ms since the epoch). */
  readonly endedAt: number;
}

/** What there is to resume on this tmux server. */
export interface ResumableSessions {
  /** One a name, the newest; those that ended last come first. */
  readonly sessions: readonly Resumable[];
  /** Files of wishes that cannot be read. */
  readonly damaged: readonly string[];
}

type LookContext = Pick<TmuxContext, 'env' | 'tmux' | 'clock'>;

/** All sessions of this tmux server that could be resumed: lost ones, and stopped ones while they are kept. */
export async function listResumable(
  { env, tmux, clock }: LookContext,
  server: ObservedServer,
): Promise<ResumableSessions> {
  const { wishes, damaged } = await listWishes(env);
  const running = new Set(server.sessions.flatMap(({ id, name }) => [id, name]));
  const mine = wishes.filter(
    ({ id, name, socket, stoppedAt }) =>
      socket === tmux.socket &&
      !running.has(id) &&
      !running.has(name) &&
      (stoppedAt === undefined || clock.now() - stoppedAt <= KEEP_STOPPED_MS),
  );
  const newest = new Map(mine.map((wish) => [wish.name, wish]));
  const sessions = await Promise.all(
    [...newest.values()].map(async (wish) => ({ wish, endedAt: await findEnd({ env }, wish) })),
  );
  return { sessions: sessions.sort((a, b) => b.endedAt - a.endedAt), damaged };
}

async function findEnd({ env }: Pick<LookContext, 'env'>, wish: Wish): Promise<number> {
  if (wish.stoppedAt !== undefined) return wish.stoppedAt;
  return (await readFileFacts(findHistoryFile(env, wish)))?.modifiedAt ?? wish.createdAt;
}

/**
 * The session of that name that is to be resumed. Throws SESSION_EXISTS: it runs; CONFIG_INVALID: its file is damaged;
 * SESSION_NOT_FOUND.
 */
export async function findResumable(
  context: LookContext,
  server: ObservedServer,
  given: string,
): Promise<Wish> {
  const found = await listResumable(context, server);
  const names = found.sessions.map(({ wish }) => wish.name);
  const running = server.sessions.map(({ name }) => name);
  const name = stripPrefix(given, (known) => names.includes(known) || running.includes(known));
  if (running.includes(name)) throw describeRunning(name);
  const session = found.sessions.find(({ wish }) => wish.name === name);
  if (session) return session.wish;
  await checkDamaged(context, name, found.damaged);
  throw await describeMissing(context, name, names, running);
}

/** The failure of a session that need not be resumed. */
export function describeRunning(session: string): AdrError {
  return new AdrError('SESSION_EXISTS', `session "${session}" is still running`, {
    hint: `look at it: adr-tmux inject ${session}; start its agents anew: adr-tmux restart ${session} --all --resume`,
  });
}

/** A damaged file does not say whose it is; the session's history beside it does. Throws CONFIG_INVALID. */
async function checkDamaged({ env }: LookContext, name: string, damaged: readonly string[]): Promise<void> {
  if (damaged.length === 0) return;
  const histories = (await listHistories(env)).filter(({ session }) => session === name);
  const ids = damaged.map((path) => basename(path, '.json'));
  const id = histories.find((history) => ids.includes(history.id))?.id;
  if (id !== undefined) await readWish(env, id);
}

async function describeMissing(
  { env, tmux }: LookContext,
  name: string,
  names: readonly string[],
  running: readonly string[],
): Promise<AdrError> {
  const { wishes } = await listWishes(env);
  const elsewhere = wishes.find((wish) => wish.name === name && wish.socket !== tmux.socket);
  if (elsewhere) {
    const { socket } = elsewhere;
    const where = socket === undefined ? 'your own tmux server' : `the tmux server "${socket}"`;
    return new AdrError('SESSION_NOT_FOUND', `session "${name}" was on ${where}`, {
      hint:
        socket === undefined
          ? `leave --socket and ADR_TMUX_SOCKET out: adr-tmux resume ${name}`
          : `adr-tmux resume ${name} --socket ${socket}`,
    });
  }
  const near = suggestName(name, names) ?? suggestName(name, running);
  return new AdrError('SESSION_NOT_FOUND', `no session "${name}" to resume`, {
    hint: near
      ? `did you mean "${near}"?`
      : names.length > 0
        ? `there are: ${names.slice(0, 20).join(', ')}`
        : 'stopped sessions are kept for 7 days; start one: adr-tmux start NAME --agent TYPE',
  });
}
