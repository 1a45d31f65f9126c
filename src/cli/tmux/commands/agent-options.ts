import { LAYOUTS } from '../../../session/layout.ts';
import { SESSION_SETTING_OPTIONS } from '../../adr/setting-options.ts';
import type { OptionSpec, OptionTable } from '../../command.ts';

/** Where agents work. */
export const workspaceOption: OptionSpec = {
  type: 'string',
  alias: 'w',
  describe: 'Directory the agents work in (default: the current one)',
  value: 'DIR',
  completes: 'directory',
};

/** What `start` and `add` take: the agents, and what holds for all of them. */
export const agentOptions: OptionTable = {
  agent: {
    type: 'list',
    alias: 'a',
    describe: 'TYPE[:NAME][,OPTION=VALUE...], once per agent; "pi" and "pi:*" become pi-1, pi-2',
    value: 'SPEC',
    completes: 'agent-spec',
  },
  workspace: workspaceOption,
  worktree: {
    type: 'boolean',
    describe: 'Every agent gets a tree and a branch of its own: adr/SESSION/AGENT',
  },
  prompt: {
    type: 'string',
    describe: 'What every agent is to begin with; "-" reads standard input',
    value: 'TEXT',
    freeText: true,
  },
  'prompt-file': { type: 'string', describe: 'The same from a file', value: 'FILE', completes: 'file' },
  'wait-prompt': {
    type: 'boolean',
    negated: true,
    describe: 'Return at once; first prompts are delivered in the background',
  },
  ...SESSION_SETTING_OPTIONS,
  'config-file': {
    type: 'string',
    describe: 'claude: this file in place of ~/.claude.json',
    value: 'FILE',
    completes: 'file',
  },
  'read-only': { type: 'boolean', describe: 'Containers can write only their workspace, HOME and /tmp' },
};

/** How panes are arranged. */
export const layoutOption: OptionTable = {
  layout: {
    type: 'string',
    describe: 'How panes are arranged, or a window for every agent (tiled)',
    value: 'LAYOUT',
    choices: LAYOUTS,
  },
};

/** What may stand behind an agent's name; for the help of `start` and `add`. */
export const SPEC_HELP = `Behind an agent's name may stand options of its own: every long option below without its dashes, and workspace=DIR,
prompt=TEXT or prompt=@FILE, arg=WORD (for its own program), read-only, worktree or no-worktree, no-reports. A value with commas stands in quotes:
  --agent 'pi:main,model=opus,memory=2g,env=A=1,prompt="Fix a, then b"'
First prompts are sent once an agent is ready; the command waits for it and says what became of them.`;
