import { encodeText } from '../session/observed.ts';
import { formatChain, formatCommand } from '../tmux/quote.ts';
import type { JudgedPane } from './judge-panes.ts';
import type { Verdict } from './types.ts';

/**
 * One line for `source-file -` that writes a verdict to its pane's options, if the pane still holds the very run that
 * was judged and `monitor` (the heartbeat) still stands: a monitor that was asleep must not overwrite what its
 * successor wrote, and a pane of that number on a new server is not ours.
 */
export function formatStore({ pane, verdict, tracking }: JudgedPane, monitor: string): string {
  const set = (name: string, value: string): readonly string[] => [
    'set-option',
    '-p',
    '-t',
    pane.pane,
    name,
    value,
  ];
  const commands = formatChain([
    set('@adr_state', verdict.state),
    set('@adr_since', `${verdict.since}`),
    set('@adr_progress_at', `${verdict.progressAt}`),
    set('@adr_witness', verdict.witness),
    set('@adr_question', formatQuestion(verdict)),
    set('@adr_reason', encodeText(verdict.reason)),
    set('@adr_track', JSON.stringify(tracking)),
  ]);
  const stands = `#{&&:#{==:#{@adr_run},${pane.run}},#{==:#{@adr_monitor},${monitor}}}`;
  return formatCommand(['if-shell', '-F', '-t', pane.pane, stands, commands]);
}

/** What a pane's option holds of its question; empty: none is asked. */
export function formatQuestion({ question }: Pick<Verdict, 'question'>): string {
  return question ? JSON.stringify(question) : '';
}
