import type { ObservedPane, ObservedSession } from '../session/observed.ts';
import type { JudgedPane } from './judge-panes.ts';
import type { State, Verdict } from './types.ts';

/** What was last told of a run, to the history and to the user. */
export interface Told {
  readonly state: State;
  /** ms since the epoch; undefined: told by a monitor before this one, whose screens we have not seen. */
  readonly since?: number | undefined;
  readonly asked?: string | undefined;
}

/** A state that began, or one that began anew: another turn, another question. */
export interface Change {
  readonly session: ObservedSession;
  readonly pane: ObservedPane;
  readonly from: State | undefined;
  readonly verdict: Omit<Verdict, 'rule' | 'evidence'>;
  /** It was over before anybody saw it. */
  readonly passed?: boolean | undefined;
  /** The agent's own id of the conversation it is in. */
  readonly conversation?: string | undefined;
}

/** What is to be told now, given what was told of each run. */
export function findChanges(
  judged: readonly JudgedPane[],
  told: ReadonlyMap<string, Told>,
): readonly Change[] {
  return judged.flatMap((judgement) => {
    const { session, pane, verdict, tracking } = judgement;
    const { conversation } = tracking.memory.facts;
    const last = told.get(pane.run);
    if (last && isTold(last, verdict)) return [];
    const passed = findPassed(judgement, last);
    const from = passed.at(-1)?.verdict.state ?? last?.state;
    return [...passed, { session, pane, from, verdict, conversation }];
  });
}

/** What came and went since something was told, by the agent's own reports. */
function findPassed(
  { session, pane, verdict, passed }: JudgedPane,
  last: Told | undefined,
): readonly Change[] {
  const { since } = last ?? {};
  if (since === undefined) return [];
  const over = passed.filter((state) => state.since > since && state.since < verdict.since);
  const changes: Change[] = [];
  for (const state of over) {
    const from = changes.at(-1)?.verdict.state ?? last?.state;
    const told = { ...state, witness: 'report', progressAt: state.since } as const;
    if (state.state !== from) changes.push({ session, pane, from, verdict: told, passed: true });
  }
  // The last of them may be the state that stands, dated by the report that opened it.
  return changes.at(-1)?.verdict.state === verdict.state ? changes.slice(0, -1) : changes;
}

function isTold(last: Told, verdict: Change['verdict']): boolean {
  if (last.state !== verdict.state || last.asked !== verdict.question?.what) return false;
  return last.since === undefined || last.since === verdict.since;
}

/** What stands as told once a change was. */
export function toTold({ verdict }: Pick<Change, 'verdict'>): Told {
  return { state: verdict.state, since: verdict.since, asked: verdict.question?.what };
}

/**
 * Agents whose pane went while their session stayed: they have ended, nobody knows how. A pane stays when its agent
 * ends by itself, so somebody meant it. `at` in ms.
 */
export function findLost(
  before: readonly ObservedSession[],
  now: readonly ObservedSession[],
  told: ReadonlyMap<string, Told>,
  at: number,
): readonly Change[] {
  const sessions = new Map(now.map((session) => [session.id, session]));
  const runs = new Set(now.flatMap(({ panes }) => panes.map(({ run }) => run)));
  return before.flatMap(({ id, panes }) => {
    const session = sessions.get(id);
    if (!session) return [];
    return panes.flatMap((pane): readonly Change[] => {
      const from = told.get(pane.run)?.state;
      // A pane that still stands runs its agent again.
      if (runs.has(pane.run) || from === 'EXITED' || isReused(session, pane)) return [];
      const reason = 'its pane is gone';
      const verdict = { state: 'EXITED', reason, witness: 'screen', since: at, progressAt: at } as const;
      return [{ session, pane: { ...pane, dead: true, exit: null, ending: true }, from, verdict }];
    });
  });
}

function isReused(session: ObservedSession, { pane }: ObservedPane): boolean {
  return session.panes.some((other) => other.pane === pane);
}
