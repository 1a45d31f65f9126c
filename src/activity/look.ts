import { randomBytes } from 'node:crypto';
import { readExit } from '../session/observed.ts';
import type { TmuxAnswer, TmuxClient } from '../tmux/client.ts';
import { describeFailure } from '../tmux/errors.ts';
import { formatFields, parseRows } from '../tmux/fields.ts';
import { formatCommand } from '../tmux/quote.ts';

const FIELDS = {
  dead: 'pane_dead',
  exit: 'pane_dead_status',
  signal: 'pane_dead_signal',
  width: 'pane_width',
  height: 'pane_height',
  mode: 'pane_in_mode',
  inputOff: 'pane_input_off',
  synchronized: 'pane_synchronized',
  cursorX: 'cursor_x',
  cursorY: 'cursor_y',
  deadTime: 'pane_dead_time',
  title: 'pane_title',
} as const;

/** One look at a pane: its flags and its visible screen, taken in the same tmux call. */
export interface PaneLook {
  readonly pane: string;
  readonly dead: boolean;
  readonly exit: number | null;
  /** When it died, in ms since the epoch, exact to a second; undefined while alive, and before tmux 3.3. */
  readonly diedAt?: number | undefined;
  readonly size: string;
  readonly inMode: boolean;
  readonly inputOff: boolean;
  readonly synchronized: boolean;
  readonly cursor: { readonly x: number; readonly y: number };
  readonly title: string;
  readonly screen: string;
}

/** What a look brought: the panes that still are, and what the lines before printed. */
export interface Looks {
  readonly panes: ReadonlyMap<string, PaneLook>;
  readonly printed: string;
  readonly server: 'up' | 'down';
}

/**
 * Looks at panes in one tmux invocation (100 panes: about 9 ms on 3.3a). A pane that is gone is missing from the
 * result. `before` holds command lines to run first, in the same invocation. Throws TMUX_FAILED when the server
 * fails for a reason that we do not know.
 */
export async function lookAtPanes(
  tmux: TmuxClient,
  panes: readonly string[],
  before: readonly string[] = [],
): Promise<Looks> {
  const nonce = randomBytes(8).toString('hex');
  const looks = panes.flatMap((pane, index) => buildLook(nonce, pane, index));
  const answer = await tmux.batch([...before, ...looks]);
  refuseUnknownFailure(answer);
  const printed = answer.stdout.split(`@@${nonce} `, 1)[0] ?? '';
  const server = answer.failure === 'no-server' ? 'down' : 'up';
  return { panes: parseLooks(nonce, panes, answer.stdout), printed, server };
}

/** One look at one pane, its styles included; undefined when it is gone. */
export async function lookAtPane(
  tmux: TmuxClient,
  pane: string,
): Promise<(PaneLook & { readonly styled: string }) | undefined> {
  const { panes, printed } = await lookAtPanes(
    tmux,
    [pane],
    [formatCommand(['capture-pane', '-p', '-e', '-t', pane])],
  );
  const look = panes.get(pane);
  return look && { ...look, styled: printed };
}

function buildLook(nonce: string, pane: string, index: number): readonly string[] {
  return [
    // Without -t: display-message on a missing pane prints blanks and succeeds (3.3a). No `%`: it runs strftime.
    formatCommand(['display-message', '-p', `@@${nonce} ${index}`]),
    formatCommand(['list-panes', '-t', pane, '-f', `#{==:#{pane_id},${pane}}`, '-F', formatFields(FIELDS)]),
    formatCommand(['capture-pane', '-p', '-t', pane]),
  ];
}

function parseLooks(nonce: string, panes: readonly string[], stdout: string): ReadonlyMap<string, PaneLook> {
  const looks = new Map<string, PaneLook>();
  for (const section of stdout.split(`@@${nonce} `).slice(1)) {
    const [ordinal = '', flags = '', ...screen] = section.split('\n');
    const pane = panes[Number(ordinal)];
    if (pane === undefined || flags === '') continue;
    const row = parseRows(FIELDS, flags)[0];
    if (!row) continue;
    looks.set(pane, {
      pane,
      dead: row.dead === '1',
      exit: readExit(row.exit, row.signal),
      diedAt: /^[1-9]\d*$/.test(row.deadTime) ? Number(row.deadTime) * 1000 : undefined,
      size: `${row.width}x${row.height}`,
      inMode: row.mode !== '0' && row.mode !== '',
      inputOff: row.inputOff === '1',
      synchronized: row.synchronized === '1',
      cursor: { x: Number(row.cursorX), y: Number(row.cursorY) },
      title: row.title,
      screen: screen.join('\n'),
    });
  }
  return looks;
}

function refuseUnknownFailure(answer: TmuxAnswer): void {
  if (answer.ok || answer.failure === 'no-server' || answer.failure === 'not-found') return;
  throw describeFailure('source-file', answer.stderr);
}
