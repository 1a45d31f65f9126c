import type { Question } from '../activity/types.ts';
import type { Proof } from './outcome.ts';

/** What became of an answer. */
export type AnswerOutcome =
  /** The question is gone, or another one stands in its place. */
  | 'answered'
  /** A key was pressed, and the question still stands. */
  | 'pressed'
  | 'unconfirmed'
  /** Nothing is asked. */
  | 'no-question'
  /** Another question stands than the one that was meant. */
  | 'changed'
  /** The question offers no such answer. */
  | 'no-choice'
  | 'not-ready'
  | 'exited'
  | 'not-found';

export interface AnswerResult {
  readonly outcome: AnswerOutcome;
  readonly proof: Proof;
  /** One line for people: why, or what came of it. */
  readonly detail: string;
  /** What was asked, where something was. */
  readonly question?: Question | undefined;
  /** The option that was chosen, the words that were typed, the key. */
  readonly says?: string | undefined;
  /** When the keys went in, ms since the epoch. */
  readonly givenAt?: number | undefined;
  /** The question that stands now, where one does. */
  readonly next?: Question | undefined;
}

const EXIT_CODES: Readonly<Record<AnswerOutcome, number>> = {
  answered: 0,
  pressed: 0,
  unconfirmed: 7,
  'no-question': 5,
  changed: 6,
  'no-choice': 6,
  'not-ready': 124,
  exited: 5,
  'not-found': 3,
};

/** The exit code of one outcome. */
export function findAnswerExitCode(outcome: AnswerOutcome): number {
  return EXIT_CODES[outcome];
}

/** What was not answered, and why. */
export function refuseAnswer(
  outcome: AnswerOutcome,
  detail: string,
  more: Pick<AnswerResult, 'question' | 'says' | 'next'> = {},
): AnswerResult {
  return { outcome, proof: 'none', detail, ...more };
}
