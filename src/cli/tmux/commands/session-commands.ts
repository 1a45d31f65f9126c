import { type Command, groupCommands } from '../../command.ts';
import { json, session } from './options.ts';

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
  run: async (context) => (await import('../start.ts')).runStart(context),
};

const stop: Command = {
  name: 'stop',
  describe: 'Stop a session for good: agents, containers, panes',
  positionals: [session],
  options: { json },
  examples: [{ command: 'adr-tmux stop refactor', says: 'nothing of it is left' }],
  run: async (context) => (await import('../stop.ts')).runStop(context),
};

const demo: Command = {
  name: 'demo',
  describe: 'Start a session of two demo agents and show what adr-tmux does with it',
  options: {
    stop: { type: 'boolean', describe: 'Stop the session at the end instead of leaving it for you' },
  },
  examples: [{ command: 'adr-tmux demo', says: 'needs neither Docker nor keys' }],
  run: async (context) => (await import('../demo.ts')).runDemo(context),
};

/** Commands that begin, change and end sessions. */
export const SESSION_COMMANDS: readonly Command[] = groupCommands('Sessions', [start, stop, demo]);
