import type { Question } from '../activity/types.ts';
import { cleanLine } from './clean-line.ts';

/** Whom an advice is about. */
export interface Advised {
  readonly session: string;
  readonly agent: string;
}

/** The command that answers an agent's question, and what else it may be answered with. */
export function adviseAnswer(
  { session, agent }: Advised,
  question: Pick<Question, 'options' | 'text'> | null | undefined,
): string {
  const options = question?.options ?? [];
  const meant = [...new Set(options.flatMap(({ means }) => means ?? []))];
  const words =
    meant.length > 0
      ? meant
      : [
          ...options.map(({ key }) => quote(key)),
          ...(options.some(({ label }) => /^(?:\[.\]|[☐☑☒✔])/u.test(label)) ? ['submit'] : []),
          ...(question?.text ? ["'your own words'"] : []),
        ];
  const [first = '--key Enter', ...others] = words;
  const or = others.length === 0 ? '' : ` (or ${others.join(', ')})`;
  return cleanLine(`answer it: adr-tmux answer ${session} --agent ${agent} ${first}${or}`);
}

/** What to do about a prompt or an answer that did not get there, or a turn that did not end well; empty: nothing. */
export function adviseOutcome(who: Advised, outcome: string, question?: Question | null): string {
  const { session, agent } = who;
  const of = `${session} --agent ${agent}`;
  switch (outcome) {
    case 'waiting':
    case 'asked':
    case 'no-choice':
      return question === undefined
        ? `what it asks: adr-tmux status ${session}; answer it: adr-tmux answer ${of} ANSWER`
        : adviseAnswer(who, question);
    case 'changed':
      return `what it asks now: adr-tmux status ${session}`;
    case 'no-question':
      return `what it does: adr-tmux status ${session}; to tell it something: adr-tmux send ${of} TEXT`;
    case 'composer-busy':
      return `see what stands there: adr-tmux inject ${of}; or clear it away: --clear-input`;
    case 'not-ready':
      return `why: adr-tmux explain ${of}; until it is: adr-tmux wait ${of}`;
    case 'exited':
      return `what it said last: adr-tmux capture ${of}; start it again: adr-tmux restart ${of}`;
    case 'not-found':
    case 'gone':
      return `who is there: adr-tmux status ${session}`;
    case 'typed':
      return `look: adr-tmux inject ${of}; submit it: adr-tmux send ${of} --keys Enter`;
    case 'unconfirmed':
      return `look: adr-tmux capture ${of}`;
    case 'timeout':
      return `it goes on; until it is done: adr-tmux wait ${of}; stop it: adr-tmux interrupt ${of}`;
    default:
      return '';
  }
}

function quote(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
