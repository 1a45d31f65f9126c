import { ADR_COMMANDS } from './adr/commands.ts';
import { runMain } from './main.ts';

await runMain({
  name: 'adr',
  describe: 'runs one coding agent in one hardened container over one workspace',
  commands: ADR_COMMANDS,
  epilogue: 'Many agents side by side: adr-tmux --help',
});
