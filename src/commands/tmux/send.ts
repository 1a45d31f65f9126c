import type { EventFeed } from '../../activity/event-feed.ts';
import type { AgentEvent } from '../../agents/types.ts';
import { AdrError } from '../../errors.ts';
import { cleanPrompt, protectPrompt } from '../../prompt/clean-prompt.ts';
import { deliverPrompt } from '../../prompt/deliver-prompt.ts';
import { type Delivery, refuse } from '../../prompt/outcome.ts';
import type { Recipient } from '../../prompt/recipient.ts';
import { type Answer, waitForAnswer } from '../../prompt/wait-for-answer.ts';
import { findObstacle } from '../../prompt/wait-until-ready.ts';
import { findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
import { type AgentChoice, choosePanes } from './choose-panes.ts';
import type { TmuxContext } from './context.ts';
import { ensureMonitor } from './ensure-monitor.ts';
import { makeDeliveryTools, makeRecipient } from './make-recipient.ts';
import { nameAgent, recordFact } from './record-fact.ts';

export interface SendRequest extends AgentChoice {
  readonly session: string;
  readonly text: string;
  readonly when: 'now' | 'idle';
  readonly readyTimeoutMs: number;
  /** False: leave it in the composer. */
  readonly submit?: boolean | undefined;
  /** Empty a composer that holds text first. */
  readonly clearInput?: boolean | undefined;
  /** Keep the agent from taking `/`, `!`, `@` or `#` at the start as its own. */
  readonly literal?: boolean | undefined;
  /** Tried again while something stands in the way: that alone is nothing for the history. */
  readonly retried?: boolean | undefined;
  /** Wait for the end of the turn this prompt starts, at most so long (ms). */
  readonly waitMs?: number | undefined;
}

export interface SendResult {
  readonly agent: string;
  readonly type: string;
  readonly delivery: Delivery;
  readonly answer?: Answer | undefined;
}

/**
 * Sends one prompt to one or more agents of a session, side by side. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND,
 * USAGE, AGENT_TYPE_UNKNOWN, and TMUX_FAILED for a single agent; what becomes of the prompt is a result.
 */
export async function sendPrompt(context: TmuxContext, request: SendRequest): Promise<readonly SendResult[]> {
  const text = cleanPrompt(request.text);
  const server = await observeServer(context.tmux);
  const session = findSession(server, request.session);
  const panes = choosePanes(session, request);
  const targets = await Promise.all(
    panes.map(async (pane) => ({
      agent: pane.agent,
      type: pane.type,
      recipient: await makeRecipient(context, pane),
      record: ({ outcome, proof, detail, steered }: Delivery, sent: string) => {
        const fact = { outcome, proof, detail, steered, text: sent };
        return recordFact(context, session, { kind: 'prompt', ...nameAgent(pane), ...fact });
      },
    })),
  );
  await ensureMonitor(context, server.monitor);
  return Promise.all(
    targets.map((target) => {
      const sending = sendToOne(context, target, text, request);
      return targets.length === 1 ? sending : sending.catch((error: unknown) => tellFailure(target, error));
    }),
  );
}

/** What `send` would do now. */
export interface SendPlan {
  readonly text: string;
  /** `obstacle`: what stands in the way at this moment; empty: nothing. */
  readonly targets: readonly { readonly agent: string; readonly type: string; readonly obstacle: string }[];
}

/** Looks at the agents meant and says what would be sent and what stands in the way; sends nothing. */
export async function planSend(context: TmuxContext, request: SendRequest): Promise<SendPlan> {
  const text = cleanPrompt(request.text);
  const session = findSession(await observeServer(context.tmux), request.session);
  const targets = choosePanes(session, request).map(async (pane) => ({
    agent: pane.agent,
    type: pane.type,
    obstacle: await findObstacle(await makeRecipient(context, pane), context),
  }));
  return { text, targets: await Promise.all(targets) };
}

interface Target {
  readonly agent: string;
  readonly type: string;
  readonly recipient: Recipient;
  /** Notes in the session's history what became of the text. */
  readonly record: (delivery: Delivery, sent: string) => Promise<void>;
}

/** What became of the others is not lost with one that fails. */
function tellFailure({ agent, type }: Target, error: unknown): SendResult {
  if (!(error instanceof AdrError)) throw error;
  return { agent, type, delivery: refuse('unconfirmed', error.message) };
}

async function sendToOne(
  context: TmuxContext,
  { agent, type, recipient, record }: Target,
  cleaned: string,
  request: SendRequest,
): Promise<SendResult> {
  const text = request.literal ? protectPrompt(cleaned, recipient.type) : cleaned;
  const { when, readyTimeoutMs, submit = true, clearInput = false } = request;
  const { delivery, feed, later } = await deliverPrompt(
    recipient,
    { text, when, readyTimeoutMs, submit, clearInput },
    makeDeliveryTools(context),
  );
  const inTheWay = delivery.outcome === 'waiting' || delivery.outcome === 'composer-busy';
  if (!request.retried || !inTheWay) await record(delivery, text);
  const result = { agent, type, delivery };
  const arrived = delivery.outcome === 'submitted' || delivery.outcome === 'queued';
  if (request.waitMs === undefined || !arrived) return result;
  return {
    ...result,
    answer: await collectAnswer(context, recipient, { feed, later, text }, request.waitMs),
  };
}

async function collectAnswer(
  { tmux, clock }: TmuxContext,
  { pane, type }: Recipient,
  sent: { readonly feed: EventFeed; readonly later: readonly AgentEvent[]; readonly text: string },
  timeoutMs: number,
): Promise<Answer> {
  return waitForAnswer({ ...sent, pane, signs: type.signs, timeoutMs }, { tmux, clock });
}
