import type { AgentsRequest } from '../../commands/tmux/wanted-agents.ts';
import { AdrError } from '../../errors.ts';
import { type Size, USUAL_TERMINAL } from '../../session/layout.ts';
import { readTextIfExists } from '../../system/files.ts';
import { collectFlags } from '../adr/setting-options.ts';
import type { CommandContext } from '../command.ts';
import { readAll } from '../read-all.ts';

/** The agents that `start` or `add` is asked for, with what holds for all of them. Throws USAGE. */
export async function readAgentsRequest(context: CommandContext): Promise<AgentsRequest> {
  const { args } = context;
  return {
    agents: args.list('agent'),
    workspace: args.string('workspace'),
    options: collectFlags(args, undefined),
    readOnly: args.flag('read-only') ?? false,
    configFile: args.string('config-file'),
    args: args.rest,
    prompt: await readFirstPrompt(context),
    worktree: args.flag('worktree'),
  };
}

async function readFirstPrompt({ args, stdin }: CommandContext): Promise<string | undefined> {
  const text = args.string('prompt');
  const file = args.string('prompt-file');
  if (text !== undefined && file !== undefined) {
    throw new AdrError('USAGE', '--prompt and --prompt-file were both given', { hint: 'keep one of them' });
  }
  if (file === undefined) return text === '-' ? readAll(stdin) : text;
  const hint = 'check --prompt-file';
  const read = await readTextIfExists(file).catch((cause: unknown) => {
    throw new AdrError('USAGE', `cannot read "${file}"`, { hint, cause });
  });
  if (read === undefined) throw new AdrError('USAGE', `no file "${file}"`, { hint });
  return read;
}

/** The terminal this was typed in, its status line taken off; a usual one where there is none. */
export function readTerminalSize({ stdout }: Pick<CommandContext, 'stdout'>): Size {
  const { columns, rows } = stdout;
  return stdout.isTTY && columns && rows ? { width: columns, height: rows - 1 } : USUAL_TERMINAL;
}
