import { type InterruptOutcome, interruptTurn } from '../../prompt/interrupt-turn.ts';
import { findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
import { type AgentChoice, choosePanes } from './choose-panes.ts';
import type { TmuxContext } from './context.ts';
import { makeDeliveryTools, makeRecipient } from './make-recipient.ts';
import { nameAgent, recordFact } from './record-fact.ts';

export interface InterruptResult {
  readonly agent: string;
  readonly type: string;
  readonly result: InterruptOutcome;
}

/** Stops the running turns of the agents meant, side by side. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND, USAGE. */
export async function interruptAgents(
  context: TmuxContext,
  request: AgentChoice & { readonly session: string; readonly timeoutMs: number },
): Promise<readonly InterruptResult[]> {
  const session = findSession(await observeServer(context.tmux), request.session);
  return Promise.all(
    choosePanes(session, request).map(async (pane) => {
      const recipient = await makeRecipient(context, pane);
      const result = await interruptTurn(recipient, makeDeliveryTools(context), request.timeoutMs);
      const { outcome } = result;
      const detail = 'detail' in result ? { detail: result.detail } : {};
      await recordFact(context, session, { kind: 'interrupt', ...nameAgent(pane), outcome, ...detail });
      return { agent: pane.agent, type: pane.type, result };
    }),
  );
}
