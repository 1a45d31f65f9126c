import type { EventFeed } from '../../activity/event-feed.ts';
import { findReportFile } from '../../activity/read-reports.ts';
import type { AgentEvent, AgentType } from '../../agents/types.ts';
import { AdrError } from '../../errors.ts';
import { cleanPrompt } from '../../prompt/clean-prompt.ts';
import { deliverPrompt, type Recipient } from '../../prompt/deliver-prompt.ts';
import type { Delivery } from '../../prompt/outcome.ts';
import { type Answer, waitForAnswer } from '../../prompt/wait-for-answer.ts';
import { findAgent, findOnlyAgent, findSession } from '../../session/find-session.ts';
import { type ObservedPane, type ObservedSession, observeServer } from '../../session/observed.ts';
import { findRunDirectory } from '../../system/paths.ts';
import { isSameProcessAlive, readStartTime } from '../../system/process-table.ts';
import type { TmuxContext } from './context.ts';

export interface SendRequest {
  readonly session: string;
  readonly agents: readonly string[];
  readonly all: boolean;
  readonly text: string;
  readonly when: 'now' | 'idle';
  readonly readyTimeoutMs: number;
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
 * USAGE; what becomes of the prompt is a result, never an exception.
 */
export async function sendPrompt(context: TmuxContext, request: SendRequest): Promise<readonly SendResult[]> {
  const text = cleanPrompt(request.text);
  const session = findSession(await observeServer(context.tmux), request.session);
  const targets = chooseTargets(session, request);
  return Promise.all(targets.map((pane) => sendToPane(context, pane, text, request)));
}

function chooseTargets(session: ObservedSession, request: SendRequest): readonly ObservedPane[] {
  if (request.all) return session.panes;
  if (request.agents.length === 0) return [findOnlyAgent(session)];
  return [...new Set(request.agents)].map((name) => findAgent(session, name));
}

async function sendToPane(
  context: TmuxContext,
  pane: ObservedPane,
  text: string,
  request: SendRequest,
): Promise<SendResult> {
  const type = await context.types.find(pane.type);
  if (!type)
    throw new AdrError('AGENT_TYPE_UNKNOWN', `agent "${pane.agent}" is of unknown type "${pane.type}"`);
  const recipient: Recipient = {
    pane: pane.pane,
    type,
    reports: findReportFile(findRunDirectory(context.env, pane.run)),
  };
  const { clock, tmux } = context;
  const tools = { tmux, clock, owner: makeLockOwner(pane.pane) };
  const { delivery, feed, later } = await deliverPrompt(
    recipient,
    { text, when: request.when, readyTimeoutMs: request.readyTimeoutMs },
    tools,
  );
  const result = { agent: pane.agent, type: pane.type, delivery };
  const arrived = delivery.outcome === 'submitted' || delivery.outcome === 'queued';
  if (request.waitMs === undefined || !arrived) return result;
  return {
    ...result,
    answer: await collectAnswer(context, recipient, type, { feed, later, text }, request.waitMs),
  };
}

async function collectAnswer(
  context: TmuxContext,
  recipient: Recipient,
  type: AgentType,
  sent: { readonly feed: EventFeed; readonly later: readonly AgentEvent[]; readonly text: string },
  timeoutMs: number,
): Promise<Answer> {
  const { tmux, clock } = context;
  return waitForAnswer({ ...sent, pane: recipient.pane, signs: type.signs, timeoutMs }, { tmux, clock });
}

function makeLockOwner(pane: string): {
  readonly token: string;
  readonly isAlive: (token: string) => boolean;
} {
  const own = `${process.pid}.${readStartTime(process.pid) ?? ''}.${pane.slice(1)}.${Math.random().toString(36).slice(2, 8)}`;
  return {
    token: own,
    isAlive: (token) => {
      const [pid = '', startTime = ''] = token.split('.');
      return isSameProcessAlive(Number(pid), startTime);
    },
  };
}
