import type { Change, Told } from '../../activity/find-changes.ts';
import { findHistoryFile, type HistoryFact } from '../../activity/history.ts';
import type { Announcer } from '../../activity/monitor.ts';
import { HistoryReader } from '../../activity/read-history.ts';
import { readStored } from '../../activity/stored-state.ts';
import type { ObservedSession } from '../../session/observed.ts';
import { readWish, updateWishAgent } from '../../session/wish.ts';
import type { TmuxContext } from './context.ts';
import { notifyUser } from './notify.ts';
import { isForgotten, purgeSession } from './purge.ts';
import { nameAgent, recordFact } from './record-fact.ts';

/** News that a slow command of the user's keeps waiting are no news any more. */
const MAX_WAITING = 20;

/** Tells what a monitor sees: to the session's history, then to the user, who is told nothing twice. */
export function makeAnnouncer(context: Pick<TmuxContext, 'tmux' | 'env' | 'clock'>): Announcer {
  let notices: Promise<void> = Promise.resolve();
  let waiting = 0;
  const conversations = new Map<string, string>();
  return {
    recall: (session) => recallTold(context, session),
    announce: async (changes) => {
      for (const change of changes) {
        await recordFact(context, change.session, describeChange(change));
        if (change.session.stopping) await dropForgotten(context, change.session);
        await noteConversation(context, change, conversations);
      }
      // The monitor goes on looking while a slow command of the user's runs.
      if (waiting >= MAX_WAITING) return;
      waiting++;
      notices = notices
        .then(() => notifyUser(context, changes))
        .catch(() => undefined)
        .finally(() => {
          waiting--;
        });
    },
    announceGone: async (sessions) => {
      for (const session of sessions) {
        const entries = await new HistoryReader(findHistoryFile(context.env, session)).readNew();
        // `stop` has told of its own.
        // It was resumed before its end was seen.
        const wish = await readWish(context.env, session.id).catch(() => undefined);
        if (wish && wish.createdAt !== session.createdAt) continue;
        const last = entries.findLast(({ kind }) => kind === 'session');
        if (last?.kind === 'session' && last.to !== 'resumed') continue;
        await recordFact(context, session, { kind: 'session', to: 'gone' });
        await dropForgotten(context, session);
      }
    },
  };
}

/** `stop --purge` may have been quicker: what was written behind it goes too. */
async function dropForgotten({ env }: Pick<TmuxContext, 'env'>, session: ObservedSession): Promise<void> {
  if (await isForgotten(env, session.id)) await purgeSession(env, session).catch(() => undefined);
}

/** Keeps in the wish which conversation an agent is in: where a session is resumed, it goes on with that. */
async function noteConversation(
  { env }: Pick<TmuxContext, 'env'>,
  { session, pane, conversation }: Change,
  noted: Map<string, string>,
): Promise<void> {
  if (conversation === undefined || noted.get(pane.run) === conversation) return;
  noted.set(pane.run, conversation);
  await updateWishAgent(env, session.id, pane.agent, (agent) =>
    agent.run === pane.run ? { ...agent, conversation } : agent,
  ).catch(() => undefined);
}

async function recallTold(
  { env }: Pick<TmuxContext, 'env'>,
  session: ObservedSession,
): Promise<ReadonlyMap<string, Told>> {
  const told = new Map<string, Told>();
  for (const entry of await new HistoryReader(findHistoryFile(env, session)).readNew()) {
    if (entry.kind === 'state') told.set(entry.run, { state: entry.to, asked: entry.question?.what });
  }
  if (told.size > 0) return told;
  // No history could be written, or none was: what stands in the panes is all that is known.
  for (const pane of session.panes) {
    const stored = readStored(pane);
    if (stored) told.set(pane.run, { state: stored.state, asked: stored.question?.what });
  }
  return told;
}

function describeChange({ pane, from, verdict }: Change): HistoryFact {
  const { state, since, reason, witness, question } = verdict;
  return {
    kind: 'state',
    ...nameAgent(pane),
    from: from ?? null,
    to: state,
    since,
    reason,
    witness,
    question: question ?? null,
    ...(state === 'EXITED' ? { exit: pane.exit } : {}),
  };
}
