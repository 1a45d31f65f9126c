import type { AgentStatus, SessionStatus, StatusReport } from '../commands/tmux/status.ts';
import { abbreviateHome, type Environment } from '../system/paths.ts';
import { cleanLine } from './clean-line.ts';
import { formatSpan } from './format-time.ts';
import { describeUsage } from './format-usage.ts';
import { stripControls } from './strip-controls.ts';

const MAX_DETAIL = 100;
const MAX_LABEL = 44;

/**
 * A tree of sessions and agents:
 *
 *     Sessions:
 *     ─────────
 *     refactor [uptime: 12m 34s] [workspace: ~/projects/myapp]
 *     ├─ main [RUNNING]
 *     │    12.3k tokens · 41% context left · $0.12 · 127.0.0.1:8080 → 3000
 *     ├─ codex-1 [STALLED - last change: 45s ago]
 *     └─ claude-1 [WAITING - Bash: npm test]
 *          1 Yes (yes) · 2 Yes, and don't ask again (always) · 3 No (no) · or your own words
 */
export function formatStatusTree(report: StatusReport, env: Environment): string {
  if (report.sessions.length === 0) return 'No sessions. Start one: adr-tmux start NAME --agent TYPE\n';
  const sessions = report.sessions.map((session) => formatSession(session, report.at, env));
  return `${['Sessions:', '─────────', ...sessions].join('\n')}\n`;
}

function formatSession(session: SessionStatus, at: number, env: Environment): string {
  const uptime = formatSpan(at - session.createdAt);
  const workspace = abbreviateHome(session.workspace, env);
  const agents = session.agents.flatMap((agent, index) => {
    const [branch, stem] = index === session.agents.length - 1 ? ['└─', '  '] : ['├─', '│ '];
    const below = [describeChoices(agent), describeFacts(agent).join(' · ')].filter((line) => line !== '');
    return [
      `${branch} ${agent.agent} [${describeAgent(agent, at)}]`,
      ...below.map((line) => `${stem}   ${line}`),
    ];
  });
  return [`${session.name} [uptime: ${uptime}] [workspace: ${workspace}]`, ...agents].join('\n');
}

/** State and what goes with it, in one line: `STALLED - last change: 45s ago`, `WAITING - rm -rf build`. */
export function describeAgent(agent: AgentStatus, at: number): string {
  const detail = stripControls(findDetail(agent, at)).replace(/\s+/g, ' ').trim();
  return detail === '' ? agent.state : `${agent.state} - ${cut(detail)}`;
}

/** The branch of an agent's own tree, what it has used and which ports of its container are open here, each part short; empty: neither is known. */
export function describeFacts({
  usage,
  ports = [],
  tree,
}: Pick<AgentStatus, 'usage' | 'ports' | 'tree'>): readonly string[] {
  return [
    ...(tree ? [cleanLine(`branch ${tree.branch}`)] : []),
    ...describeUsage(usage),
    ...ports.map(({ host, container }) => `127.0.0.1:${host} → ${container}`),
  ];
}

/** What its question may be answered with, in one line. */
function describeChoices({ state, question }: AgentStatus): string {
  if (state !== 'WAITING' || !question) return '';
  const options = (question.options ?? []).map(({ key, label, means }) => {
    const shown = cut(label, MAX_LABEL);
    const named = key === label ? shown : `${key} ${shown}`;
    return means === undefined || means === label ? named : `${named} (${means})`;
  });
  return stripControls([...options, ...(question.text ? ['or your own words'] : [])].join(' · '));
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

function cut(text: string, limit = MAX_DETAIL): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** The same as one JSON document, version 1; times in ms since the epoch. */
export function formatStatusJson(report: StatusReport): string {
  const sessions = report.sessions.map((session) => ({
    ...session,
    uptimeMs: report.at - session.createdAt,
  }));
  return `${JSON.stringify({ v: 1, at: report.at, sessions }, null, 2)}\n`;
}
