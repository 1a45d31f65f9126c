/** What became of a prompt. Success is never inferred from tmux's exit status. */
export type Outcome =
  | 'submitted'
  | 'queued'
  | 'typed'
  | 'unconfirmed'
  | 'not-ready'
  | 'composer-busy'
  | 'waiting'
  | 'exited'
  | 'not-found';

/** Who confirms it: the agent's own report, or its screen. */
export type Proof = 'agent' | 'screen' | 'none';

export interface Delivery {
  readonly outcome: Outcome;
  readonly proof: Proof;
  /** One line for people: why, or what stands in the way. */
  readonly detail: string;
  /** The running turn took it in (pi, codex). */
  readonly steered: boolean;
  /** Time of the agent's own report of this prompt, ms since the epoch. */
  readonly reportedAt?: number | undefined;
}

const EXIT_CODES: Readonly<Record<Outcome, number>> = {
  submitted: 0,
  queued: 0,
  typed: 7,
  unconfirmed: 7,
  'not-ready': 124,
  'composer-busy': 6,
  waiting: 6,
  exited: 5,
  'not-found': 3,
};

/** The exit code of one outcome; `typed` is what was asked for when the prompt was not to be submitted. */
export function findExitCode(outcome: Outcome, submit = true): number {
  return outcome === 'typed' && !submit ? 0 : EXIT_CODES[outcome];
}

/** What was not delivered, and why. */
export function refuse(outcome: Outcome, detail: string): Delivery {
  return { outcome, proof: 'none', detail, steered: false };
}
