import { interruptAgents } from '../../commands/tmux/interrupt.ts';
import { findInterruptExitCode, formatInterruptLine } from '../../output/format-interrupt.ts';
import type { CommandContext } from '../command.ts';
import { parseTime } from '../parse-time.ts';
import { readAgentChoice } from './agent-choice.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux interrupt`. */
export async function runInterrupt(context: CommandContext): Promise<number> {
  const { args, stdout } = context;
  const results = await interruptAgents(makeTmuxContext(context), {
    ...readAgentChoice(args),
    session: args.string('session') ?? '',
    timeoutMs: parseTime('timeout', args.string('timeout') ?? '20s'),
  });
  if (args.flag('json')) {
    const targets = results.map(({ agent, type, result }) => ({ agent, type, ...result }));
    stdout.write(`${JSON.stringify({ v: 1, targets }, null, 2)}\n`);
  } else for (const result of results) stdout.write(`${formatInterruptLine(result)}\n`);
  return findInterruptExitCode(results);
}
