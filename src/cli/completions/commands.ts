import type { Command } from '../command.ts';

/** Shells that completions are written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The commands that bring completions to a program: `completions`, and the hidden one that the shells call. */
export function makeCompletionCommands(program: 'adr' | 'adr-tmux'): readonly Command[] {
  return [
    {
      name: 'completions',
      describe: 'Print or install completions for bash, zsh or fish',
      positionals: [
        {
          name: 'shell',
          describe: 'bash, zsh or fish prints the script; install writes it',
          required: true,
          choices: [...SHELLS, 'install'],
        },
        { name: 'for', describe: 'With install: the shell (default: yours, by SHELL)', choices: SHELLS },
      ],
      details: `Commands, options and their values, agent types, and the names of live sessions, agents and runs.
"install" writes them for adr and adr-tmux: ~/.bash_completion.d, ~/.zsh/completions, ~/.config/fish/completions.`,
      examples: [
        { command: `${program} completions install`, says: 'for your shell' },
        { command: `source <(${program} completions bash)`, says: 'for this shell alone' },
      ],
      run: async (context) => (await import('./completions.ts')).runCompletions(context),
    },
    {
      name: '__complete',
      describe: 'What could stand at the end of a command line',
      rest: 'the words behind the name of the program, the unfinished one last',
      hidden: true,
      run: async (context) => (await import('./complete.ts')).runComplete(context),
    },
  ];
}
