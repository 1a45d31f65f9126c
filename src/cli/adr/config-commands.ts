import type { Command, OptionSpec } from '../command.ts';

const json: OptionSpec = { type: 'boolean', describe: 'Print one JSON document' };
const project: OptionSpec = { type: 'boolean', describe: "Change the project's .adr, not your own file" };
const workspace: OptionSpec = {
  type: 'string',
  alias: 'w',
  describe: 'Directory of the project (default: the current one); its .adr is the nearest one upwards',
  value: 'DIR',
  completes: 'directory',
};

const KEYS = `A key is written with or without ADR_ and in any case: ADR_MEMORY, memory. With _AGENT behind it
it counts for one agent type: memory_codex.`;

const show: Command = {
  name: 'config show',
  aliases: ['config'],
  describe: 'Show every setting, where it comes from and whether it is trusted',
  positionals: [{ name: 'key', describe: 'Only these keys', variadic: true, completes: 'config-key' }],
  options: { workspace, json },
  details: 'Values of variables (ADR_ENV) are left out; adr config get ADR_ENV prints them.',
  examples: [
    { command: 'adr config', says: 'as a run in this directory would see it' },
    { command: 'adr config show memory cpus', says: 'two of them' },
  ],
  run: async (context) => (await import('./config.ts')).runConfigShow(context),
};

const get: Command = {
  name: 'config get',
  describe: 'Print one setting as a run would see it',
  positionals: [{ name: 'key', describe: 'The key', required: true, completes: 'config-key' }],
  options: { workspace, json },
  details: `${KEYS}\nItems of a list are printed one a line; nothing is printed where there is no value.`,
  examples: [{ command: 'adr config get memory', says: 'the limit that counts' }],
  run: async (context) => (await import('./config.ts')).runConfigGet(context),
};

const set: Command = {
  name: 'config set',
  describe: "Write settings into your own file or the project's",
  positionals: [
    {
      name: 'assignment',
      describe: 'KEY=VALUE; a list (ADR_MOUNTS, ADR_ENV...) gets the value added; KEY= resets',
      variadic: true,
      required: true,
      completes: 'config-key',
    },
  ],
  options: { project, workspace },
  details: `${KEYS}\nA list is split at blanks; quotes keep them: 'ADR_ENV="GREETING=two words"'.`,
  examples: [
    { command: 'adr config set memory=2g model_pi=anthropic/claude-sonnet-4', says: 'your own defaults' },
    { command: 'adr config set --project agent=codex', says: 'for this project' },
    { command: 'adr config set mounts=~/data:/data', says: 'one more mount' },
  ],
  run: async (context) => (await import('./config.ts')).runConfigSet(context),
};

const unset: Command = {
  name: 'config unset',
  describe: "Take settings out of your own file or the project's",
  positionals: [
    { name: 'key', describe: 'The keys', variadic: true, required: true, completes: 'config-key' },
  ],
  options: { project, workspace },
  details: KEYS,
  examples: [{ command: 'adr config unset memory', says: 'back to the default' }],
  run: async (context) => (await import('./config.ts')).runConfigUnset(context),
};

const trust: Command = {
  name: 'trust',
  describe: "Let a project's .adr set what could widen what an agent may do",
  positionals: [
    { name: 'dir', describe: 'Directory of the project (default: the current one)', completes: 'directory' },
  ],
  options: {
    list: { type: 'boolean', describe: 'Show every trusted file, and whether it still is what was trusted' },
    revoke: { type: 'boolean', describe: 'Take trust back' },
    yes: { type: 'boolean', alias: 'y', describe: 'Do not ask' },
    json,
  },
  details: `An agent can write the .adr of its workspace, so mounts from outside, network, image, variables and
whatever else widens what it may do count only while the file is exactly what you trusted.`,
  examples: [
    { command: 'adr trust', says: 'show what the .adr here wants, and ask' },
    { command: 'adr trust --list', says: 'what is trusted' },
    { command: 'adr trust --revoke ~/projects/app', says: 'no more' },
  ],
  run: async (context) => (await import('./trust.ts')).runTrust(context),
};

/** `adr config ...` and `adr trust`. */
export const CONFIG_COMMANDS: readonly Command[] = [show, get, set, unset, trust];
