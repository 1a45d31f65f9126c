import type { AgentChoice } from '../../commands/tmux/choose-panes.ts';
import type { ParsedArguments } from '../command.ts';

/** `--agent`, `--type` and `--all`. */
export function readAgentChoice(args: ParsedArguments): AgentChoice {
  return { agents: args.list('agent'), types: args.list('type'), all: args.flag('all') ?? false };
}
