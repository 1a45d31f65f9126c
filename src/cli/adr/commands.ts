import {
  type Command,
  groupCommands,
  type OptionSpec,
  type OptionTable,
  type PositionalSpec,
} from '../command.ts';
import { makeCompletionCommands } from '../completions/commands.ts';
import { makeDoctorCommand } from '../doctor-command.ts';
import { AGENT_COMMANDS } from './agents-commands.ts';
import { CONFIG_COMMANDS } from './config-commands.ts';
import { SETTING_OPTIONS } from './setting-options.ts';

const json: OptionSpec = { type: 'boolean', describe: 'Print one JSON document' };
/** Where containers and images are looked for; like those of `run`, from the settings when not written. */
const engineOptions: OptionTable = {
  engine: {
    type: 'string',
    describe: 'docker or podman (as configured: ADR_ENGINE)',
    choices: ['docker', 'podman'],
    value: 'ENGINE',
  },
  context: {
    type: 'string',
    describe: "The engine client's context (as configured: ADR_CONTEXT)",
    value: 'NAME',
  },
};

const oneRun: PositionalSpec = {
  name: 'run',
  describe: 'Run id, agent name or session/agent (see: adr ps)',
  required: true,
  completes: 'run',
};

const run: Command = {
  name: 'run',
  describe: 'Run one agent in a container over a workspace',
  positionals: [
    {
      name: 'agent',
      describe: 'pi, opencode, claude, codex or demo (default: ADR_AGENT)',
      completes: 'agent-type',
    },
  ],
  options: {
    workspace: {
      type: 'string',
      alias: 'w',
      describe: 'Directory the agent works in (default: the current one)',
      value: 'DIR',
      completes: 'directory',
    },
    prompt: {
      type: 'string',
      describe: 'Headless: answer this prompt and end; "-" reads standard input',
      value: 'TEXT',
      freeText: true,
    },
    'prompt-file': {
      type: 'string',
      describe: 'Headless: the prompt from a file',
      value: 'FILE',
      completes: 'file',
    },
    output: {
      type: 'string',
      describe: 'Headless: text, or the JSON events of the agent',
      choices: ['text', 'json'],
    },
    headless: { type: 'boolean', describe: 'No terminal: answer the prompt and end (--prompt implies it)' },
    shell: { type: 'boolean', describe: "A shell in the agent's container instead of the agent" },
    ...SETTING_OPTIONS,
    'config-file': {
      type: 'string',
      describe: 'claude: this file in place of ~/.claude.json',
      value: 'FILE',
      completes: 'file',
    },
    'read-only': { type: 'boolean', describe: 'The container can write only its workspace, HOME and /tmp' },
    session: { type: 'string', describe: 'Name of the session it belongs to', value: 'NAME' },
    name: { type: 'string', describe: 'Name of this agent (default: its type)', value: 'NAME' },
    yes: { type: 'boolean', alias: 'y', describe: 'Build a missing image without asking' },
    'dry-run': { type: 'boolean', describe: 'Show what would be done, secrets left out' },
  },
  rest: 'handed to the agent',
  details: `Settings come from ~/.config/adr/config, the project's .adr, ADR_* variables and flags, later ones winning.
Exit code: the agent's own; 2 when the command line or a setting is wrong, 124 after --timeout, 125 when the agent did
not run (no such type or image, no engine...: --output json has the code), 130/143 when interrupted.
Of --engine podman only the command lines are tested, no podman.`,
  examples: [
    { command: 'adr run claude', says: 'in this directory' },
    {
      command: 'adr run pi -w ~/projects/app -e API_URL=http://localhost',
      says: 'another directory, a variable',
    },
    { command: 'adr run codex --prompt "Explain this repository"', says: 'one answer on stdout' },
    { command: 'adr run claude -- --model opus', says: 'options of the agent itself' },
  ],
  run: async (context) => (await import('./run.ts')).runRun(context),
};

const build: Command = {
  name: 'build',
  describe: 'Build the images of the agents',
  positionals: [
    {
      name: 'agent',
      describe: 'Agent types, or TYPE@VERSION (default: all)',
      variadic: true,
      completes: 'agent-type',
    },
  ],
  options: {
    base: { type: 'string', describe: 'Image to build on (Debian or Ubuntu)', value: 'IMAGE' },
    tag: { type: 'string', describe: 'Image tag (latest)', value: 'TAG' },
    cache: { type: 'boolean', negated: true, describe: 'Build everything anew' },
    pull: { type: 'boolean', describe: 'Fetch a newer base image, unless it was made on this machine' },
    yes: { type: 'boolean', alias: 'y', describe: 'Do not ask' },
    ...engineOptions,
  },
  details: 'Exit code: 4 when nothing was built, 7 when some images failed.',
  examples: [
    { command: 'adr build claude', says: 'one' },
    { command: 'adr build --yes', says: 'all, for scripts' },
    { command: 'adr build codex --base rust:1.85', says: 'with another toolchain' },
    { command: 'adr build codex@latest', says: 'another version of the agent' },
  ],
  run: async (context) => (await import('./build.ts')).runBuild(context),
};

