import { EventFeed } from '../activity/event-feed.ts';
import { lookAtPane, type PaneLook } from '../activity/look.ts';
import { readScreen } from '../activity/read-screen.ts';
import type { ScreenReading } from '../activity/types.ts';
import type { AgentEvent, AgentType } from '../agents/types.ts';
import type { Clock } from '../system/clock.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { clearComposer } from './clear-composer.ts';
import { type ConfirmRules, freshConfirmation, judgeConfirmation } from './confirm.ts';
import { type LockOwner, lockPane, unlockPane } from './lock-pane.ts';
import type { Delivery, Outcome } from './outcome.ts';
import { pasteText, pressKeys } from './paste.ts';
import { freshGate, judgeReadiness } from './ready-gate.ts';

export interface Recipient {
  readonly pane: string;
  readonly type: AgentType;
  /** The run's report file; undefined when it reports nothing. */
  readonly reports: string | undefined;
}

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

export interface DeliveryTools {
  readonly tmux: TmuxClient;
  readonly clock: Clock;
  readonly owner: LockOwner;
}

const LOOK_EVERY_MS = 60;
/** codex takes an Enter within 120 ms of a paste as part of it (0.169.0). */
const MIN_SETTLE_MS = 220;
const CONFIRM_MS = 10_000;

const BLANK: ScreenReading = {
  composer: undefined,
  busy: undefined,
  retrying: undefined,
  tool: undefined,
  dialog: undefined,
  error: undefined,
  evidence: {},
};

/**
 * Delivers one prompt to one agent: lock, ready gate, guarded paste, Enter as a key of its own, confirmation. The one
 * recipe for every caller. Nothing is ever pasted twice; at most one more Enter is pressed, on our own text.
 * `feed` is where later reports of this run are read on (`--wait`).
 */
export async function deliverPrompt(
  recipient: Recipient,
  options: DeliveryOptions,
  tools: DeliveryTools,
): Promise<{ readonly delivery: Delivery; readonly feed: EventFeed; readonly later: readonly AgentEvent[] }> {
  const { tmux, clock, owner } = tools;
  const deadline = clock.now() + options.readyTimeoutMs;
  const locked = await lockPane(tmux, recipient.pane, owner, clock, options.readyTimeoutMs);
  const feed = await EventFeed.openAtEnd(recipient.reports, recipient.type);
  if (locked !== 'locked') {
    const outcome: Outcome = locked === 'gone' ? 'not-found' : 'not-ready';
    const detail = locked === 'gone' ? 'its pane is gone' : 'another sender holds it';
    return { delivery: refuse(outcome, detail), feed, later: [] };
  }
  try {
    let gate = await waitUntilReady(recipient, options, deadline, feed, tools);
    if (
      !gate.open &&
      gate.delivery.outcome === 'composer-busy' &&
      options.clearInput &&
      recipient.type.signs
    ) {
      const cleared = await clearComposer(recipient.pane, recipient.type.signs, tools);
      if (cleared !== undefined) gate = await waitUntilReady(recipient, options, deadline, feed, tools);
    }
    if (gate.open !== true) return { delivery: gate.delivery, feed, later: [] };
    const pasted = await pasteText(tmux, recipient.pane, options.text);
    if (pasted !== 'pasted') {
      const detail = pasted === 'dead' ? 'the agent has exited' : 'its pane is gone';
      return { delivery: refuse(pasted === 'dead' ? 'exited' : 'not-found', detail), feed, later: [] };
    }
    const shown = await waitUntilShown(recipient, options.text, gate.screen, tools);
    if (shown.kind === 'question') {
      // Enter would answer it.
      const detail = `a question came up behind the pasted prompt, which was not submitted: ${shown.what}`;
      return { delivery: refuse('waiting', detail), feed, later: [] };
    }
    if (!options.submit) return { delivery: describeTyped(shown.kind === 'shown'), feed, later: [] };
    await pressKeys(tmux, recipient.pane, ['Enter']);
    return await confirm(recipient, feed, tools, {
      text: options.text,
      enterAt: clock.now(),
      deadlineMs: CONFIRM_MS + Math.ceil(options.text.length / 10),
      shown: shown.kind === 'shown',
      busy: gate.busy,
      whileRunning: recipient.type.whileRunning,
      reporter: findReporter(recipient, feed),
      hasSigns: recipient.type.signs !== undefined,
    });
  } finally {
    await unlockPane(tmux, recipient.pane, owner);
  }
}

