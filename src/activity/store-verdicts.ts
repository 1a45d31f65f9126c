import { encodeText } from '../session/observed.ts';
import { formatChain } from '../tmux/quote.ts';
import type { JudgedPane } from './judge-panes.ts';

/** One line for `source-file -` that writes a verdict to its pane's options; the pane may be gone by then. */
export function formatStore({ pane, verdict, tracking }: JudgedPane): string {
  const set = (name: string, value: string): readonly string[] => [
    'set-option',
    '-p',
    '-t',
    pane.pane,
    name,
    value,
  ];
  return formatChain([
    set('@adr_state', verdict.state),
    set('@adr_since', `${verdict.since}`),
    set('@adr_progress_at', `${verdict.progressAt}`),
    set('@adr_witness', verdict.witness),
    set('@adr_question', verdict.question ? JSON.stringify(verdict.question) : ''),
    set('@adr_reason', encodeText(verdict.reason)),
    set('@adr_track', JSON.stringify(tracking)),
  ]);
}