const update: Command = {
  name: 'update',
  describe: 'Build images anew, on a base fetched anew',
  positionals: [
    {
      name: 'agent',
      describe: 'Agent types, or TYPE@VERSION (default: all that are built)',
      variadic: true,
      completes: 'agent-type',
    },
  ],
  options: {
    tag: { type: 'string', describe: 'Only images of this tag (default: every tag there is)', value: 'TAG' },
    ...engineOptions,
  },
  details: `Nothing is taken from the cache; what was chosen with "adr build" (--base, TYPE@VERSION) is kept. Images that
lose their name are removed when no container uses them. Exit code: 4 when nothing was rebuilt, 7 when some failed.`,
  examples: [
    { command: 'adr update', says: 'all that are built' },
    { command: 'adr update claude', says: 'one' },
  ],
  run: async (context) => (await import('./update.ts')).runUpdate(context),
};

const status: Command = {
  name: 'status',
  describe: 'Show the images and what runs',
  options: { json, ...engineOptions },
  examples: [{ command: 'adr status', says: 'what is built' }],
  run: async (context) => (await import('./status.ts')).runStatus(context),
};

const ps: Command = {
  name: 'ps',
  describe: 'List your runs',
  options: { json, ...engineOptions },
  details: `On the engine you are set to, and on every other where a run of yours was started. With --engine or
--context (here and in logs, stats, exec, stop, clean, status): only there.`,
  examples: [
    { command: 'adr ps --json', says: 'for scripts' },
    { command: 'adr ps --context build-host', says: 'of another engine' },
  ],
  run: async (context) => (await import('./runs.ts')).runPs(context),
};

const stop: Command = {
  name: 'stop',
  describe: 'Stop runs and remove everything of them',
  positionals: [{ ...oneRun, variadic: true }],
  options: { json, ...engineOptions },
  examples: [
    { command: 'adr stop 0123456789ab', says: 'by its id' },
    { command: 'adr stop refactor/main', says: 'an agent of a session' },
  ],
  run: async (context) => (await import('./runs.ts')).runStop(context),
};

const logs: Command = {
  name: 'logs',
  describe: 'Show what a run printed or reported',
  positionals: [oneRun],
  options: {
    follow: { type: 'boolean', alias: 'f', describe: 'Go on until the run ends' },
    tail: { type: 'string', alias: 'n', describe: 'Only the last lines or reports', value: 'N' },
    ndjson: { type: 'boolean', describe: 'One JSON object per line or report' },
    socket: {
      type: 'string',
      describe: 'Name of the tmux server its screen is on (tmux -L)',
      value: 'NAME',
    },
    ...engineOptions,
  },
  details: `A headless run: its output without escape sequences; the engine keeps the last 30 MB.
A run on a terminal: what the agent reported, then what stands on its screen (in a session).
With the run go its logs: adr keeps nothing.`,
  examples: [
    { command: 'adr logs claude -f', says: 'until it ends' },
    { command: 'adr logs refactor/main --tail 20', says: 'an agent of a session' },
  ],
  run: async (context) => (await import('./logs.ts')).runLogs(context),
};

const stats: Command = {
  name: 'stats',
  describe: 'Show what runs use: CPU, memory, processes',
  positionals: [{ ...oneRun, required: false, variadic: true }],
  options: {
    follow: { type: 'boolean', alias: 'f', describe: 'Measure again and again' },
    json,
    ndjson: { type: 'boolean', describe: 'One JSON document per measurement, again and again' },
    ...engineOptions,
  },
  details: `CPU is in percent of one processor. The engine needs about 2 s for one measurement.`,
  examples: [{ command: 'adr stats -f', says: 'until Ctrl+C' }],
  run: async (context) => (await import('./stats.ts')).runStats(context),
};

const exec: Command = {
  name: 'exec',
  aliases: ['attach'],
  describe: "Open a shell in a run's container, or run a command there",
  positionals: [oneRun],
  options: engineOptions,
  rest: 'a command instead of the shell',
  details: `It runs as the agent's user, in its workspace, with its variables, confined like the agent. Exit code: the
command's own.`,
  examples: [
    { command: 'adr exec claude', says: 'a shell beside the agent' },
    { command: 'adr exec refactor/main -- git status', says: 'one command' },
  ],
  run: async (context) => (await import('./exec.ts')).runExec(context),
};

const clean: Command = {
  name: 'clean',
  describe: 'Remove what killed runs left behind',
  options: {
    all: { type: 'boolean', describe: 'Also stop and remove the runs that are alive' },
    yes: { type: 'boolean', alias: 'y', describe: 'Do not ask' },
    json,
    ...engineOptions,
  },
  examples: [{ command: 'adr clean', says: 'touches nothing that is alive' }],
  run: async (context) => (await import('./runs.ts')).runClean(context),
};

const fixOwner: Command = {
  name: 'fix-owner',
  describe: 'Make files that an agent wrote as somebody else yours again',
  positionals: [
    { name: 'directory', describe: 'The directory (default: the current one)', completes: 'directory' },
  ],
  options: { 'dry-run': { type: 'boolean', describe: 'Say whose files there are, and change nothing' } },
  details: `Rarely needed: agents run with your own uid. Uses sudo where it asks for no password, else a container,
else sudo. "/", your home and directories of the system are refused.`,
  examples: [{ command: 'adr fix-owner ~/projects/app', says: 'whatever --user did there' }],
  run: async (context) => (await import('./fix-owner.ts')).runFixOwner(context),
};

/** The commands of `adr`, in the order help shows them. */
export const ADR_COMMANDS: readonly Command[] = [
  ...groupCommands('Runs', [run, ps, logs, stats, exec, stop, clean]),
  ...groupCommands('Images and agent types', [build, update, status, ...AGENT_COMMANDS]),
  ...groupCommands('Configuration', CONFIG_COMMANDS),
  makeDoctorCommand('adr'),
  fixOwner,
  ...makeCompletionCommands('adr'),
];
