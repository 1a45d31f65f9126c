import { lookAtPane } from '../activity/look.ts';
import { type Disturbance, findDisturbance } from './judge-composer.ts';
import { type DeliveryTools, LOOK_EVERY_MS, type Recipient, readLook } from './recipient.ts';

/** What the composer made of a paste. */
export type Shown =
  /** `composer`: what stands in it, empty for a type without signs; `afterMs`: how long the agent took to draw it. */
  | { readonly kind: 'shown'; readonly composer: string; readonly afterMs: number }
  /** It is there and shows nothing, or the pane is dead or gone. */
  | { readonly kind: 'unseen'; readonly afterMs: number }
  /** It is no longer on the screen; what is, we do not know. */
  | { readonly kind: 'hidden' }
  /** A question stands on the screen: an Enter would answer it. */
  | { readonly kind: 'question'; readonly what: string }
  | { readonly kind: Disturbance };

/** codex takes an Enter within 120 ms of a paste as part of it (0.169.0). */
const MIN_SETTLE_MS = 220;
const STILL_MS = 100;
/** A machine at its limit: agents that have just started took 8 s and more. An Enter that comes with it is text. */
const LIMIT_MS = 10_000;

/** Waits until the composer shows the paste and stands still. Its last look is the last before Enter. */
export async function waitUntilShown(
  recipient: Recipient,
  text: string,
  before: string,
  { tmux, clock }: Pick<DeliveryTools, 'tmux' | 'clock'>,
): Promise<Shown> {
  const pastedAt = clock.now();
  const limit = pastedAt + LIMIT_MS + Math.ceil(text.length / 20);
  const { signs } = recipient.type;
  let last = '';
  let stillSince = pastedAt;
  let shownAt: number | undefined;
  for (;;) {
    await clock.sleep(LOOK_EVERY_MS);
    const look = await lookAtPane(tmux, recipient.pane);
    if (!look || look.dead) return { kind: 'unseen', afterMs: 0 };
    const { composer, dialog } = readLook(recipient, look);
    if (dialog) return { kind: 'question', what: dialog.what };
    const shown = signs ? composer !== undefined && composer.text !== '' : look.screen !== before;
    const shape = shown ? (composer?.text ?? look.screen) : '';
    const now = clock.now();
    if (shown) shownAt ??= now;
    if (shape !== last) {
      last = shape;
      stillSince = now;
    }
    const settled = shown && now - stillSince >= STILL_MS && now - pastedAt >= MIN_SETTLE_MS;
    if (!settled && now < limit) continue;
    if (!shown) return signs && !composer ? { kind: 'hidden' } : { kind: 'unseen', afterMs: now - pastedAt };
    const disturbance = composer && findDisturbance(text, composer);
    return disturbance
      ? { kind: disturbance }
      : { kind: 'shown', composer: composer?.text ?? '', afterMs: (shownAt ?? now) - pastedAt };
  }
}
