import { AdrError } from '../errors.ts';
import { suggestName } from '../suggest.ts';
import { stripPrefix } from './names.ts';
import type { ObservedPane, ObservedServer, ObservedSession } from './observed.ts';

/** The session of that name (its tmux name will do). Throws SESSION_NOT_FOUND with the nearest name. */
export function findSession(server: ObservedServer, name: string): ObservedSession {
  const names = server.sessions.map((session) => session.name);
  const wanted = stripPrefix(name, (known) => names.includes(known));
  const found = server.sessions.find((session) => session.name === wanted);
  if (found) return found;
  const near = suggestName(wanted, names);
  throw new AdrError('SESSION_NOT_FOUND', `no session "${name}"`, {
    hint: near
      ? `did you mean "${near}"?`
      : names.length > 0
        ? `running: ${names.join(', ')}`
        : 'start one: adr-tmux start NAME --agent TYPE',
  });
}

/** The agent of that name in a session. Throws AGENT_NOT_FOUND with the nearest name. */
export function findAgent(session: ObservedSession, name: string): ObservedPane {
  const found = session.panes.find((pane) => pane.agent === name);
  if (found) return found;
  const names = session.panes.map((pane) => pane.agent);
  const near = suggestName(name, names);
  throw new AdrError('AGENT_NOT_FOUND', `no agent "${name}" in session "${session.name}"`, {
    hint: near ? `did you mean "${near}"?` : `its agents: ${names.join(', ')}`,
  });
}

/** The only agent of a session. Throws USAGE when there are several. */
export function findOnlyAgent(session: ObservedSession): ObservedPane {
  const [only, ...others] = session.panes;
  if (only && others.length === 0) return only;
  const names = session.panes.map((pane) => pane.agent);
  throw new AdrError('USAGE', `session "${session.name}" has ${names.length} agents: say which one`, {
    hint: `--agent ${names.join(', --agent ')}`,
  });
}