/** What keeps a prompt from going in at this moment; empty: nothing. */
export async function findObstacle(
  recipient: Recipient,
  { tmux, clock }: Pick<DeliveryTools, 'tmux' | 'clock'>,
): Promise<string> {
  const look = await lookAtPane(tmux, recipient.pane);
  if (!look) return 'not-found: its pane is gone';
  const at = clock.now();
  const rules = { when: 'now', reported: true, hasSigns: recipient.type.signs !== undefined } as const;
  // As if it had been seen like this for long.
  const since = at - 60_000;
  const seen = { readySince: since, blockedSince: since, screen: look.screen };
  const answer = judgeReadiness(seen, look, read(recipient, look), at, rules);
  if (answer.gate === 'open') return '';
  return answer.gate === 'refuse' ? `${answer.outcome}: ${answer.detail}` : `not-ready: ${answer.because}`;
}

function describeTyped(shown: boolean): Delivery {
  if (!shown) return refuse('unconfirmed', 'it was pasted, but its composer does not show it');
  return { outcome: 'typed', proof: 'screen', detail: 'it stands in the composer, as asked', steered: false };
}

function findReporter(recipient: Recipient, feed: EventFeed): ConfirmRules['reporter'] {
  if (recipient.reports === undefined || !recipient.type.hasReporter || feed.flooded) return 'none';
  return feed.offset > 0 ? 'alive' : 'silent';
}

type GateResult =
  | { readonly open: true; readonly busy: boolean; readonly screen: string }
  | { readonly open: false; readonly delivery: Delivery };

async function waitUntilReady(
  recipient: Recipient,
  options: DeliveryOptions,
  deadline: number,
  feed: EventFeed,
  { tmux, clock }: DeliveryTools,
): Promise<GateResult> {
  let memory = freshGate;
  for (;;) {
    const look = await lookAtPane(tmux, recipient.pane);
    if (!look) return { open: false, delivery: refuse('not-found', 'its pane is gone') };
    await feed.readNew();
    const answer = judgeReadiness(memory, look, read(recipient, look), clock.now(), {
      when: options.when,
      reported: feed.offset > 0,
      hasSigns: recipient.type.signs !== undefined,
    });
    if (answer.gate === 'open') return { open: true, busy: answer.busy, screen: look.screen };
    if (answer.gate === 'refuse') return { open: false, delivery: refuse(answer.outcome, answer.detail) };
    if (clock.now() >= deadline) return { open: false, delivery: refuse('not-ready', answer.because) };
    memory = answer.memory;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

type Shown =
  | { readonly kind: 'shown' | 'unseen' }
  /** A question stands on the screen: an Enter would answer it. */
  | { readonly kind: 'question'; readonly what: string };

/** Waits until the composer shows the paste and stands still. Its last look is the last before Enter. */
async function waitUntilShown(
  recipient: Recipient,
  text: string,
  before: string,
  { tmux, clock }: DeliveryTools,
): Promise<Shown> {
  const pastedAt = clock.now();
  const limit = pastedAt + 2500 + Math.ceil(text.length / 20);
  let last = '';
  let stillSince = pastedAt;
  for (;;) {
    await clock.sleep(LOOK_EVERY_MS);
    const look = await lookAtPane(tmux, recipient.pane);
    if (!look || look.dead) return { kind: 'unseen' };
    const reading = read(recipient, look);
    if (reading.dialog) return { kind: 'question', what: reading.dialog.what };
    const shown = recipient.type.signs
      ? reading.composer !== undefined && reading.composer.text !== ''
      : look.screen !== before;
    const shape = shown ? (reading.composer?.text ?? look.screen) : '';
    const now = clock.now();
    if (shape !== last) {
      last = shape;
      stillSince = now;
    }
    if (shown && now - stillSince >= 100 && now - pastedAt >= MIN_SETTLE_MS) return { kind: 'shown' };
    if (now >= limit) return { kind: shown ? 'shown' : 'unseen' };
  }
}

async function confirm(
  recipient: Recipient,
  feed: EventFeed,
  { tmux, clock }: DeliveryTools,
  rules: ConfirmRules,
): Promise<{ readonly delivery: Delivery; readonly feed: EventFeed; readonly later: readonly AgentEvent[] }> {
  let memory = freshConfirmation;
  const seen: AgentEvent[] = [];
  for (;;) {
    const look = await lookAtPane(tmux, recipient.pane);
    const events = await feed.readNew();
    seen.push(...events);
    const reading = look ? read(recipient, look) : BLANK;
    const answer = judgeConfirmation(memory, look, reading, events, clock.now(), rules);
    if (answer.next === 'done') return { delivery: answer.delivery, feed, later: seen };
    if (answer.next === 'press-enter') await pressKeys(tmux, recipient.pane, ['Enter']);
    memory = answer.memory;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

function read({ type }: Recipient, look: PaneLook & { readonly styled: string }): ScreenReading {
  return type.signs ? readScreen(type.signs, look.screen, look.title, { styled: look.styled }) : BLANK;
}

function refuse(outcome: Outcome, detail: string): Delivery {
  return { outcome, proof: 'none', detail, steered: false };
}
