import { type Command, groupCommands } from '../../command.ts';
import { anySession, json, session } from './options.ts';

const status: Command = {
  name: 'status',
  describe: 'Show every agent and its state',
  positionals: [anySession],
  options: {
    'fail-on': {
      type: 'list',
      describe: 'Exit with 8 when an agent is in one of these states: stalled,waiting,exited',
      value: 'STATES',
    },
    json,
  },
  examples: [
    { command: 'adr-tmux status', says: 'all sessions' },
    { command: 'adr-tmux status refactor --json', says: 'one, for scripts' },
    { command: 'adr-tmux status --fail-on stalled,waiting', says: 'exit code 8: somebody needs you' },
  ],
  details: `States: STARTING, RUNNING, IDLE (turn over), WAITING (it asks you), STALLED (at work without progress),
EXITED (with its exit code).`,
  run: async (context) => (await import('../status.ts')).runStatus(context),
};

const wait: Command = {
  name: 'wait',
  describe: 'Wait until agents are idle, ask, stall or have exited',
  positionals: [session],
  options: {
    agent: { type: 'list', alias: 'a', describe: 'Only this agent', value: 'NAME', completes: 'agent' },
    type: {
      type: 'list',
      describe: 'Only agents of this type',
      value: 'TYPE',
      completes: 'agent-type',
    },
    until: {
      type: 'list',
      describe: 'What to wait for: idle (default), waiting, exited, stalled, or any of them',
      value: 'STATES',
    },
    all: { type: 'boolean', describe: 'Until all of them are there (default)' },
    any: { type: 'boolean', describe: 'Until the first of them is there' },
    next: { type: 'boolean', describe: 'A state that an agent is in already does not count' },
    timeout: { type: 'string', describe: 'At most so long (default: no limit)', value: 'TIME' },
    json,
  },
  examples: [
    { command: 'adr-tmux wait refactor', says: 'until every agent is done' },
    { command: 'adr-tmux wait refactor --any --until any --timeout 10m', says: 'the first that needs you' },
    { command: 'adr-tmux wait refactor -a main --until waiting,exited', says: 'it asks, or has ended' },
  ],
  details: `What was sent before it counts: "send" and then "wait" waits for the end of that turn.
Exit codes: 0 reached; 6 an agent asks (and "waiting" was not among the states); 3 it has exited or is gone;
124 not in time; 130 Ctrl+C.`,
  run: async (context) => (await import('../wait.ts')).runWait(context),
};

const events: Command = {
  name: 'events',
  describe: 'Print what happened: every state and every prompt, one JSON object a line',
  positionals: [{ ...session, describe: 'A session, running or ended' }],
  options: {
    follow: { type: 'boolean', alias: 'f', describe: 'Go on until the session ends' },
    agent: { type: 'list', alias: 'a', describe: 'Only this agent', value: 'NAME', completes: 'agent' },
    since: {
      type: 'string',
      describe: 'Only from then on: so long ago (10m, 2h) or a date (2026-01-31T12:00)',
      value: 'TIME',
    },
    tail: { type: 'string', alias: 'n', describe: 'Only the last entries', value: 'N' },
  },
  examples: [
    { command: 'adr-tmux events refactor -n 20', says: 'also after the session has ended' },
    {
      command: `adr-tmux events refactor -f -n 0 | jq 'select(.to == "WAITING")'`,
      says: 'only what comes from now on',
    },
  ],
  run: async (context) => (await import('../events.ts')).runEvents(context),
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
  options: {
    agent: {
      type: 'string',
      alias: 'a',
      describe: 'Show this agent alone (zoomed; Ctrl+b z shows all again)',
      value: 'NAME',
      completes: 'agent',
    },
    'read-only': { type: 'boolean', alias: 'r', describe: 'Only look: what you type goes nowhere' },
  },
  examples: [
    { command: 'adr-tmux inject refactor', says: 'inside tmux: switches the client' },
    { command: 'adr-tmux inject refactor --agent main -r', says: 'one agent alone, only to look' },
    { command: 'ssh -t devbox adr-tmux inject refactor', says: 'from another machine' },
  ],
  run: async (context) => (await import('../inject.ts')).runInject(context),
};

const monitor: Command = {
  name: 'monitor',
  describe: 'Watch the panes of this tmux server (started by "start")',
  hidden: true,
  run: async (context) => (await import('../monitor.ts')).runMonitorCommand(context),
};

/** Commands that show agents and their state. */
export const STATE_COMMANDS: readonly Command[] = groupCommands('Watching', [
  status,
  wait,
  watch,
  events,
  inject,
  monitor,
]);
