import type { AgentChoice } from '../../commands/tmux/choose-panes.ts';
import { AdrError } from '../../errors.ts';
import type { ParsedArguments } from '../command.ts';

/** `--agent`, `--type` and `--all`. Throws USAGE when `--all` stands beside one of the others. */
export function readAgentChoice(args: ParsedArguments): AgentChoice {
  const choice = { agents: args.list('agent'), types: args.list('type'), all: args.flag('all') ?? false };
  if (choice.all && choice.agents.length + choice.types.length > 0) {
    throw new AdrError('USAGE', '--all and --agent or --type were given', { hint: 'give one of them' });
  }
  return choice;
}
