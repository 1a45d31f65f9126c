import type { Command, OptionSpec } from '../command.ts';

const json: OptionSpec = { type: 'boolean', describe: 'Print one JSON document' };

const agents: Command = {
  name: 'agents',
  describe: 'List the agent types, your own too',
  options: { json },
  details: `Your own stand in ~/.config/adr/agents, one folder a type: agent.json, a Dockerfile, and if you like signs.json and
entrypoint.sh. A signs.json alone, in a folder named like a built-in type, changes how that one's screen is read.`,
  examples: [{ command: 'adr agents', says: 'what there is, and what is wrong with it' }],
  run: async (context) => (await import('./agents.ts')).runAgents(context),
};

const init: Command = {
  name: 'agents init',
  describe: 'Make the folder of an agent type of your own',
  positionals: [{ name: 'name', describe: 'Name of the new type', required: true }],
  options: {
    from: {
      type: 'string',
      describe: 'Type to start from: a variant of a built-in one, or a copy of your own',
      value: 'TYPE',
      completes: 'agent-type',
    },
    json,
  },
  details: 'Nothing is overwritten: a folder that holds something is an error.',
  examples: [
    { command: 'adr agents init gemini', says: 'a start with comments' },
    { command: 'adr agents init claude-opus --from claude', says: 'a variant' },
  ],
  run: async (context) => (await import('./agents.ts')).runAgentsInit(context),
};

/** The commands around agent types. */
export const AGENT_COMMANDS: readonly Command[] = [agents, init];
