import { randomBytes } from 'node:crypto';
import type { TmuxClient } from '../tmux/client.ts';
import { describeFailure } from '../tmux/errors.ts';
import { formatChain, formatCommand } from '../tmux/quote.ts';

export type PasteResult = 'pasted' | 'dead' | 'gone';

/**
 * Pastes text into a pane, in one tmux invocation that tests for a dead pane first: pasting into one takes the whole
 * server down (3.3a; fixed in 3.4). Bracketed where the program asked for it (`-p`), line feeds kept (`-r`), the
 * buffer removed on every way out. Never retried.
 */
export async function pasteText(tmux: TmuxClient, pane: string, text: string): Promise<PasteResult> {
  const buffer = `adr-${process.pid}-${randomBytes(6).toString('hex')}`;
  const drop = ['delete-buffer', '-b', buffer];
  const paste = [
    formatCommand([
      'if-shell',
      '-F',
      '-t',
      pane,
      '#{pane_in_mode}',
      formatCommand(['send-keys', '-t', pane, '-X', 'cancel']),
    ]),
    formatCommand(['paste-buffer', '-p', '-r', '-d', '-b', buffer, '-t', pane]),
    formatCommand(['display-message', '-p', 'PASTED']),
  ].join(' ; ');
  const answer = await tmux.run(
    [
      'load-buffer',
      '-b',
      buffer,
      '-',
      ';',
      'if-shell',
      '-F',
      '-t',
      pane,
      '#{pane_dead}',
      formatChain([['display-message', '-p', 'DEAD'], drop]),
      paste,
    ],
    text,
  );
  if (answer.stdout.includes('PASTED')) return 'pasted';
  if (answer.stdout.includes('DEAD')) return 'dead';
  if (answer.failure === 'no-server') return 'gone';
  await tmux.run(drop);
  if (answer.failure === 'not-found') return 'gone';
  throw describeFailure('paste-buffer', answer.stderr);
}

/**
 * Presses keys by tmux's names for them, one after the other, leaving copy mode first (it swallows keys). Dead panes
 * get none.
 */
export async function pressKeys(
  tmux: TmuxClient,
  pane: string,
  keys: readonly string[],
): Promise<'pressed' | 'dead' | 'gone'> {
  const cancel = formatCommand(['send-keys', '-t', pane, '-X', 'cancel']);
  const dead = formatCommand(['display-message', '-p', 'DEAD']);
  const send = formatCommand(['send-keys', '-t', pane, ...keys]);
  const answer = await tmux.batch([
    formatCommand(['if-shell', '-F', '-t', pane, '#{pane_in_mode}', cancel]),
    formatCommand(['if-shell', '-F', '-t', pane, '#{pane_dead}', dead, send]),
  ]);
  if (answer.stdout.includes('DEAD')) return 'dead';
  return answer.ok ? 'pressed' : 'gone';
}

const KEY_NAMES =
  /^(?:[CMS]-)*(?:[!-~]|Enter|Escape|Tab|BTab|BSpace|Space|Up|Down|Left|Right|Home|End|PageUp|PPage|PageDown|NPage|IC|DC|F(?:[1-9]|1[0-2]))$/;

/** Whether tmux knows a key by this name; it types what it does not know as text (3.3a). */
export function isKeyName(name: string): boolean {
  return KEY_NAMES.test(name);
}
