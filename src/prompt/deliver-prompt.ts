import { EventFeed } from '../activity/event-feed.ts';
import { lookAtPane } from '../activity/look.ts';
import type { AgentEvent } from '../agents/types.ts';
import { closeMenu } from './clean-prompt.ts';
import { clearComposer } from './clear-composer.ts';
import { type ConfirmRules, freshConfirmation, judgeConfirmation } from './confirm.ts';
import { lockPane, unlockPane } from './lock-pane.ts';
import { type Delivery, refuse } from './outcome.ts';
import { pasteText, pressKeys } from './paste.ts';
import { BLANK_READING, type DeliveryTools, LOOK_EVERY_MS, type Recipient, readLook } from './recipient.ts';
import { type GateResult, waitUntilOver, waitUntilReady } from './wait-until-ready.ts';
import { type Shown, waitUntilShown } from './wait-until-shown.ts';

export interface DeliveryOptions {
  /** Already cleaned (`cleanPrompt`). */
  readonly text: string;
  readonly when: 'now' | 'idle';
  /** How long to wait for a composer that is ready (and for other senders), ms. */
  readonly readyTimeoutMs: number;
  /** Leave the text in the composer for the user to submit. */
  readonly submit: boolean;
  /** Empty a composer that holds text first. */
  readonly clearInput: boolean;
}

/** `feed`: where later reports of this run are read on (`--wait`); `later`: what was read of them. */
export interface Delivered {
  readonly delivery: Delivery;
  readonly feed: EventFeed;
  readonly later: readonly AgentEvent[];
}

const CONFIRM_MS = 10_000;
/** Within this an agent usually draws what was pasted; one that needs longer is given longer for the rest too. */
const USUAL_DRAW_MS = 500;
const MAX_SLOWNESS = 6;

/**
 * Delivers one prompt to one agent: lock, ready gate, guarded paste, Enter as a key of its own, confirmation. The one
 * recipe for every caller. Nothing is ever pasted twice; at most one more Enter is pressed, on our own text. While it
 * waits for the end of a turn it holds no lock, so that the turn can be interrupted and others can send.
 */
export async function deliverPrompt(
  recipient: Recipient,
  options: DeliveryOptions,
  tools: DeliveryTools,
): Promise<Delivered> {
  const { tmux, clock, owner } = tools;
  const deadline = clock.now() + options.readyTimeoutMs;
  for (;;) {
    if (options.when === 'idle') await waitUntilOver(recipient, deadline, tools);
    const locked = await lockPane(tmux, recipient.pane, owner, clock, Math.max(0, deadline - clock.now()));
    // Reports from here on may be of our prompt; an equal one that was sent before has its report behind us.
    const feed = await EventFeed.openAtEnd(recipient.reports, recipient.type);
    if (locked === 'gone') return end(refuse('not-found', 'its pane is gone'), feed);
    if (locked === 'busy') return end(refuse('not-ready', 'another sender holds it'), feed);
    try {
      const gate = await passGate(recipient, options, deadline, feed, tools);
      if (gate.gate === 'refused') return end(gate.delivery, feed);
      if (gate.gate === 'open') return await deliverThrough(gate, recipient, options, feed, tools);
    } finally {
      await unlockPane(tmux, recipient.pane, owner);
    }
  }
}

async function passGate(
  recipient: Recipient,
  { when, clearInput }: DeliveryOptions,
  deadline: number,
  feed: EventFeed,
  tools: DeliveryTools,
): Promise<GateResult> {
  const gate = await waitUntilReady(recipient, when, deadline, feed, tools);
  const { signs } = recipient.type;
  const inTheWay = gate.gate === 'refused' && gate.delivery.outcome === 'composer-busy';
  if (!inTheWay || !clearInput || !signs) return gate;
  const cleared = await clearComposer(recipient.pane, signs, tools);
  return cleared === undefined ? gate : waitUntilReady(recipient, when, deadline, feed, tools);
}

