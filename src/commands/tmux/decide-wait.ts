import type { State } from '../../activity/types.ts';
import type { AgentStatus } from './status.ts';

/** States that one can wait for. */
export type WaitedState = Exclude<State, 'STARTING' | 'RUNNING'>;

/** `WAITING`: somebody must answer a question before what was waited for can come. `GONE`: it can never come. */
export type WaitEnd = 'reached' | 'waiting' | 'gone';

export interface WaitRule {
  readonly until: ReadonlySet<WaitedState>;
  /** `any`: one agent is enough. */
  readonly mode: 'all' | 'any';
  /** A state that an agent was in from the beginning does not count. */
  readonly next: boolean;
}

/** One of the agents waited for. */
export interface WaitedAgent {
  readonly name: string;
  /** As it was when first looked at. */
  readonly first: AgentStatus | undefined;
  /** As it is now; undefined: its pane is gone. */
  readonly now: AgentStatus | undefined;
}

/** Where one agent stands: what was waited for, something that stands in the way of it, or neither yet. */
export function placeAgent({ first, now }: WaitedAgent, rule: WaitRule): WaitEnd | 'pending' {
  // Who waits for an agent's end need not know that its pane went with it.
  if (now === undefined) return rule.until.has('EXITED') ? 'reached' : 'gone';
  const { state } = now;
  if (isWaited(state, rule.until) && !(rule.next && first && isSame(first, now))) return 'reached';
  if (state === 'EXITED') return 'gone';
  return state === 'WAITING' && !rule.until.has('WAITING') ? 'waiting' : 'pending';
}

/** How the wait ends now; undefined: it goes on. */
export function decideWait(agents: readonly WaitedAgent[], rule: WaitRule): WaitEnd | undefined {
  const places = agents.map((agent) => placeAgent(agent, rule));
  if (rule.mode === 'any') {
    if (places.includes('reached')) return 'reached';
    if (places.includes('pending')) return undefined;
    return places.includes('waiting') ? 'waiting' : 'gone';
  }
  if (places.includes('gone')) return 'gone';
  if (places.includes('waiting')) return 'waiting';
  return places.includes('pending') ? undefined : 'reached';
}

function isWaited(state: State, until: ReadonlySet<string>): boolean {
  return until.has(state);
}

function isSame(first: AgentStatus, now: AgentStatus): boolean {
  return first.run === now.run && first.state === now.state && first.since === now.since;
}
