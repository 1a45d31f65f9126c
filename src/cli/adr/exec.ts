import { execInRun } from '../../commands/adr/exec.ts';
import { findRun } from '../../container/find-run.ts';
import { saveTerminal } from '../../system/terminal.ts';
import type { CommandContext } from '../command.ts';
import { findRuns } from './find-runs.ts';

/** `adr exec`. */
export async function runExec(context: CommandContext): Promise<number> {
  const { args, stdin, stdout } = context;
  const { runs, engineOf } = await findRuns(context);
  const run = findRun(runs, args.string('run') ?? '');
  const terminal = Boolean(stdin.isTTY && stdout.isTTY);
  const restore = terminal ? await saveTerminal() : undefined;
  try {
    return await execInRun(engineOf(run), { run, command: args.rest, terminal });
  } finally {
    await restore?.();
  }
}
