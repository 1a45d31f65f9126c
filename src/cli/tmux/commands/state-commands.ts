import { type Command, groupCommands } from '../../command.ts';
import { anySession, json, session } from './options.ts';

const status: Command = {
  name: 'status',
  aliases: ['list', 'ls'],
  describe: 'Show every agent and its state',
  positionals: [anySession],
  options: { json },
  examples: [
    { command: 'adr-tmux status', says: 'all sessions' },
    { command: 'adr-tmux status refactor --json', says: 'one, for scripts' },
  ],
  details: `States: STARTING, RUNNING, IDLE (turn over), WAITING (it asks you), STALLED (at work without progress),
EXITED (with its exit code).`,
  run: async (context) => (await import('../status.ts')).runStatus(context),
};

const watch: Command = {
  name: 'watch',
  describe: 'Watch the agents; prints a line per state change where the output is no terminal',
  positionals: [anySession],
  options: {
    agent: { type: 'string', alias: 'a', describe: 'Only this agent', value: 'NAME', completes: 'agent' },
    interval: { type: 'string', describe: 'Time between two looks (1s; 3s for lines)', value: 'TIME' },
    tui: { type: 'boolean', negated: true, describe: 'Lines instead of the full-screen view' },
    ndjson: { type: 'boolean', describe: 'One JSON object per state change' },
  },
  examples: [
    { command: 'adr-tmux watch refactor', says: 'q or Ctrl+C leaves, everything keeps running' },
    { command: 'adr-tmux watch --ndjson | jq .', says: 'all sessions, for scripts' },
  ],
  run: async (context) =>
    (await import('../watch.ts')).runWatch(
      context,
      (await import('../make-context.ts')).makeTmuxContext(context),
    ),
};

const inject: Command = {
  name: 'inject',
  aliases: ['attach'],
  describe: 'Attach this terminal to a session (detach: Ctrl+b d)',
  positionals: [session],
  examples: [{ command: 'adr-tmux inject refactor', says: 'inside tmux: switches the client' }],
  run: async (context) => (await import('../inject.ts')).runInject(context),
};

const monitor: Command = {
  name: 'monitor',
  describe: 'Watch the panes of this tmux server (started by "start")',
  hidden: true,
  run: async (context) => (await import('../monitor.ts')).runMonitorCommand(context),
};

/** Commands that show agents and their state. */
export const STATE_COMMANDS: readonly Command[] = groupCommands('Watching', [status, watch, inject, monitor]);
