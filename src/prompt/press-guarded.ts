import type { TmuxClient } from '../tmux/client.ts';
import { formatChain, formatCommand } from '../tmux/quote.ts';

const MAX_LINES = 24;
const MAX_CHARACTERS = 40;

/** What must hold in the tmux server itself when a key is pressed. */
export interface PressGuard {
  readonly pane: string;
  /** The run that was asked about: its pane may have been given a new one. */
  readonly run: string;
  /** Texts that must each stand on some line of the visible screen. */
  readonly lines: readonly string[];
}

/**
 * Presses keys, or types text, only if the pane is alive, holds that run, takes input of its own, and its screen shows
 * all these lines: tested by the tmux server in the command that presses, where nothing can come between (`#{C:}`
 * searches the visible screen; tried on 3.3a). Leaves copy mode first, which swallows keys.
 */
export async function pressGuarded(
  tmux: TmuxClient,
  guard: PressGuard,
  keys: { readonly keys: readonly string[] } | { readonly text: string },
): Promise<'pressed' | 'changed' | 'dead' | 'gone'> {
  const { pane, run } = guard;
  const send = 'keys' in keys ? keys.keys : ['-l', '--', keys.text];
  const cancel = formatCommand(['send-keys', '-t', pane, '-X', 'cancel']);
  const press = formatChain([
    ['if-shell', '-F', '-t', pane, '#{pane_in_mode}', cancel],
    ['send-keys', '-t', pane, ...send],
    ['display-message', '-p', 'PRESSED'],
  ]);
  const tests = [
    `#{==:#{@adr_run},${run}}`,
    '#{==:#{pane_input_off},0}',
    '#{==:#{pane_synchronized},0}',
    ...guard.lines.slice(-MAX_LINES).flatMap(buildLineTest),
  ];
  const answer = await tmux.batch([
    // A missing target is no error of `if-shell`'s: it takes the pane for one without options (3.3a).
    formatCommand(['list-panes', '-t', pane, '-f', `#{==:#{pane_id},${pane}}`, '-F', 'HERE']),
    formatCommand([
      'if-shell',
      '-F',
      '-t',
      pane,
      '#{pane_dead}',
      formatCommand(['display-message', '-p', 'DEAD']),
      formatCommand([
        'if-shell',
        '-F',
        '-t',
        pane,
        joinTests(tests),
        press,
        formatCommand(['display-message', '-p', 'CHANGED']),
      ]),
    ]),
  ]);
  if (!answer.stdout.includes('HERE')) return 'gone';
  if (answer.stdout.includes('PRESSED')) return 'pressed';
  if (answer.stdout.includes('DEAD')) return 'dead';
  return 'changed';
}

/** A search for the line's start; what tmux's formats and patterns would take for their own stands for any character. */
function buildLineTest(line: string): readonly string[] {
  const text = [...line.trim()].slice(0, MAX_CHARACTERS).join('').trim();
  const pattern = text.replace(/[^\p{L}\p{N}❯›▸▶→➜ ._/=-]/gu, '?');
  return /[\p{L}\p{N}]/u.test(pattern) ? [`#{C:${pattern}}`] : [];
}

/** Formats know "and" of two: in halves, so that the nesting stays shallow. */
function joinTests(tests: readonly string[]): string {
  if (tests.length <= 1) return tests[0] ?? '1';
  const half = Math.ceil(tests.length / 2);
  return `#{&&:${joinTests(tests.slice(0, half))},${joinTests(tests.slice(half))}}`;
}
