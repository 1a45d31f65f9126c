import { playDemo } from '../../commands/tmux/demo.ts';
import { findSendExitCode, formatSendLine } from '../../output/format-send.ts';
import { formatStatusTree } from '../../output/format-status.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux demo`: the main job with the built-in agent, each step printed as the command a user would type. */
export async function runDemo(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const write = (line: string): void => {
    stdout.write(`${line}\n`);
  };
  let failed = 0;
  for await (const step of playDemo(makeTmuxContext(context), { stop: args.flag('stop') ?? false })) {
    if (step.kind === 'command') {
      write(`\n$ ${step.text}`);
    } else if (step.kind === 'sent') {
      for (const result of step.results) {
        write(formatSendLine(result));
        if (result.answer?.ended === 'answered') write(result.answer.text);
        if (findSendExitCode([result]) !== 0) failed = 7;
      }
    } else if (step.kind === 'status') {
      stdout.write(formatStatusTree(step.report, env));
    } else {
      write(step.text);
    }
  }
  return failed;
}
