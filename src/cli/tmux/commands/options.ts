import type { OptionSpec, OptionTable, PositionalSpec } from '../../command.ts';

/** Options every command of adr-tmux takes. */
export const TMUX_GLOBALS: OptionTable = {
  socket: {
    type: 'string',
    describe: 'Name of the tmux server (tmux -L); default: ADR_TMUX_SOCKET, else your own server',
    value: 'NAME',
  },
};

/** The session a command is about. */
export const session: PositionalSpec = {
  name: 'session',
  describe: 'The session, without the "adr-" prefix',
  required: true,
  completes: 'session',
};

/** The session a command may be narrowed to. */
export const anySession: PositionalSpec = { ...session, describe: 'Only this session', required: false };

/** Which agents of a session are meant. */
export const agentChoice: OptionTable = {
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

/** One JSON document instead of text. */
export const json: OptionSpec = { type: 'boolean', describe: 'Print one JSON document' };
