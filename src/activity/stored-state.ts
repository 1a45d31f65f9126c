import type { AgentUsage, QuestionKind } from '../agents/types.ts';
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
  /** The agent's own id of its conversation, and what that has used, as far as it told. */
  readonly conversation?: string | undefined;
  readonly usage?: AgentUsage | undefined;
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
    ...readTrack(stored.track),
  };
}

function readTrack(track: string): Pick<PaneState, 'lookedAt' | 'conversation' | 'usage'> {
  try {
    const { memory } = JSON.parse(track) as Partial<Tracking>;
    const { conversation, usage } = memory?.facts ?? {};
    return { lookedAt: memory?.lookedAt ?? 0, conversation, usage };
  } catch {
    return { lookedAt: 0 };
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
