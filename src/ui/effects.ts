/** The agent that is meant, as commands name it. */
export interface Target {
  readonly session: string;
  readonly agent: string;
}

/** Something the view wants done; the view itself only draws. */
export type Effect =
  | { readonly kind: 'leave' }
  /** Gives the terminal back to the shell until the user continues the view (Ctrl+Z). */
  | { readonly kind: 'suspend' }
  /** Shows the agent's pane itself, until the user detaches. */
  | { readonly kind: 'attach'; readonly to: Target }
  | { readonly kind: 'send'; readonly to: Target; readonly text: string }
  /** Answers that very question: `id` names it. */
  | {
      readonly kind: 'answer';
      readonly to: Target;
      readonly id: string | undefined;
      readonly answer: string;
    }
  | { readonly kind: 'interrupt'; readonly to: Target }
  | { readonly kind: 'restart'; readonly to: Target }
  | { readonly kind: 'stop'; readonly session: string };

/** What became of an effect: one line for the user. */
export interface EffectResult {
  readonly text: string;
  readonly bad: boolean;
}

/** What is done outside the view and comes back with a result. */
export type Deed = Exclude<Effect, { readonly kind: 'leave' | 'suspend' | 'attach' }>;
