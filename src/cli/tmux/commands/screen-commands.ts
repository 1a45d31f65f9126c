import { type Command, groupCommands, type OptionSpec } from '../../command.ts';
import { json, session } from './options.ts';

const oneAgent: OptionSpec = {
  type: 'string',
  alias: 'a',
  describe: 'Name of the agent; may be left out when there is only one',
  value: 'NAME',
  completes: 'agent',
};

const capture: Command = {
  name: 'capture',
  describe: "Print what stands on an agent's screen",
  positionals: [session],
  options: {
    agent: oneAgent,
    lines: { type: 'string', alias: 'n', describe: 'The last lines, scrollback included', value: 'LINES' },
    ansi: { type: 'boolean', describe: 'With colours and styles' },
    json,
  },
  examples: [
    { command: 'adr-tmux capture refactor --agent main', says: 'as text; wrapped lines are joined' },
    { command: 'adr-tmux capture refactor -a main -n 500 --ansi | less -R', says: 'also what scrolled away' },
  ],
  details: `Whatever the agent printed, only text and, with --ansi, colours and styles reach your terminal.
Agents that use the alternate screen have no scrollback.`,
  run: async (context) => (await import('../capture.ts')).runCapture(context),
};

const logs: Command = {
  name: 'logs',
  describe: "Show what an agent reported, then its screen (as 'adr logs')",
  positionals: [session],
  options: {
    agent: oneAgent,
    follow: { type: 'boolean', alias: 'f', describe: 'Go on until its run ends' },
    tail: { type: 'string', alias: 'n', describe: 'Only the last reports', value: 'N' },
    ndjson: { type: 'boolean', describe: 'One JSON object per report' },
  },
  examples: [
    { command: 'adr-tmux logs refactor --agent main -f', says: 'prompts, tools, answers as they come' },
  ],
  details: `With a run go its reports: of an agent that has exited there is the last screen, and "adr-tmux events".`,
  run: async (context) => (await import('../logs.ts')).runTmuxLogs(context),
};

/** Commands that show what an agent prints. */
export const SCREEN_COMMANDS: readonly Command[] = groupCommands('Watching', [capture, logs]);
