import type { QuestionKind } from '../agents/types.ts';
import { decodeText, type ObservedPane } from '../session/observed.ts';
import type { Tracking } from './judge-panes.ts';
import type { State, Verdict, Witness } from './types.ts';

/** What `status` shows of an agent. Times in ms since the epoch. */
export interface PaneState {
  readonly state: State;
  readonly reason: string;
  readonly witness: Witness;
  readonly question?: Verdict['question'];
  readonly since: number;
  readonly progressAt: number;
  /** When its screen and reports were last looked at. */
  readonly lookedAt: number;
}

/** Reads the verdict that stands in a pane's options; a pane that is dead by now is EXITED whatever they say. */
export function readStored(pane: ObservedPane): PaneState | undefined {
  const { stored } = pane;
  if (!stored) return undefined;
  const { state, witness, since, progressAt } = stored;
  if (pane.dead && state !== 'EXITED') return undefined;
  return {
    state: state as State,
    witness: witness as Witness,
    reason: decodeText(stored.reason),
    question: parseQuestion(stored.question),
    since,
    progressAt,
    lookedAt: readLookedAt(stored.track),
  };
}

function readLookedAt(track: string): number {
  try {
    const { memory } = JSON.parse(track) as Partial<Tracking>;
    return memory?.lookedAt ?? 0;
  } catch {
    return 0;
  }
}

function parseQuestion(stored: string): Verdict['question'] {
  if (stored === '') return undefined;
  try {
    return JSON.parse(stored) as { readonly kind: QuestionKind; readonly what: string };
  } catch {
    return undefined;
  }
}
