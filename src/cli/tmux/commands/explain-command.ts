import { type Command, groupCommands } from '../../command.ts';
import { json, session } from './options.ts';

const explain: Command = {
  name: 'explain',
  describe: 'Say why an agent has the state it has; record its screens, judge a recording',
  positionals: [{ ...session, required: false }],
  options: {
    agent: {
      type: 'string',
      alias: 'a',
      describe: 'Name of the agent; may be left out when there is only one',
      value: 'NAME',
      completes: 'agent',
    },
    record: {
      type: 'string',
      describe: 'Save its screens and reports until Ctrl+C',
      value: 'FILE',
      completes: 'file',
    },
    for: { type: 'string', describe: 'With --record: end after this time', value: 'TIME' },
    replay: {
      type: 'string',
      describe: 'Judge every frame of a recording, one JSON object a line ("-": from standard input)',
      value: 'FILE',
      completes: 'file',
    },
    type: {
      type: 'string',
      describe: 'With --replay: the agent type, instead of the one the recording names',
      value: 'TYPE',
      completes: 'agent-type',
    },
    signs: {
      type: 'string',
      describe: 'Print the signs by which screens of this agent type are read, as a signs.json',
      value: 'TYPE',
      completes: 'agent-type',
    },
    json,
  },
  examples: [
    { command: 'adr-tmux explain refactor --agent main', says: 'the rule, both witnesses, the lines' },
    { command: 'adr-tmux explain refactor --agent main --record wrong.json', says: 'readable by you alone' },
    { command: 'adr-tmux explain --replay wrong.json', says: 'needs no tmux' },
    { command: 'adr-tmux explain --signs claude', says: 'what your own signs.json would change' },
  ],
  details: `A recording holds what stood on the screen and the prompts: look through it before you give it away.
A wrong verdict is corrected in ~/.config/adr/agents/TYPE/signs.json (docs/states.md); nothing has to be restarted.`,
  run: async (context) => (await import('../explain.ts')).runExplain(context),
};

/** What stands behind a state. */
export const EXPLAIN_COMMANDS: readonly Command[] = groupCommands('Watching', [explain]);
