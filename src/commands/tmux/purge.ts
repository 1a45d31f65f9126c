import { findHistoryFile } from '../../activity/history.ts';
import { listHistories } from '../../activity/read-history.ts';
import { AdrError } from '../../errors.ts';
import { KEEP_STOPPED_MS, listWishes, readWish, removeWish, type Wish } from '../../session/wish.ts';
import { listNames } from '../../system/directories.ts';
import { removeTree } from '../../system/files.ts';
import { readChangeTime } from '../../system/links.ts';
import { type Environment, findTranscriptDirectory } from '../../system/paths.ts';

/**
 * Removes what is kept of one session: its wish, its transcripts, its history. The wish first: who sees that it is
 * missing writes no history any more. Throws PARTLY_DONE: transcripts of another uid (`--user`) are not ours to remove.
 */
export async function purgeSession(
  env: Environment,
  session: { readonly id: string; readonly name: string },
): Promise<void> {
  await removeWish(env, session.id);
  const history = findHistoryFile(env, session);
  await Promise.all([history, `${history}.1`].map(removeTree));
  const transcripts = findTranscriptDirectory(env, session.id);
  await removeTree(transcripts).catch((cause: unknown) => {
    throw new AdrError('PARTLY_DONE', `transcripts in "${transcripts}" could not be removed`, {
      hint: `make them yours, then remove them: adr fix-owner ${transcripts}`,
      cause,
    });
  });
}

/**
 * Removes what is kept of all sessions that had a name, except those that `isNeeded` names; `end` is called before for
 * each that was not stopped. Gives the ids of those that were there. Throws what `end` does, PARTLY_DONE.
 */
export async function purgeName(
  env: Environment,
  name: string,
  isNeeded: (wish: Wish) => boolean,
  end: (wish: Wish) => Promise<unknown>,
): Promise<readonly string[]> {
  const wishes = (await listWishes(env)).wishes.filter((wish) => wish.name === name);
  const needed = new Set(wishes.filter(isNeeded).map(({ id }) => id));
  const histories = (await listHistories(env)).filter(({ session }) => session === name);
  const ids = [...new Set([...wishes, ...histories].map(({ id }) => id))].filter((id) => !needed.has(id));
  for (const wish of wishes) {
    if (wish.stoppedAt === undefined && !needed.has(wish.id)) await end(wish);
  }
  for (const id of ids) await purgeSession(env, { id, name });
  return ids;
}

/**
 * Removes the wishes of sessions that were stopped long before `now` (ms since the epoch), with their transcripts, and
 * transcripts that no wish tells of.
 */
export async function pruneSessions(env: Environment, now: number): Promise<void> {
  const { wishes } = await listWishes(env);
  const old = wishes.filter(({ stoppedAt }) => stoppedAt !== undefined && now - stoppedAt > KEEP_STOPPED_MS);
  for (const { id } of old) {
    await removeWish(env, id);
    await removeTree(findTranscriptDirectory(env, id)).catch(() => undefined);
  }
  for (const id of await listNames(findTranscriptDirectory(env))) {
    const path = findTranscriptDirectory(env, id);
    const isOld = now - (await readChangeTime(path)) > KEEP_STOPPED_MS;
    if (isOld && (await isForgotten(env, id))) await removeTree(path).catch(() => undefined);
  }
}

/** Whether nothing is wanted of a session any more: it was purged, or its start failed. A damaged wish is one. */
export async function isForgotten(env: Environment, id: string): Promise<boolean> {
  return readWish(env, id).then(
    (wish) => wish === undefined,
    () => false,
  );
}
