import { type Command, groupCommands } from '../../command.ts';
import { agentChoice, json, session } from './options.ts';

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
  run: async (context) => (await import('../send.ts')).runSend(context),
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
  run: async (context) => (await import('../interrupt.ts')).runInterrupt(context),
};

const answer: Command = {
  name: 'answer',
  describe: 'Answer the question an agent waits with',
  positionals: [
    session,
    {
      name: 'answer',
      describe: "yes, no, always, an option's number or label, submit (the ticked ones), or your own words",
      variadic: true,
      raw: true,
    },
  ],
  options: {
    agent: {
      type: 'string',
      alias: 'a',
      describe: 'Name of the agent; may be left out when there is only one',
      value: 'NAME',
      completes: 'agent',
    },
    question: {
      type: 'string',
      describe: 'Only this question, by its id in "status --json"',
      value: 'ID',
    },
    key: { type: 'string', describe: 'Press one key instead, as tmux names it (Escape, y)', value: 'KEY' },
    timeout: { type: 'string', describe: 'How long the agent may take to go on (10s)', value: 'TIME' },
    'dry-run': { type: 'boolean', describe: 'Say what would be chosen, and press nothing' },
    json,
  },
  examples: [
    { command: 'adr-tmux answer refactor --agent main yes', says: 'what it asks: adr-tmux status refactor' },
    { command: 'adr-tmux answer refactor --agent main "Use npm ci"', says: 'where it takes your own words' },
    { command: 'adr-tmux answer refactor -a main 2 --question "$id"', says: 'that very question, or none' },
  ],
  details: `Nothing is pressed unless the question still stands when the key goes in. "always" is refused where the agent
offers no such choice. Exit codes: 0 answered, 7 unconfirmed, 6 another question or no such choice, 5 nothing is asked or
the agent has exited, 3 not found, 124 somebody else held the pane.`,
  run: async (context) => (await import('../answer.ts')).runAnswer(context),
};

/** Commands that talk to agents. */
export const PROMPT_COMMANDS: readonly Command[] = groupCommands('Prompts', [send, answer, interrupt]);
