import type { SessionStatus, StatusReport } from '../commands/tmux/status.ts';
import { abbreviateHome, type Environment } from '../system/paths.ts';
import type { TreeRecord } from '../trees/record.ts';
import { formatSpan } from './format-time.ts';

/** The columns of `list`. */
export const SESSION_HEADER = ['SESSION', 'STATES', 'UPTIME', 'WORKSPACE', 'AGENTS'] as const;

/** Sessions, one a row: how many agents are in which state, uptime, workspace, names of the agents. */
export function formatSessionRows(report: StatusReport, env: Environment): readonly (readonly string[])[] {
  return report.sessions.map((session) => [
    session.name,
    countStates(session)
      .map(([state, count]) => `${count} ${state}`)
      .join(', '),
    formatSpan(report.at - session.createdAt),
    abbreviateHome(session.workspace, env),
    session.agents.map(({ agent }) => agent).join(' '),
  ]);
}

/** What needs somebody first. */
const ORDER = ['WAITING', 'STALLED', 'EXITED', 'RUNNING', 'STARTING', 'IDLE'];

function countStates({ agents }: SessionStatus): readonly (readonly [string, number])[] {
  return ORDER.map(
    (state) => [state, agents.filter((agent) => agent.state === state).length] as const,
  ).filter(([, count]) => count > 0);
}

/** The same as one JSON document, version 1, with the trees that were kept; times in ms since the epoch. */
export function formatSessionJson({ at, sessions }: StatusReport, kept: readonly TreeRecord[] = []): string {
  const listed = sessions.map((session) => {
    const { name, id, workspace, engine, createdAt, attached, agents } = session;
    return {
      ...{ name, id, workspace, engine, createdAt, attached, uptimeMs: at - createdAt },
      agents: agents.map(({ agent }) => agent),
      states: Object.fromEntries(countStates(session)),
    };
  });
  const trees = kept.map(({ session, sessionId, agent, repository, path, branch }) => ({
    ...{ session, sessionId, agent, repository, path, branch },
  }));
  return `${JSON.stringify({ v: 1, at, sessions: listed, trees }, null, 2)}\n`;
}
