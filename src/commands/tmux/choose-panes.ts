import { AdrError } from '../../errors.ts';
import { findAgent, findOnlyAgent } from '../../session/find-session.ts';
import type { ObservedPane, ObservedSession } from '../../session/observed.ts';

/** Which agents of a session are meant; none named: the only one there is. */
export interface AgentChoice {
  readonly agents: readonly string[];
  readonly types?: readonly string[] | undefined;
  readonly all: boolean;
}

/** The panes meant, each once, in the session's order. Throws AGENT_NOT_FOUND, USAGE. */
export function choosePanes(session: ObservedSession, choice: AgentChoice): readonly ObservedPane[] {
  if (choice.all) return session.panes;
  const types = choice.types ?? [];
  if (choice.agents.length === 0 && types.length === 0) return [findOnlyAgent(session)];
  const named = new Set(choice.agents.map((name) => findAgent(session, name).pane));
  for (const type of types) {
    if (session.panes.some((pane) => pane.type === type)) continue;
    const there = [...new Set(session.panes.map((pane) => pane.type))].join(', ');
    throw new AdrError('AGENT_NOT_FOUND', `no agent of type "${type}" in session "${session.name}"`, {
      hint: `its types: ${there}`,
    });
  }
  return session.panes.filter(({ pane, type }) => named.has(pane) || types.includes(type));
}
