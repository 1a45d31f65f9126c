import type { Clock } from '../system/clock.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { formatCommand } from '../tmux/quote.ts';

const OPTION = '@adr_lock';

/** Who asks for the lock: `<pid>.<start time>.<nonce>`; `isAlive` tells whether a holder still lives. */
export interface LockOwner {
  readonly token: string;
  readonly isAlive: (token: string) => boolean;
}

/**
 * Locks a pane for one sender, so that two pastes cannot interleave. The lock is a pane option, swapped inside the
 * tmux server (`if-shell -F`), where nothing can come between test and set (tried on 3.3a, two clients); it goes
 * with the pane. A lock whose holder died is taken over. Resolves to whether it was got within `timeoutMs`.
 */
export async function lockPane(
  tmux: TmuxClient,
  pane: string,
  owner: LockOwner,
  clock: Clock,
  timeoutMs: number,
): Promise<'locked' | 'busy' | 'gone'> {
  const deadline = clock.now() + timeoutMs;
  let stale = '';
  for (;;) {
    const free = `#{||:#{==:#{${OPTION}},},#{==:#{${OPTION}},${stale}}}`;
    const take = formatCommand(['set-option', '-p', '-t', pane, OPTION, owner.token]);
    const answer = await tmux.batch([
      formatCommand(['if-shell', '-F', '-t', pane, free, take]),
      formatCommand(['list-panes', '-t', pane, '-f', `#{==:#{pane_id},${pane}}`, '-F', `#{${OPTION}}`]),
    ]);
    if (answer.failure === 'not-found' || answer.failure === 'no-server') return 'gone';
    const holder = answer.stdout.trim();
    if (holder === owner.token) return 'locked';
    stale = holder !== '' && !owner.isAlive(holder) ? holder : '';
    if (clock.now() >= deadline) return 'busy';
    if (stale === '') await clock.sleep(60 + Math.random() * 80);
  }
}

/** Gives the lock back; only our own is removed. */
export async function unlockPane(tmux: TmuxClient, pane: string, owner: LockOwner): Promise<void> {
  const drop = formatCommand(['set-option', '-p', '-u', '-t', pane, OPTION]);
  await tmux.batch([
    formatCommand(['if-shell', '-F', '-t', pane, `#{==:#{${OPTION}},${owner.token}}`, drop]),
  ]);
}
