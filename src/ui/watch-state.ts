import type { WatchedAgent, WatchSnapshot } from '../commands/tmux/watch.ts';

/** What the view shows. Texts are as the agents wrote them: components clean what they draw. */
export interface WatchState {
  readonly snapshot: WatchSnapshot;
  /** Key of the selected agent; undefined when there is none. */
  readonly selected: string | undefined;
  /** What stands below the list. */
  readonly panel: 'preview' | 'help';
}

export type WatchAction =
  | { readonly kind: 'look'; readonly snapshot: WatchSnapshot }
  /** Selects so many agents further down (negative: up). */
  | { readonly kind: 'move'; readonly by: number }
  | { readonly kind: 'toggle-help' }
  | { readonly kind: 'close' };

/** The state at the start: the first look, and the agent that needs the user most. */
export function openWatch(snapshot: WatchSnapshot): WatchState {
  const first = snapshot.agents.find(({ state }) => state === 'WAITING') ?? snapshot.agents[0];
  return { snapshot, selected: first && keyOf(first), panel: 'preview' };
}

/** One step of the view. Pure; returns the same object when nothing changes. */
export function reduceWatch(state: WatchState, action: WatchAction): WatchState {
  switch (action.kind) {
    case 'look':
      return { ...state, snapshot: action.snapshot, selected: keepSelected(state, action.snapshot) };
    case 'move':
      return select(state, findSelected(state) + action.by);
    case 'toggle-help':
      return { ...state, panel: state.panel === 'help' ? 'preview' : 'help' };
    case 'close':
      return state.panel === 'preview' ? state : { ...state, panel: 'preview' };
  }
}

/** Names one agent for as long as it lives: restarted under its name it is another one. */
export function keyOf(agent: WatchedAgent): string {
  return `${agent.session}/${agent.agent}/${agent.run}`;
}

/** Index of the selected agent in the snapshot; 0 when there is none. */
export function findSelected({ snapshot, selected }: WatchState): number {
  return Math.max(
    0,
    snapshot.agents.findIndex((agent) => keyOf(agent) === selected),
  );
}

function select(state: WatchState, index: number): WatchState {
  const { agents } = state.snapshot;
  const agent = agents[Math.min(Math.max(index, 0), agents.length - 1)];
  const selected = agent && keyOf(agent);
  return selected === state.selected ? state : { ...state, selected };
}

/** The selection stays with its agent, passes to the one restarted under its name, else to its neighbour. */
function keepSelected(state: WatchState, { agents }: WatchSnapshot): string | undefined {
  if (agents.some((agent) => keyOf(agent) === state.selected)) return state.selected;
  const index = findSelected(state);
  const last = state.snapshot.agents[index];
  const heir =
    agents.find(({ session, agent }) => session === last?.session && agent === last.agent) ??
    agents[Math.min(index, agents.length - 1)];
  return heir && keyOf(heir);
}
