import { type Command, groupCommands, type OptionSpec } from '../../command.ts';
import { agentOptions, layoutOption, SPEC_HELP, workspaceOption } from './agent-options.ts';
import { agentChoice, anySession, json, session } from './options.ts';

const start: Command = {
  name: 'start',
  describe: 'Start a session: one titled pane per agent, each running "adr run"',
  positionals: [
    {
      ...session,
      describe: 'Name of the session; may be left out where the team file names it',
      required: false,
      completes: undefined,
    },
  ],
  options: {
    ...agentOptions,
    ...layoutOption,
    file: {
      type: 'string',
      alias: 'f',
      describe: 'Start what a team file (TOML) describes; its paths count from where it stands',
      value: 'FILE',
      completes: 'file',
    },
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
    {
      command: "adr-tmux start fix --agent 'pi:main,model=opus,memory=8g,prompt=@task.md' --agent codex",
      says: 'options and a first prompt for one of them',
    },
    {
      command: 'adr-tmux start fix --worktree --agent pi --agent codex',
      says: 'each in a checkout and a branch of its own; then: adr-tmux diff, merge, discard',
    },
    { command: 'adr-tmux start -f team.toml', says: 'a session described in a file; see docs/guide.md' },
    { command: 'adr-tmux start try --agent demo', says: 'no Docker, no keys: the built-in demo agent' },
  ],
  details: SPEC_HELP,
  run: async (context) => (await import('../start.ts')).runStart(context),
};

const list: Command = {
  name: 'list',
  aliases: ['ls'],
  describe: 'List sessions, one a line',
  positionals: [anySession],
  options: { quiet: { type: 'boolean', alias: 'q', describe: 'Names alone' }, json },
  examples: [
    { command: 'adr-tmux list', says: 'how many agents are in which state; status shows each' },
    { command: 'for s in $(adr-tmux ls -q); do adr-tmux stop "$s"; done', says: 'end all of them' },
  ],
  run: async (context) => (await import('../list.ts')).runList(context),
};

const yes: OptionSpec = {
  type: 'boolean',
  alias: 'y',
  describe: 'Do not ask, also in the middle of a turn',
};

const add: Command = {
  name: 'add',
  describe: 'Add agents to a running session',
  positionals: [session],
  options: {
    ...agentOptions,
    workspace: { ...workspaceOption, describe: "Directory they work in (default: the session's)" },
    json,
  },
  rest: 'handed to every new agent',
  examples: [
    { command: 'adr-tmux add refactor --agent pi', says: 'pi-1, or the next free number' },
    {
      command: "adr-tmux add refactor --agent 'claude:review,prompt=@review.md'",
      says: 'with something to begin with',
    },
  ],
  details: SPEC_HELP,
  run: async (context) => (await import('../add.ts')).runAdd(context),
};

const remove: Command = {
  name: 'remove',
  aliases: ['rm'],
  describe: 'Remove agents from a session: their containers and panes',
  positionals: [session],
  options: { ...agentChoice, yes, json },
  examples: [{ command: 'adr-tmux remove refactor --agent codex-1', says: 'the others are not touched' }],
  details:
    'The last agents go with the session: adr-tmux stop. Exit code 6 when one is in the middle of a turn.',
  run: async (context) => (await import('../remove.ts')).runRemove(context),
};

const restart: Command = {
  name: 'restart',
  describe: 'Start agents anew: a fresh container, same name, options and place',
  positionals: [session],
  options: {
    ...agentChoice,
    resume: { type: 'boolean', describe: 'Go on with their conversations instead of beginning new ones' },
    yes,
    json,
  },
  examples: [
    {
      command: 'adr-tmux restart refactor --agent main',
      says: 'dead or alive; also when its pane was closed',
    },
    { command: 'adr-tmux restart refactor --all --yes', says: 'whatever they are doing' },
    {
      command: 'adr-tmux restart refactor --agent main --resume',
      says: 'a fresh container, the same conversation',
    },
  ],
  details: `Credentials come from the terminal this is typed in. First prompts are not sent again. Exit code 6 when one is
in the middle of a turn and nobody can be asked.`,
  run: async (context) => (await import('../restart.ts')).runRestart(context),
};

const resume: Command = {
  name: 'resume',
  describe:
    'Bring sessions back after a reboot, a dead tmux server or a stop, each agent in its conversation',
  positionals: [
    {
      ...session,
      describe: 'This session, also a stopped one; default: all that were lost',
      required: false,
      completes: 'resumable',
    },
  ],
  options: {
    fresh: {
      type: 'boolean',
      describe: 'New conversations: only name, agents, options and workspace come back',
    },
    'dry-run': { type: 'boolean', describe: 'Only say what would be resumed' },
    list: { type: 'boolean', describe: 'List the sessions that can be resumed' },
    'wait-prompt': agentOptions['wait-prompt'] as OptionSpec,
    json,
  },
  examples: [
    { command: 'adr-tmux resume', says: 'after a reboot: every session that was running' },
    { command: 'adr-tmux resume refactor', says: 'one of them, or one that was stopped in the last 7 days' },
    { command: 'adr-tmux resume --list', says: 'what there is' },
    { command: 'adr-tmux resume refactor --fresh', says: 'the same agents with nothing said yet' },
  ],
  details: `pi, codex, opencode and claude go on with their own conversation; one that is not there any more begins anew, and it
is told. First prompts that were delivered are not sent again. Credentials come from the terminal this is typed in.`,
  run: async (context) => (await import('../resume.ts')).runResume(context),
};

const stop: Command = {
  name: 'stop',
  describe: 'Stop a session for good: agents, containers, panes',
  positionals: [session],
  options: {
    purge: {
      type: 'boolean',
      describe: 'Keep nothing of it: no conversations, no history; also of one that has ended',
    },
    json,
  },
  examples: [
    { command: 'adr-tmux stop refactor', says: 'nothing of it runs any more; it can be resumed for 7 days' },
    { command: 'adr-tmux stop refactor --purge', says: 'and nothing of it is kept' },
  ],
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

const deliver: Command = {
  name: '__deliver',
  describe: 'Deliver first prompts (started by "start" and "add")',
  hidden: true,
  positionals: [
    { name: 'id', describe: 'The session', required: true },
    { name: 'agent', describe: 'Agents', variadic: true },
  ],
  run: async (context) => (await import('../deliver.ts')).runDeliver(context),
};

/** Commands that begin, change and end sessions. */
export const SESSION_COMMANDS: readonly Command[] = groupCommands('Sessions', [
  start,
  list,
  add,
  remove,
  restart,
  resume,
  stop,
  demo,
  deliver,
]);
