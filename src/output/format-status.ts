import type { AgentStatus, SessionStatus, StatusReport } from '../commands/tmux/status.ts';
import { abbreviateHome, type Environment } from '../system/paths.ts';
import { formatSpan } from './format-time.ts';
import { stripControls } from './strip-controls.ts';

/**
 * A tree of sessions and agents:
 *
 *     Sessions:
 *     ─────────
 *     refactor [uptime: 12m 34s] [workspace: ~/projects/myapp]
 *     ├─ main [RUNNING]
 *     └─ codex-1 [STALLED - last change: 45s ago]
 */
export function formatStatusTree(report: StatusReport, env: Environment): string {
  if (report.sessions.length === 0) return 'No sessions. Start one: adr-tmux start NAME --agent TYPE\n';
  const sessions = report.sessions.map((session) => formatSession(session, report.at, env));
  return `${['Sessions:', '─────────', ...sessions].join('\n')}\n`;
}

function formatSession(session: SessionStatus, at: number, env: Environment): string {
  const uptime = formatSpan(at - session.createdAt);
  const workspace = abbreviateHome(session.workspace, env);
  const agents = session.agents.map((agent, index) => {
    const branch = index === session.agents.length - 1 ? '└─' : '├─';
    return `${branch} ${agent.agent} [${describeAgent(agent, at)}]`;
  });
  return [`${session.name} [uptime: ${uptime}] [workspace: ${workspace}]`, ...agents].join('\n');
}

/** State and what goes with it, in one line: `STALLED - last change: 45s ago`, `WAITING - rm -rf build`. */
export function describeAgent(agent: AgentStatus, at: number): string {
  const detail = stripControls(findDetail(agent, at)).replace(/\s+/g, ' ').trim();
  return detail === '' ? agent.state : `${agent.state} - ${cut(detail)}`;
}

function findDetail(agent: AgentStatus, at: number): string {
  switch (agent.state) {
    case 'STALLED':
      return `last change: ${formatSpan(at - agent.progressAt)} ago`;
    case 'EXITED':
      return agent.exit === null || agent.exit === undefined
        ? 'exit code unknown'
        : `exit code ${agent.exit}`;
    case 'WAITING':
      return agent.question?.what ?? agent.reason;
    case 'RUNNING':
      return agent.reason === 'model' ? '' : agent.reason;
    default:
      return agent.reason;
  }
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** The same as one JSON document, version 1; times in ms since the epoch. */
export function formatStatusJson(report: StatusReport): string {
  const sessions = report.sessions.map((session) => ({
    ...session,
    uptimeMs: report.at - session.createdAt,
  }));
  return `${JSON.stringify({ v: 1, at: report.at, sessions }, null, 2)}\n`;
}
