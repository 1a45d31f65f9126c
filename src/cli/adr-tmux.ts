import { runMain } from './main.ts';
import { TMUX_GLOBALS } from './tmux/commands/options.ts';
import { TMUX_COMMANDS } from './tmux/commands.ts';

await runMain({
  name: 'adr-tmux',
  describe:
    'Runs several coding agents side by side in tmux: prompts sent in, states watched, all stopped together.',
  commands: TMUX_COMMANDS,
  globals: TMUX_GLOBALS,
  epilogue: `Sessions are called by their name without the "adr-" that tmux shows.`,
});