async function deliverThrough(
  gate: GateResult & { readonly gate: 'open' },
  recipient: Recipient,
  { text, submit }: DeliveryOptions,
  feed: EventFeed,
  tools: DeliveryTools,
): Promise<Delivered> {
  const { tmux, clock } = tools;
  const pasted = await pasteText(tmux, recipient.pane, submit ? closeMenu(text) : text);
  if (pasted !== 'pasted') return end(describeLoss(pasted), feed);
  const shown = await waitUntilShown(recipient, text, gate.screen, tools);
  const kept = keepUnsubmitted(shown, submit);
  if (kept) return end(kept, feed);
  const pressed = await pressKeys(tmux, recipient.pane, ['Enter']);
  if (pressed !== 'pressed') return end(describeLoss(pressed), feed);
  const slowness = measureSlowness(shown);
  return confirm(recipient, feed, tools, {
    text,
    slowness,
    enterAt: clock.now(),
    deadlineMs: CONFIRM_MS * slowness + Math.ceil(text.length / 10),
    shown: shown.kind === 'shown' ? shown.composer : undefined,
    busy: gate.busy,
    whileRunning: recipient.type.whileRunning,
    reporter: findReporter(recipient, feed),
    hasSigns: recipient.type.signs !== undefined,
  });
}

function describeLoss(loss: 'dead' | 'gone'): Delivery {
  return loss === 'dead' ? refuse('exited', 'the agent has exited') : refuse('not-found', 'its pane is gone');
}

/** Why Enter is not pressed on what was pasted; undefined: press it. */
function keepUnsubmitted(shown: Shown, submit: boolean): Delivery | undefined {
  switch (shown.kind) {
    case 'question':
      return refuse(
        'waiting',
        `a question came up behind the pasted prompt, which was not submitted: ${shown.what}`,
      );
    case 'mixed':
      return refuse('typed', 'somebody typed into the composer at the same time; it was not submitted');
    case 'shell':
      return refuse('typed', 'its composer went into shell mode at the same time; it was not submitted');
    case 'hidden':
      return refuse('unconfirmed', 'its composer vanished behind the paste; it was not submitted');
    case 'unseen':
      return submit ? undefined : refuse('unconfirmed', 'it was pasted, but its composer does not show it');
    case 'shown':
      return submit
        ? undefined
        : {
            outcome: 'typed',
            proof: 'screen',
            detail: 'it stands in the composer, as asked',
            steered: false,
          };
  }
}

function measureSlowness(shown: Shown): number {
  const afterMs = 'afterMs' in shown ? shown.afterMs : 0;
  return Math.min(MAX_SLOWNESS, Math.max(1, afterMs / USUAL_DRAW_MS));
}

function findReporter(recipient: Recipient, feed: EventFeed): ConfirmRules['reporter'] {
  if (recipient.reports === undefined || !recipient.type.hasReporter || feed.flooded) return 'none';
  return feed.offset > 0 ? 'alive' : 'silent';
}

async function confirm(
  recipient: Recipient,
  feed: EventFeed,
  { tmux, clock }: DeliveryTools,
  rules: ConfirmRules,
): Promise<Delivered> {
  let memory = freshConfirmation;
  const seen: AgentEvent[] = [];
  for (;;) {
    const look = await lookAtPane(tmux, recipient.pane);
    const events = await feed.readNew();
    seen.push(...events);
    const reading = look ? readLook(recipient, look) : BLANK_READING;
    const answer = judgeConfirmation(memory, look, reading, events, clock.now(), rules);
    if (answer.next === 'done') return { delivery: answer.delivery, feed, later: seen };
    if (answer.next === 'press-enter') await pressKeys(tmux, recipient.pane, ['Enter']);
    memory = answer.memory;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

function end(delivery: Delivery, feed: EventFeed): Delivered {
  return { delivery, feed, later: [] };
}
