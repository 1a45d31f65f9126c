import { lookAtPane } from '../activity/look.ts';
import { readScreen } from '../activity/read-screen.ts';
import { clearComposer } from './clear-composer.ts';
import { lockPane, unlockPane } from './lock-pane.ts';
import { pressKeys } from './paste.ts';
import type { DeliveryTools, Recipient } from './recipient.ts';

export type InterruptOutcome =
  /** The turn is over and the composer is empty. */
  | { readonly outcome: 'interrupted'; readonly returned: string }
  /** No turn ran. */
  | { readonly outcome: 'idle' }
  /** A question stands: the key would answer it. */
  | { readonly outcome: 'waiting'; readonly detail: string }
  | { readonly outcome: 'exited' | 'not-found' | 'unconfirmed' | 'not-ready'; readonly detail: string };

const LOOK_EVERY_MS = 100;
/** Idle must be seen for this long: a turn just sent may not have drawn its spinner yet. */
const OVER_MS = 600;
const PRESS_AGAIN_MS = 2500;
const KEY_GAP_MS = 150;

/**
 * Stops the running turn in the agent's own way and waits until it is over and the composer is empty again. Text that
 * the agent puts back into its composer (Claude Code 2.1.197 before the first token) is removed and returned: the next
 * paste would be joined to it.
 */
export async function interruptTurn(
  recipient: Recipient,
  tools: DeliveryTools,
  timeoutMs: number,
): Promise<InterruptOutcome> {
  const { tmux, clock, owner } = tools;
  const locked = await lockPane(tmux, recipient.pane, owner, clock, timeoutMs);
  if (locked === 'gone') return { outcome: 'not-found', detail: 'its pane is gone' };
  if (locked === 'busy') return { outcome: 'not-ready', detail: 'another sender holds it' };
  try {
    return await stopTurn(recipient, tools, clock.now() + timeoutMs);
  } finally {
    await unlockPane(tmux, recipient.pane, owner);
  }
}

async function stopTurn(
  { pane, type }: Recipient,
  tools: DeliveryTools,
  deadline: number,
): Promise<InterruptOutcome> {
  const { tmux, clock } = tools;
  const { signs } = type;
  if (!signs)
    return { outcome: 'not-ready', detail: `how to see a turn of type "${type.name}" is not known` };
  let pressedAt: number | undefined;
  let overSince: number | undefined;
  for (;;) {
    const look = await lookAtPane(tmux, pane);
    if (!look) return { outcome: 'not-found', detail: 'its pane is gone' };
    if (look.dead)
      return { outcome: 'exited', detail: `the agent has exited (${look.exit ?? 'code unknown'})` };
    const reading = readScreen(signs, look.screen, look.title, { styled: look.styled });
    const now = clock.now();
    if (reading.dialog) {
      return { outcome: 'waiting', detail: `it waits for an answer: ${reading.dialog.what}` };
    }
    const busy = reading.busy !== undefined || reading.retrying !== undefined;
    overSince = busy || !reading.composer ? undefined : (overSince ?? now);
    if (overSince !== undefined && now - overSince >= OVER_MS) {
      if (pressedAt === undefined) return { outcome: 'idle' };
      const returned = await clearComposer(pane, signs, tools);
      if (returned !== undefined) return { outcome: 'interrupted', returned };
      return { outcome: 'unconfirmed', detail: 'the turn is over, but its composer could not be emptied' };
    }
    if (now >= deadline) return { outcome: 'unconfirmed', detail: 'the turn is still running' };
    if (busy && (pressedAt === undefined || now - pressedAt >= PRESS_AGAIN_MS)) {
      // Two Escapes in one burst are one Alt+Escape to a terminal program.
      for (const key of type.interruptKeys ?? ['Escape']) {
        await pressKeys(tmux, pane, [key]);
        await clock.sleep(KEY_GAP_MS);
      }
      pressedAt = clock.now();
    }
    await clock.sleep(LOOK_EVERY_MS);
  }
}
