import type { ProgramDefinition } from '../command.ts';
import { ADR_COMMANDS } from './commands.ts';

/** What `adr` is: its commands and the words of its help. */
export const ADR: ProgramDefinition = {
  name: 'adr',
  describe: 'Runs one coding agent in one hardened container over one workspace.',
  commands: ADR_COMMANDS,
  staying: { commands: ['run', 'logs', 'stats', 'exec', 'build', 'update'] },
  epilogue: 'Many agents side by side: adr-tmux --help',
};
