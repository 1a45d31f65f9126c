import type { AgentEvent, Pattern, QuestionKind } from '../agents/types.ts';

export type State = 'STARTING' | 'RUNNING' | 'IDLE' | 'WAITING' | 'STALLED' | 'EXITED';

export type Witness = 'report' | 'screen';

/** What one look at a pane shows. Everything the classifier knows of the outside, time included. */
export interface Observation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly screen: string;
  readonly title: string;
  /** `120x40`; a change of it is not progress. */
  readonly size: string;
  readonly dead: boolean;
  /** Undefined while alive, null when tmux does not know it. */
  readonly exit?: number | null | undefined;
  /** When it died, exact to a second; undefined while alive, or unknown. */
  readonly diedAt?: number | undefined;
  /** When a question was last answered by a command of ours; undefined: none was. */
  readonly answeredAt?: number | undefined;
  /** Events reported since the observation before, oldest first. */
  readonly events: readonly AgentEvent[];
}

/** A verdict with its reason, its witness and the times that go with it (ms since the epoch). */
export interface Verdict {
  readonly state: State;
  /** One line for people: `Bash: npm test`, `model`, `retrying: 429`, `error: 401`, `exit 3`... may be empty. */
  readonly reason: string;
  readonly witness: Witness;
  /** What is asked, while WAITING. */
  readonly question?: Question | undefined;
  readonly since: number;
  readonly progressAt: number;
  /** The rule that decided and the line or report it decided on, for `explain`. */
  readonly rule: string;
  readonly evidence: string;
}

/** What an agent asks. Only `kind` and `what` are known where the question is reported and not (yet) on the screen. */
export interface Question {
  readonly kind: QuestionKind;
  /** What it is about: the command, the file, the words of the question. */
  readonly what: string;
  /** Names this very question, so that no other one is answered. */
  readonly id?: string;
  /** The question as the screen words it. */
  readonly title?: string;
  /** In the order of the screen; empty where it shows none. */
  readonly options?: readonly QuestionOption[];
  /** Words of the user's own answer it. */
  readonly text?: true;
}

export interface QuestionOption {
  /** The number that `answer` knows it by: the screen's own, else its place. */
  readonly key: string;
  readonly label: string;
  readonly means?: 'yes' | 'no' | 'always';
  readonly selected?: true;
}

/** What one screen says, read by an agent type's signs. */
export interface ScreenReading {
  /** The composer's own text, empty when only a placeholder stands there; undefined when it is not seen. */
  readonly composer: { readonly text: string; readonly mode: 'prompt' | 'shell' | 'other' } | undefined;
  readonly busy: string | undefined;
  /** The busy sign is of a kind that never stands still. */
  readonly busyMoves?: boolean | undefined;
  readonly retrying: string | undefined;
  /** The tool that runs, where the screen names it. */
  readonly tool: string | undefined;
  readonly dialog: { readonly kind: QuestionKind; readonly what: string } | undefined;
  /** The line that the dialog begins on. */
  readonly dialogLine?: number | undefined;
  readonly error: string | undefined;
  /** Something hides the composer and all that stands around it. */
  readonly view?: string | undefined;
  /** The title says that nothing is at work. */
  readonly rests?: boolean | undefined;
  /** The last line above an empty composer, where it may belong to a reply that streams. */
  readonly stream?: string | undefined;
  /** The title is one that the agent sets. */
  readonly titled?: boolean | undefined;
  /** The lines these were read from, for `explain`. */
  readonly evidence: Readonly<
    Partial<Record<'composer' | 'busy' | 'retrying' | 'tool' | 'dialog' | 'error' | 'view', string>>
  >;
  /** The patterns that proved them. */
  readonly patterns?: Readonly<Partial<Record<keyof ScreenReading['evidence'], Pattern>>>;
}
