import type { Command } from '../command.ts';
import { makeCompletionCommands } from '../completions/commands.ts';
import { makeDoctorCommand } from '../doctor-command.ts';
import { EXPLAIN_COMMANDS } from './commands/explain-command.ts';
import { PROMPT_COMMANDS } from './commands/prompt-commands.ts';
import { SCREEN_COMMANDS } from './commands/screen-commands.ts';
import { SESSION_COMMANDS } from './commands/session-commands.ts';
import { STATE_COMMANDS } from './commands/state-commands.ts';
import { TREE_COMMANDS } from './commands/tree-commands.ts';

/** The commands of `adr-tmux`, in the order help shows them. */
export const TMUX_COMMANDS: readonly Command[] = [
  ...SESSION_COMMANDS,
  ...TREE_COMMANDS,
  ...PROMPT_COMMANDS,
  ...STATE_COMMANDS,
  ...SCREEN_COMMANDS,
  ...EXPLAIN_COMMANDS,
  makeDoctorCommand('adr-tmux'),
  ...makeCompletionCommands('adr-tmux'),
];
