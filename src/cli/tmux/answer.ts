import { answerAgent } from '../../commands/tmux/answer.ts';
import { AdrError } from '../../errors.ts';
import {
  findAnsweredExitCode,
  formatAnswerJson,
  formatAnswerLine,
  formatAnswerPlan,
} from '../../output/format-answer.ts';
import { adviseAnswer, adviseOutcome } from '../../output/next-steps.ts';
import type { CommandContext } from '../command.ts';
import { parseTime } from '../parse-time.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux answer`. */
export async function runAnswer(context: CommandContext): Promise<number> {
  const { args, stdout, stderr } = context;
  const dryRun = args.flag('dry-run') ?? false;
  const session = args.string('session') ?? '';
  const answered = await answerAgent(makeTmuxContext(context), {
    session,
    agent: args.string('agent'),
    answer: readAnswer(context),
    question: args.string('question'),
    timeoutMs: parseTime('timeout', args.string('timeout') ?? '10s'),
    dryRun,
  });
  if (args.flag('json')) stdout.write(formatAnswerJson(answered, dryRun));
  else {
    stdout.write(`${dryRun ? formatAnswerPlan(answered) : formatAnswerLine(answered)}\n`);
    const { agent, result } = answered;
    const who = { session, agent };
    const asks = result.outcome === 'answered' && result.next !== undefined;
    const advice = asks
      ? adviseAnswer(who, result.next)
      : adviseOutcome(who, result.outcome, result.question);
    if (advice !== '') stderr.write(`  ${advice}\n`);
  }
  return findAnsweredExitCode(answered);
}

function readAnswer({ args }: CommandContext): { readonly text: string } | { readonly key: string } {
  const text = args.list('answer').join(' ');
  const key = args.string('key');
  if (key !== undefined && text !== '') {
    throw new AdrError('USAGE', 'an answer and --key were given', { hint: 'give one of them' });
  }
  if (key !== undefined) return { key };
  if (text.trim() !== '') return { text };
  throw new AdrError('USAGE', 'no answer was given', {
    hint: "yes, no, always, an option's number or label, or --key K; what is asked: adr-tmux status",
  });
}
