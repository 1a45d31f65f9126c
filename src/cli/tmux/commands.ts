import type { Command } from '../command.ts';
import { makeCompletionCommands } from '../completions/commands.ts';
import { PROMPT_COMMANDS } from './commands/prompt-commands.ts';
import { SESSION_COMMANDS } from './commands/session-commands.ts';
import { STATE_COMMANDS } from './commands/state-commands.ts';

/** The commands of `adr-tmux`, in the order help shows them. */
export const TMUX_COMMANDS: readonly Command[] = [
  ...SESSION_COMMANDS,
  ...PROMPT_COMMANDS,
  ...STATE_COMMANDS,
  ...makeCompletionCommands('adr-tmux'),
];
