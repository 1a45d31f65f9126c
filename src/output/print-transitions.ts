import type { Transition } from '../commands/tmux/watch-transitions.ts';
import { cleanLine } from './clean-line.ts';
import { describeDetail } from './describe-detail.ts';

/** `12:34:56 refactor/main IDLE -> RUNNING (Bash: npm test)  the last thing on its screen`, local time. */
export function formatTransitionLine({ at, agent, from, to }: Transition): string {
  const change = from === undefined || from === to ? to : `${from} -> ${to}`;
  const head = `${formatTime(at)} ${cleanLine(agent.session)}/${cleanLine(agent.agent)} ${change}`;
  if (to === 'GONE') return `${head}\n`;
  const detail = describeDetail(agent, at);
  const snippet = cleanLine(agent.snippet);
  return `${head}${detail === '' ? '' : ` (${detail})`}${snippet === '' ? '' : `  ${snippet}`}\n`;
}

/** The same as one line of JSON, version 1; `at` in ms since the epoch, `from` null for an agent first seen. */
export function formatTransitionJson({ at, agent, from, to }: Transition): string {
  const { question } = agent;
  return `${JSON.stringify({
    v: 1,
    at,
    session: agent.session,
    agent: agent.agent,
    type: agent.type,
    from: from ?? null,
    to,
    reason: cleanLine(agent.reason),
    question: question ? { kind: question.kind, what: cleanLine(question.what) } : null,
    ...(to === 'EXITED' ? { exit: agent.exit ?? null } : {}),
    snippet: cleanLine(agent.snippet),
  })}\n`;
}

function formatTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
