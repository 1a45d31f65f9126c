import type { AgentStatus } from '../commands/tmux/status.ts';
import { cleanLine } from './clean-line.ts';
import { describeAgent } from './format-status.ts';

/** What `status` says of an agent behind its state, empty when the state says it all: `Bash: npm test`. */
export function describeDetail(agent: AgentStatus, at: number): string {
  return cleanLine(describeAgent(agent, at).slice(agent.state.length + ' - '.length));
}
