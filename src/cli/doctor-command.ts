import type { Command } from './command.ts';

/** `doctor`, the same in both programs; adr-tmux takes `--socket` everywhere. */
export function makeDoctorCommand(program: 'adr' | 'adr-tmux'): Command {
  return {
    name: 'doctor',
    describe: 'Look at everything adr stands on, and say how to mend it',
    options: {
      json: { type: 'boolean', describe: 'Print one JSON document' },
      check: { type: 'boolean', describe: 'Exit code 8 when something is wrong' },
      ...(program === 'adr'
        ? {
            socket: {
              type: 'string',
              describe: 'Name of the tmux server to look at (tmux -L)',
              value: 'NAME',
            },
          }
        : {}),
    },
    details: `Of credentials only the names of files and variables are shown. A note is not wrong, a warning is.`,
    examples: [
      {
        command: `${program} doctor`,
        says: 'tmux, engine, images, agents, credentials, leftovers, terminal',
      },
      { command: `${program} doctor --check --json`, says: 'for scripts' },
    ],
    run: async (context) => (await import('./adr/doctor.ts')).runDoctor(context),
  };
}
