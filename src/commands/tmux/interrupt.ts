import { type InterruptOutcome, interruptTurn } from '../../prompt/interrupt-turn.ts';
import { findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
import { type AgentChoice, choosePanes } from './choose-panes.ts';
import type { TmuxContext } from './context.ts';
import { makeDeliveryTools, makeRecipient } from './make-recipient.ts';

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
    choosePanes(session, request).map(async (pane) => ({
      agent: pane.agent,
      type: pane.type,
      result: await interruptTurn(
        await makeRecipient(context, pane),
        makeDeliveryTools(context),
        request.timeoutMs,
      ),
    })),
  );
}
