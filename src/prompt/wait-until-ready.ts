import type { EventFeed } from '../activity/event-feed.ts';
import { foldEvent, NO_FACTS } from '../activity/fold-events.ts';
import { lookAtPane } from '../activity/look.ts';
import type { AgentEvent } from '../agents/types.ts';
import { type Delivery, refuse } from './outcome.ts';
import { freshGate, judgeReadiness } from './ready-gate.ts';
import { type DeliveryTools, LOOK_EVERY_MS, type Recipient, readLook } from './recipient.ts';

/** `screen`: the last look before the paste. */
export type GateResult =
  | { readonly gate: 'open'; readonly busy: boolean; readonly screen: string }
  | { readonly gate: 'refused'; readonly delivery: Delivery }
  /** A turn runs, and the caller waits for idle. */
  | { readonly gate: 'at-work' };

/**
 * Waits, at most until `deadline` (ms since the epoch), until the agent takes a prompt. With `when: idle` a running
 * turn ends the wait at once: nobody should hold the pane's lock through it.
 */
export async function waitUntilReady(
  recipient: Recipient,
  when: 'now' | 'idle',
  deadline: number,
  feed: EventFeed,
  { tmux, clock }: DeliveryTools,
): Promise<GateResult> {
  let memory = freshGate;
  let facts = when === 'idle' ? foldAll(await feed.readBefore()) : NO_FACTS;
  for (;;) {
    const look = await lookAtPane(tmux, recipient.pane);
    if (!look) return { gate: 'refused', delivery: refuse('not-found', 'its pane is gone') };
    facts = foldAll(await feed.readNew(), facts);
    const answer = judgeReadiness(memory, look, readLook(recipient, look), clock.now(), {
      when,
      reported: feed.offset > 0,
      turnOpen: facts.turn === 'open',
      hasSigns: recipient.type.signs !== undefined,
    });
    if (answer.gate === 'open') return { gate: 'open', busy: answer.busy, screen: look.screen };
    if (answer.gate === 'refuse') return { gate: 'refused', delivery: refuse(answer.outcome, answer.detail) };
    if (clock.now() >= deadline) return { gate: 'refused', delivery: refuse('not-ready', answer.because) };
    if (answer.atWork) return { gate: 'at-work' };
    memory = answer.memory;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** Waits, at most until `deadline`, until no turn is seen to run; the pane may be locked by others meanwhile. */
export async function waitUntilOver(
  recipient: Recipient,
  deadline: number,
  { tmux, clock }: Pick<DeliveryTools, 'tmux' | 'clock'>,
): Promise<void> {
  for (;;) {
    const look = await lookAtPane(tmux, recipient.pane);
    if (!look || look.dead) return;
    const { busy, retrying } = readLook(recipient, look);
    if ((busy === undefined && retrying === undefined) || clock.now() >= deadline) return;
    await clock.sleep(LOOK_EVERY_MS * 2);
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
  const hasSigns = recipient.type.signs !== undefined;
  // As if it had been seen like this for long.
  const since = at - 60_000;
  const seen = { readySince: since, blockedSince: since, screen: look.screen };
  const rules = { when: 'now', reported: true, turnOpen: false, hasSigns } as const;
  const answer = judgeReadiness(seen, look, readLook(recipient, look), at, rules);
  if (answer.gate === 'open') return '';
  return answer.gate === 'refuse' ? `${answer.outcome}: ${answer.detail}` : `not-ready: ${answer.because}`;
}

function foldAll(events: readonly AgentEvent[], before = NO_FACTS): typeof NO_FACTS {
  return events.reduce(foldEvent, before);
}
