import { isDeepStrictEqual } from 'node:util';
import type { WatchedAgent, WatchedSession, WatchSnapshot } from '../commands/tmux/watch.ts';
import type { Editor } from './editor.ts';
import type { Effect, Target } from './effects.ts';

/** What stands below the list while nothing is being written. */
export type Panel = 'preview' | 'events' | 'help';

/** What the keyboard is for at the moment. */
export type Mode =
  | { readonly kind: 'browse' }
  /** The words that agents are looked for with; `before` comes back with Escape. */
  | { readonly kind: 'filter'; readonly before: string }
  | { readonly kind: 'compose'; readonly to: Target; readonly editor: Editor }
  /** Answering that very question with its option `selected`; `editor` once the user writes an answer of his own. */
  | {
      readonly kind: 'answer';
      readonly to: Target;
      readonly question: NonNullable<WatchedAgent['question']>;
      readonly selected: number;
      readonly editor: Editor | undefined;
    }
  /** One y away from something that cannot be undone. */
  | { readonly kind: 'confirm'; readonly asks: string; readonly effect: Effect };

/** One line for the user, shown for some seconds in the place of the keys. */
export interface Notice {
  readonly text: string;
  readonly bad: boolean;
  /** ms since the epoch */
  readonly at: number;
}

/** What the view shows. Texts are as the agents wrote them: components clean what they draw. */
export interface WatchState {
  readonly snapshot: WatchSnapshot;
  /** Key of the selected agent; undefined when there is none. */
  readonly selected: string | undefined;
  readonly panel: Panel;
  readonly mode: Mode;
  /** Only agents with these words in name, type, session or state are listed. */
  readonly filter: string;
  /** Prompts that were begun and left, by agent. */
  readonly drafts: ReadonlyMap<string, string>;
  readonly notice: Notice | undefined;
}

export type WatchAction =
  | { readonly kind: 'look'; readonly snapshot: WatchSnapshot }
  /** Selects so many agents further down (negative: up). */
  | { readonly kind: 'move'; readonly by: number }
  /** Selects the next agent that needs the user. */
  | { readonly kind: 'next' }
  | { readonly kind: 'panel'; readonly panel: Panel }
  | { readonly kind: 'close' }
  | { readonly kind: 'filter'; readonly text: string }
  | { readonly kind: 'mode'; readonly mode: Mode }
  | { readonly kind: 'draft'; readonly agent: string; readonly text: string }
  | { readonly kind: 'notice'; readonly notice: Notice };

const NEEDS_USER: ReadonlySet<string> = new Set(['WAITING', 'STALLED', 'EXITED']);

/** The state at the start: the first look, and the agent that needs the user most. */
export function openWatch(snapshot: WatchSnapshot): WatchState {
  const first = snapshot.agents.find(({ state }) => state === 'WAITING') ?? snapshot.agents[0];
  return {
    snapshot,
    selected: first && keyOf(first),
    panel: 'preview',
    mode: { kind: 'browse' },
    filter: '',
    drafts: new Map(),
    notice: undefined,
  };
}

/** One step of the view. Pure; returns the same object when nothing changes. */
export function reduceWatch(state: WatchState, action: WatchAction): WatchState {
  switch (action.kind) {
    case 'look':
      if (isSameView(state.snapshot, action.snapshot)) return state;
      return keepQuestion({
        ...state,
        snapshot: action.snapshot,
        selected: keepSelected(state, action.snapshot),
      });
    case 'move':
      return select(state, findSelected(state) + action.by);
    case 'next':
      return selectNext(state);
    case 'panel':
      return { ...state, panel: state.panel === action.panel ? 'preview' : action.panel };
    case 'close':
      if (state.panel !== 'preview') return { ...state, panel: 'preview' };
      return state.filter === '' ? state : { ...state, filter: '' };
    case 'filter':
      return keepVisible({ ...state, filter: action.text });
    case 'mode':
      return { ...state, mode: action.mode };
    case 'draft':
      return { ...state, drafts: keepDraft(state.drafts, action.agent, action.text) };
    case 'notice':
      return { ...state, notice: action.notice };
  }
}

/** Whether nothing that is shown differs: looks that find nothing new need no new frame. */
function isSameView(before: WatchSnapshot, now: WatchSnapshot): boolean {
  return (
    before.agents.length === now.agents.length &&
    before.sessions.length === now.sessions.length &&
    now.agents.every((agent, index) => isSameAgent(before.agents[index], agent)) &&
    now.sessions.every((session, index) => isSameSession(before.sessions[index], session))
  );
}

