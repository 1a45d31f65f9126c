import type { State } from '../../activity/types.ts';
import type { WatchedAgent, WatchSnapshot } from './watch.ts';

/** A state change of one agent, for `watch` where nobody looks at a screen. */
export interface Transition {
  readonly at: number;
  /** The agent as it is now; as it was last seen when it is gone. */
  readonly agent: WatchedAgent;
  /** Undefined when it was not seen before. */
  readonly from: State | undefined;
  readonly to: State | 'GONE';
}

/**
 * Compares two snapshots: one transition per agent that went, came, or whose state or question changed. An
 * agent restarted under its name is another one.
 */
export function findTransitions(
  before: WatchSnapshot | undefined,
  now: WatchSnapshot,
): readonly Transition[] {
  const known = new Map(before?.agents.map((agent) => [keyOf(agent), agent]));
  const present = new Set(now.agents.map(keyOf));
  const gone = [...known.values()].filter((agent) => !present.has(keyOf(agent)));
  return [
    ...gone.map((agent): Transition => ({ at: now.at, agent, from: agent.state, to: 'GONE' })),
    ...now.agents.flatMap((agent): readonly Transition[] => {
      const last = known.get(keyOf(agent));
      return last && isSame(last, agent) ? [] : [{ at: now.at, agent, from: last?.state, to: agent.state }];
    }),
  ];
}

function isSame(last: WatchedAgent, now: WatchedAgent): boolean {
  return last.state === now.state && last.question?.what === now.question?.what;
}

function keyOf(agent: WatchedAgent): string {
  return `${agent.session}/${agent.agent}/${agent.run}`;
}
