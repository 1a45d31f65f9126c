import { join } from 'node:path';
import { AdrError } from '../../errors.ts';
import { findSession } from '../../session/find-session.ts';
import { type ObservedSession, observeServer } from '../../session/observed.ts';
import type { SessionFacts } from '../../session/pane-plan.ts';
import { findWishDirectory, readWish, type Wish } from '../../session/wish.ts';
import { withFileLock } from '../../system/file-lock.ts';
import type { TmuxContext } from './context.ts';
import { selectPaneEnvironment } from './launch-agents.ts';

/** A change of a session's panes takes a moment; who cannot begin within this time is told. */
const PATIENCE_MS = 30_000;

/** Does `work` while nobody else adds panes to this session or takes some away. Throws LOCKED. */
export async function withSessionChange<T>(
  { env }: Pick<TmuxContext, 'env'>,
  id: string,
  work: () => Promise<T>,
): Promise<T> {
  return withFileLock(join(findWishDirectory(env), `${id}.change`), work, PATIENCE_MS);
}

/**
 * The session as it is now, the very one of that id, for a change of its panes. Throws SESSION_NOT_FOUND, REFUSED when
 * it is being stopped or all its panes were moved away.
 */
export async function findChangeable(
  { tmux }: Pick<TmuxContext, 'tmux'>,
  name: string,
  id: string,
): Promise<ObservedSession> {
  const session = findSession(await observeServer(tmux), name);
  if (session.id !== id) {
    throw new AdrError('SESSION_NOT_FOUND', `session "${name}" was ended and started anew meanwhile`, {
      hint: `look: adr-tmux status ${name}`,
    });
  }
  if (session.stopping) {
    throw new AdrError('REFUSED', `session "${name}" is being stopped`, {
      hint: `if that stop was killed: adr-tmux stop ${name}`,
    });
  }
  if (session.key !== '') return session;
  throw new AdrError('REFUSED', `all panes of session "${name}" were moved to other tmux sessions`, {
    hint: `stop it and start it anew: adr-tmux stop ${name}`,
  });
}

/** What the user wants of a running session. Throws REFUSED when it is not known any more. */
export async function needWish({ env }: Pick<TmuxContext, 'env'>, session: ObservedSession): Promise<Wish> {
  const wish = await readWish(env, session.id);
  if (wish) return wish;
  throw new AdrError('REFUSED', `it is not known any more what session "${session.name}" was started with`, {
    hint: `its file is gone; stop it and start it anew: adr-tmux stop ${session.name}`,
  });
}

/** What is said of a session in tmux. */
export function toFacts({ env }: Pick<TmuxContext, 'env'>, session: ObservedSession): SessionFacts {
  const { name, id, workspace, engine, context, createdAt } = session;
  return {
    ...{ session: name, sessionId: id, workspace, engine, context, createdAt },
    env: selectPaneEnvironment(env),
  };
}
