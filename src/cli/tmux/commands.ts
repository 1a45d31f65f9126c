import type { Command, OptionSpec, OptionTable, PositionalSpec } from '../command.ts';
import { makeCompletionCommands } from '../completions/commands.ts';

/** Options every command of adr-tmux takes. */
export const TMUX_GLOBALS: OptionTable = {
  socket: {
    type: 'string',
    describe: 'Name of the tmux server (tmux -L); default: ADR_TMUX_SOCKET, else your own server',
    value: 'NAME',
  },
};

const session: PositionalSpec = {
  name: 'session',
  describe: 'The session, without the "adr-" prefix',
  required: true,
  completes: 'session',
};
const anySession: PositionalSpec = { ...session, describe: 'Only this session', required: false };
/** Which agents of a session are meant. */
const agentChoice: OptionTable = {
  agent: {
    type: 'list',
    alias: 'a',
    describe: 'Name of the agent; may be left out when there is only one',
    value: 'NAME',
    completes: 'agent',
  },
  type: { type: 'list', describe: 'Every agent of this type', value: 'TYPE', completes: 'agent-type' },
  all: { type: 'boolean', describe: 'Every agent of the session' },
};
const json: OptionSpec = { type: 'boolean', describe: 'Print one JSON document' };

const start: Command = {
  name: 'start',
  describe: 'Start a session: one titled pane per agent, each running "adr run"',
  positionals: [{ ...session, completes: undefined }],
  options: {
    agent: {
      type: 'list',
      alias: 'a',
      describe: 'TYPE[:NAME], once per agent; "pi" and "pi:*" become pi-1, pi-2',
      value: 'SPEC',
      completes: 'agent-type',
    },
    workspace: {
      type: 'string',
      alias: 'w',
      describe: 'Directory the agents work in (default: the current one)',
      value: 'DIR',
      completes: 'directory',
    },
    engine: {
      type: 'string',
      describe: 'Where agents run: docker, podman, or host (nothing confines them there)',
      value: 'ENGINE',
      choices: ['docker', 'podman', 'host'],
    },
    tag: { type: 'string', describe: 'Image tag', value: 'TAG' },
    model: { type: 'string', describe: 'Model for every agent', value: 'MODEL' },
    approvals: {
      type: 'string',
      describe: 'Whether agents ask before they act: never (default in containers) or ask',
      value: 'WHEN',
      choices: ['never', 'ask'],
    },
    reports: { type: 'boolean', negated: true, describe: 'Do not load the reporter into the agents' },
    json,
  },
  rest: 'handed to every agent',
  examples: [
    {
      command: 'adr-tmux start refactor --agent pi:main --agent codex',
      says: 'two agents in this directory',
    },
    {
      command: 'adr-tmux start review --agent claude --agent claude -w ~/projects/myapp',
      says: 'claude-1 and claude-2',
    },
    { command: 'adr-tmux start try --agent demo', says: 'no Docker, no keys: the built-in demo agent' },
  ],
  run: async (context) => (await import('./start.ts')).runStart(context),
};

const send: Command = {
  name: 'send',
  describe: 'Send a prompt to an agent, and say whether it arrived',
  positionals: [
    session,
    { name: 'text', describe: 'The prompt; "-" reads what is piped in', variadic: true, raw: true },
  ],
  options: {
    ...agentChoice,
    file: {
      type: 'string',
      alias: 'f',
      describe: 'Read the prompt from a file',
      value: 'FILE',
      completes: 'file',
    },
    when: {
      type: 'string',
      describe: 'now: also into a running turn; idle: wait for its end (default with --wait)',
      value: 'WHEN',
      choices: ['now', 'idle'],
    },
    literal: {
      type: 'boolean',
      describe: "A text that starts with / ! @ or # is text, not the agent's own command",
    },
    submit: { type: 'boolean', negated: true, describe: 'Leave it in the composer for you to submit' },
    'clear-input': { type: 'boolean', describe: 'Empty a composer that holds text first' },
    keys: {
      type: 'string',
      describe: 'Press keys instead: tmux names, comma-separated (Escape,C-c)',
      value: 'KEYS',
    },
    'dry-run': { type: 'boolean', describe: 'Say who would get what, and send nothing' },
    'ready-wait': { type: 'boolean', negated: true, describe: 'Do not wait for an agent that is not ready' },
    'ready-timeout': {
      type: 'string',
      describe: 'How long to wait until the agent is ready (60s)',
      value: 'TIME',
    },
    wait: { type: 'boolean', describe: "Wait for the end of the turn and print the agent's last message" },
    timeout: { type: 'string', describe: 'With --wait: at most so long (default: no limit)', value: 'TIME' },
    json,
  },
  examples: [
    { command: 'adr-tmux send refactor --agent main "Refactor the auth module"', says: 'from any terminal' },
    { command: 'git diff | adr-tmux send review --agent claude-1 -', says: 'the prompt from standard input' },
    { command: 'adr-tmux send review --wait "Is this safe to merge?"', says: 'prints the answer alone' },
  ],
  details: `Exit codes: 0 submitted or queued, 7 typed or unconfirmed (or only some agents took it),
6 a question or a busy composer is in the way, 5 the agent has exited, 3 not found, 124 not ready in time.`,
  run: async (context) => (await import('./send.ts')).runSend(context),
};

const interrupt: Command = {
  name: 'interrupt',
  describe: "Stop an agent's running turn",
  positionals: [session],
  options: {
    ...agentChoice,
    timeout: { type: 'string', describe: 'How long to wait until the turn is over (20s)', value: 'TIME' },
    json,
  },
  examples: [{ command: 'adr-tmux interrupt refactor --agent main', says: 'returns when the turn is over' }],
  details: `Text that an agent puts back into its composer is removed there and returned in --json.`,
  run: async (context) => (await import('./interrupt.ts')).runInterrupt(context),
};

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
  run: async (context) => (await import('./status.ts')).runStatus(context),
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
    (await import('./watch.ts')).runWatch(
      context,
      (await import('./make-context.ts')).makeTmuxContext(context),
    ),
};

const inject: Command = {
  name: 'inject',
  aliases: ['attach'],
  describe: 'Attach this terminal to a session (detach: Ctrl+b d)',
  positionals: [session],
  examples: [{ command: 'adr-tmux inject refactor', says: 'inside tmux: switches the client' }],
  run: async (context) => (await import('./inject.ts')).runInject(context),
};

const stop: Command = {
  name: 'stop',
  describe: 'Stop a session for good: agents, containers, panes',
  positionals: [session],
  options: { json },
  examples: [{ command: 'adr-tmux stop refactor', says: 'nothing of it is left' }],
  run: async (context) => (await import('./stop.ts')).runStop(context),
};

const demo: Command = {
  name: 'demo',
  describe: 'Start a session of two demo agents and show what adr-tmux does with it',
  options: {
    stop: { type: 'boolean', describe: 'Stop the session at the end instead of leaving it for you' },
  },
  examples: [{ command: 'adr-tmux demo', says: 'needs neither Docker nor keys' }],
  run: async (context) => (await import('./demo.ts')).runDemo(context),
};

const monitor: Command = {
  name: 'monitor',
  describe: 'Watch the panes of this tmux server (started by "start")',
  hidden: true,
  run: async (context) => (await import('./monitor.ts')).runMonitorCommand(context),
};

/** The commands of `adr-tmux`, in the order help shows them. */
export const TMUX_COMMANDS: readonly Command[] = [
  start,
  send,
  interrupt,
  status,
  watch,
  inject,
  stop,
  demo,
  monitor,
  ...makeCompletionCommands('adr-tmux'),
];