function isSameAgent(before: WatchedAgent | undefined, now: WatchedAgent): boolean {
  if (before?.screen !== now.screen || before.styled !== now.styled) return false;
  const { screen: _screen, styled: _styled, lookedAt: _lookedAt, ...rest } = now;
  const { screen, styled, lookedAt, ...old } = before;
  return isDeepStrictEqual(old, rest);
}

function isSameSession(before: WatchedSession | undefined, now: WatchedSession): boolean {
  if (!before || before.history !== now.history) return false;
  const { history: _history, agents: _agents, ...rest } = now;
  const { history, agents, ...old } = before;
  return isDeepStrictEqual(old, rest);
}

/** The option that Enter takes at first: the one that the agent itself offers. */
export function findOffered({ options = [] }: NonNullable<WatchedAgent['question']>): number {
  return Math.max(
    0,
    options.findIndex(({ selected }) => selected === true),
  );
}

/**
 * A question may show its options only after it was reported; one that was answered elsewhere is no longer there to be
 * answered. What the user has begun to write stays.
 */
function keepQuestion(state: WatchState): WatchState {
  const { mode, snapshot } = state;
  if (mode.kind !== 'answer' || mode.editor) return state;
  const { to, question } = mode;
  const agent = snapshot.agents.find((entry) => entry.session === to.session && entry.agent === to.agent);
  const now = agent?.state === 'WAITING' && agent.question?.id === question.id ? agent.question : undefined;
  if (!now) {
    const notice: Notice = { text: `${to.agent} asks this no more`, bad: false, at: snapshot.at };
    return { ...state, mode: { kind: 'browse' }, notice };
  }
  const known = (question.options ?? []).length;
  const selected = known === (now.options ?? []).length ? mode.selected : findOffered(now);
  return { ...state, mode: { ...mode, question: now, selected } };
}

/** Names one agent for as long as it lives: restarted under its name it is another one. */
export function keyOf(agent: WatchedAgent): string {
  return `${agent.session}/${agent.agent}/${agent.run}`;
}

/** The agents that the filter lets through. */
export function listVisible({ snapshot, filter }: WatchState): readonly WatchedAgent[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return snapshot.agents;
  return snapshot.agents.filter(({ session, agent, type, state }) => {
    const text = `${session} ${agent} ${type} ${state}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Index of the selected agent among those listed; 0 when there is none. */
export function findSelected(state: WatchState): number {
  return Math.max(
    0,
    listVisible(state).findIndex((agent) => keyOf(agent) === state.selected),
  );
}

/** The selected agent; undefined when none is listed. */
export function getSelected(state: WatchState): WatchedAgent | undefined {
  return listVisible(state)[findSelected(state)];
}

function select(state: WatchState, index: number): WatchState {
  const agents = listVisible(state);
  const agent = agents[Math.min(Math.max(index, 0), agents.length - 1)];
  const selected = agent && keyOf(agent);
  return selected === state.selected ? state : { ...state, selected };
}

/** The next one down, from the top again at the end; WAITING before the others. */
function selectNext(state: WatchState): WatchState {
  const agents = listVisible(state);
  const from = findSelected(state) + 1;
  const order = [...agents.slice(from), ...agents.slice(0, from)];
  const next =
    order.find((agent) => agent.state === 'WAITING') ?? order.find((agent) => NEEDS_USER.has(agent.state));
  return next ? { ...state, selected: keyOf(next) } : state;
}

function keepVisible(state: WatchState): WatchState {
  const agents = listVisible(state);
  if (agents.length === 0 || agents.some((agent) => keyOf(agent) === state.selected)) return state;
  return select(state, 0);
}

function keepDraft(
  drafts: ReadonlyMap<string, string>,
  agent: string,
  text: string,
): ReadonlyMap<string, string> {
  const others = [...drafts].filter(([key]) => key !== agent);
  return new Map(text === '' ? others : [...others, [agent, text]]);
}

/** The selection stays with its agent, passes to the one restarted under its name, else to its neighbour. */
function keepSelected(state: WatchState, { agents }: WatchSnapshot): string | undefined {
  if (agents.some((agent) => keyOf(agent) === state.selected)) return state.selected;
  const index = state.snapshot.agents.findIndex((agent) => keyOf(agent) === state.selected);
  const last = state.snapshot.agents[index];
  const heir =
    agents.find(({ session, agent }) => session === last?.session && agent === last.agent) ??
    agents[Math.min(Math.max(0, index), agents.length - 1)];
  return heir && keyOf(heir);
}
