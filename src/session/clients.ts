import type { TmuxClient } from '../tmux/client.ts';
import { formatFields, parseRows } from '../tmux/fields.ts';
import { escapeFormat, formatCommand } from '../tmux/quote.ts';

const FIELDS = {
  control: 'client_control_mode',
  sessionKey: 'session_id',
  /** The active pane of the window it shows. */
  pane: 'pane_id',
  flags: 'client_flags',
  tty: 'client_tty',
  name: 'client_name',
} as const;

/** A terminal that shows a session. */
export interface AttachedClient {
  readonly name: string;
  /** tmux's own id of the session, `$3`. */
  readonly sessionKey: string;
  /** The pane its user types into. */
  readonly pane: string;
  /** False where the terminal tells that its user looks elsewhere. */
  readonly focused: boolean;
  readonly tty: string;
}

/** The terminals attached to a server; none when it cannot be asked. */
export async function listClients(tmux: TmuxClient): Promise<readonly AttachedClient[]> {
  const answer = await tmux.run(['list-clients', '-F', formatFields(FIELDS)]);
  if (!answer.ok) return [];
  return parseRows(FIELDS, answer.stdout)
    .filter(({ control }) => control !== '1')
    .map(({ sessionKey, pane, flags, tty, name }) => {
      return { name, sessionKey, pane, tty, focused: flags.split(',').includes('focused') };
    });
}

const SHOWN_MS = 5_000;

/** Shows one line in the status lines of these clients; one that is gone is passed over. */
export async function showMessage(
  tmux: TmuxClient,
  clients: readonly AttachedClient[],
  text: string,
): Promise<void> {
  // The text is a format, and goes through strftime.
  const shown = escapeFormat(text).replaceAll('%', '%%');
  await tmux.batch(
    clients.map(({ name }) => formatCommand(['display-message', '-c', name, '-d', `${SHOWN_MS}`, shown])),
  );
}
