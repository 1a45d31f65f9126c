import { type Command, groupCommands, type OptionSpec, type PositionalSpec } from '../../command.ts';
import { json } from './options.ts';

const treeSession: PositionalSpec = {
  name: 'session',
  describe: 'The session, running or ended, by its name or id',
  required: true,
  completes: 'tree-session',
};

const oneAgent: OptionSpec = {
  type: 'string',
  alias: 'a',
  describe: 'Name of the agent; may be left out when only one has a tree',
  value: 'NAME',
  completes: 'tree-agent',
};

const diff: Command = {
  name: 'diff',
  describe: "Show what agents have done in trees of their own ('start --worktree')",
  positionals: [treeSession],
  options: {
    agent: { ...oneAgent, type: 'list', describe: 'Only this agent' },
    stat: { type: 'boolean', describe: 'Files with the number of changed lines' },
    'name-only': { type: 'boolean', describe: 'Names of the files' },
    json,
  },
  examples: [
    { command: 'adr-tmux diff refactor', says: 'all agents: commits, uncommitted and new files' },
    { command: 'adr-tmux diff refactor --agent main --stat', says: 'one of them, at a glance' },
    {
      command: 'adr-tmux diff refactor -a main | git apply',
      says: 'a patch where the output is no terminal',
    },
  ],
  details: `Everything since the commit that the tree began from. Files that git ignores are not shown. Also after "stop".`,
  run: async (context) => (await import('../diff.ts')).runDiff(context),
};

const merge: Command = {
  name: 'merge',
  describe: "Bring an agent's work home: fetch its commits and merge them into the branch you are on",
  positionals: [treeSession],
  options: {
    agent: oneAgent,
    branch: {
      type: 'string',
      describe: "Another branch or stash of the agent's, as diff names it",
      value: 'NAME',
    },
    commit: { type: 'boolean', describe: 'Commit what the agent has not, and take that along (with -m)' },
    message: {
      type: 'string',
      alias: 'm',
      describe: 'Message of the commits made',
      value: 'TEXT',
      freeText: true,
    },
    'only-commits': { type: 'boolean', describe: 'Leave behind what is not committed' },
    'no-ff': { type: 'boolean', describe: 'Always make a merge commit' },
    squash: { type: 'boolean', describe: 'All of it as one commit' },
    json,
  },
  examples: [
    { command: 'adr-tmux merge refactor --agent main', says: 'into what is checked out in your repository' },
    { command: 'adr-tmux merge refactor -a main --commit -m "New parser"', says: 'uncommitted files too' },
    { command: 'adr-tmux merge refactor -a main --squash -m "New parser"', says: 'one commit of all of it' },
  ],
  details: `A conflict leaves everything as it was and says how to merge by hand; the branch adr/SESSION/AGENT is there then.
Your repository's hooks do not run: the agent may have changed what they call. Exit codes: 0 merged or nothing to merge,
5 a conflict, 6 uncommitted work or something in the way, 3 no such tree.`,
  run: async (context) => (await import('../merge.ts')).runMerge(context),
};

const discard: Command = {
  name: 'discard',
  describe: "Remove an agent's tree and branch",
  positionals: [treeSession],
  options: {
    agent: { ...oneAgent, type: 'list' },
    all: { type: 'boolean', describe: 'The trees of all agents of the session' },
    yes: { type: 'boolean', alias: 'y', describe: 'Do not ask, also when work is lost' },
    json,
  },
  examples: [
    { command: 'adr-tmux discard refactor --agent main', says: 'asks when something is not merged' },
    { command: 'adr-tmux discard refactor --all --yes', says: 'everything, whatever is in it' },
  ],
  details: `Not while the agent runs: adr-tmux remove or stop. Exit code 6 when work would be lost and nobody can be asked.`,
  run: async (context) => (await import('../discard.ts')).runDiscard(context),
};

/** Commands that bring home what agents did in trees of their own. */
export const TREE_COMMANDS: readonly Command[] = groupCommands('Trees', [diff, merge, discard]);
