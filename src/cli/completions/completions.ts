import { basename, join } from 'node:path';
import { AdrError } from '../../errors.ts';
import { readTextIfExists, writePrivateFile } from '../../system/files.ts';
import { abbreviateHome, type Environment, findHome } from '../../system/paths.ts';
import type { CommandContext } from '../command.ts';
import { SHELLS, type Shell } from './commands.ts';
import { renderScript } from './scripts.ts';

const PROGRAMS = ['adr', 'adr-tmux'] as const;

/** `completions`. */
export async function runCompletions(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const word = args.string('shell') as Shell | 'install';
  const wanted = args.string('for') as Shell | undefined;
  if (word !== 'install') {
    if (wanted) throw new AdrError('USAGE', `unexpected argument "${wanted}"`, { hint: 'keep one shell' });
    stdout.write(renderScript(word, context.program));
    return 0;
  }
  const shell = wanted ?? detectShell(env);
  const { directory, name, rcFile, rcLine } = placeScripts(shell, env);
  for (const program of PROGRAMS) {
    const path = join(directory, name(program));
    await writePrivateFile(path, renderScript(shell, program));
    stdout.write(`Wrote ${abbreviateHome(path, env)}\n`);
  }
  const rc = rcFile === undefined ? undefined : ((await readTextIfExists(rcFile)) ?? '');
  if (rcFile === undefined || rc?.includes(rcLine)) stdout.write(`Open a new ${shell} to have them.\n`);
  else {
    stdout.write(`Add this line to ${abbreviateHome(rcFile, env)} and open a new ${shell}:\n\n  ${rcLine}\n`);
  }
  return 0;
}

function detectShell(env: Environment): Shell {
  const name = basename(env.SHELL ?? '');
  const found = SHELLS.find((shell) => shell === name);
  if (found) return found;
  throw new AdrError('USAGE', `Unknown shell ${JSON.stringify(name)}. Supported: ${SHELLS.join(', ')}`, {
    hint: 'name it: completions install bash',
  });
}

interface ScriptPlace {
  readonly directory: string;
  readonly name: (program: string) => string;
  /** Where the user must write `rcLine`; undefined: the shell finds the directory by itself. */
  readonly rcFile: string | undefined;
  readonly rcLine: string;
}

/** Where a shell's scripts belong. */
export function placeScripts(shell: Shell, env: Environment): ScriptPlace {
  const home = findHome(env);
  switch (shell) {
    case 'bash':
      return {
        directory: join(home, '.bash_completion.d'),
        name: (program) => program,
        rcFile: join(home, '.bashrc'),
        rcLine: 'for f in ~/.bash_completion.d/*; do . "$f"; done',
      };
    case 'zsh':
      return {
        directory: join(home, '.zsh', 'completions'),
        name: (program) => `_${program}`,
        rcFile: join(env.ZDOTDIR || home, '.zshrc'),
        rcLine: 'fpath=(~/.zsh/completions $fpath); autoload -Uz compinit && compinit',
      };
    case 'fish':
      return {
        directory: join(env.XDG_CONFIG_HOME || join(home, '.config'), 'fish', 'completions'),
        name: (program) => `${program}.fish`,
        rcFile: undefined,
        rcLine: '',
      };
  }
}
