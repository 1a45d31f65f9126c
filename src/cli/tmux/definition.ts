import type { ProgramDefinition } from '../command.ts';
import { TMUX_GLOBALS } from './commands/options.ts';
import { TMUX_COMMANDS } from './commands.ts';

/** What `adr-tmux` is: its commands, the options all of them take, and the words of its help. */
export const ADR_TMUX: ProgramDefinition = {
  name: 'adr-tmux',
  describe:
    'Runs several coding agents side by side in tmux: prompts sent in, states watched, all stopped together.',
  commands: TMUX_COMMANDS,
  globals: TMUX_GLOBALS,
  staying: {
    commands: ['start', 'send', 'interrupt', 'wait', 'watch', 'events', 'monitor', 'demo'],
    load: async () => (await import('../../commands/tmux/load-ahead.ts')).loadAhead(),
  },
  epilogue: `Sessions are called by their name without the "adr-" that tmux shows.`,
};
