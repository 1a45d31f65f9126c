import { type Composer, emptyComposer } from './composer.ts';
import type { Pace, Step } from './scenario.ts';

/** Something that stands in the transcript. */
export interface Entry {
  readonly kind: 'prompt' | 'reply' | 'tool' | 'note' | 'error';
  readonly text: string;
}

export interface Turn {
  readonly startedAt: number;
  /** What is still to do; the first one is going on since `stepAt`. */
  readonly steps: readonly Step[];
  readonly stepAt: number;
  /** The first step has been begun (its report is written). */
  readonly begun: boolean;
  readonly said: string;
  /** The chosen line of a question, 0 is yes. */
  readonly choice: 0 | 1;
}

/** What the agent tells about itself; the conversation id is added where it is written. */
export type DemoReport =
  | { readonly event: 'ready' }
  | { readonly event: 'prompt'; readonly text: string }
  | { readonly event: 'busy' }
  | { readonly event: 'tool'; readonly name: string; readonly input: string }
  | { readonly event: 'tool-end'; readonly name: string }
  | { readonly event: 'ask'; readonly question: 'approval'; readonly what: string }
  | { readonly event: 'answered'; readonly answer: 'yes' | 'no' }
  | { readonly event: 'turn-end'; readonly message: string }
  | { readonly event: 'error'; readonly message: string; readonly retrying: boolean }
  | { readonly event: 'end'; readonly code: number };

/** What the terminal edge has to do. */
export type Effect =
  | { readonly kind: 'report'; readonly report: DemoReport }
  | { readonly kind: 'exit'; readonly code: number };

export interface DemoState {
  readonly pace: Pace;
  /** `never`: questions are answered with yes, unasked. */
  readonly approvals: 'never' | 'ask';
  readonly workspace: string;
  /** Not ready for keys before this time. */
  readonly readyAt: number;
  readonly ready: boolean;
  readonly transcript: readonly Entry[];
  readonly composer: Composer;
  readonly queue: readonly string[];
  readonly turn: Turn | undefined;
  /** A second Ctrl+C up to this time quits. */
  readonly quitUntil: number;
}

export interface Change {
  readonly state: DemoState;
  readonly effects: readonly Effect[];
}

/** A fresh agent that becomes ready at `readyAt`. */
export function createState(
  options: Pick<DemoState, 'pace' | 'approvals' | 'workspace' | 'readyAt'>,
  transcript: readonly Entry[] = [],
): DemoState {
  return {
    ...options,
    ready: false,
    transcript,
    composer: emptyComposer,
    queue: [],
    turn: undefined,
    quitUntil: 0,
  };
}

/** The question that stands on the screen. */
export function findQuestion(state: DemoState): { readonly command: string } | undefined {
  const step = state.turn?.steps[0];
  return state.turn?.begun && step?.kind === 'ask' ? step : undefined;
}

/** Adds to the transcript; the oldest entries are forgotten. */
export function addEntry(state: DemoState, kind: Entry['kind'], text: string): DemoState {
  return { ...state, transcript: [...state.transcript, { kind, text }].slice(-200) };
}
