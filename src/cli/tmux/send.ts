import { type SendResult, sendPrompt } from '../../commands/tmux/send.ts';
import { AdrError } from '../../errors.ts';
import { findSendExitCode, formatSendJson, formatSendLine } from '../../output/format-send.ts';
import { readTextIfExists } from '../../system/files.ts';
import type { CommandContext } from '../command.ts';
import { parseTime } from '../parse-time.ts';
import { readAll } from '../read-all.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux send`. */
export async function runSend(context: CommandContext): Promise<number> {
  const { args, stdout, stderr } = context;
  const wait = args.flag('wait') ?? false;
  const text = await readPrompt(context);
  const results = await sendPrompt(makeTmuxContext(context), {
    session: args.string('session') ?? '',
    agents: args.list('agent'),
    all: args.flag('all') ?? false,
    text,
    when: (args.string('when') as 'now' | 'idle' | undefined) ?? (wait ? 'idle' : 'now'),
    readyTimeoutMs: parseTime('ready-timeout', args.string('ready-timeout') ?? '60s'),
    waitMs: wait ? parseTime('timeout', args.string('timeout') ?? '365d') : undefined,
  });
  if (args.flag('json')) stdout.write(formatSendJson(results));
  else printResults(results, wait, { stdout, stderr });
  return findSendExitCode(results);
}

function printResults(
  results: readonly SendResult[],
  wait: boolean,
  { stdout, stderr }: Pick<CommandContext, 'stdout' | 'stderr'>,
): void {
  for (const result of results) {
    // With --wait stdout is the answer alone: what a script or another agent needs.
    (wait ? stderr : stdout).write(`${formatSendLine(result)}\n`);
    const { answer } = result;
    if (answer?.ended === 'answered') {
      if (answer.proof === 'screen')
        stderr.write(`${result.agent}: no report of its answer; this is its screen\n`);
      stdout.write(answer.text.endsWith('\n') ? answer.text : `${answer.text}\n`);
    }
  }
}

async function readPrompt({ args, stdin }: CommandContext): Promise<string> {
  const words = args.list('text');
  const file = args.string('file');
  if (file !== undefined && words.length > 0) {
    throw new AdrError('USAGE', 'a prompt and --file were given', { hint: 'give one of them' });
  }
  if (file !== undefined) return readPromptFile(file);
  if (stdin.isTTY) return words.join(' ');
  // A lone dash means standard input; where that is empty, somebody really sent a dash.
  if (words.length === 1 && words[0] === '-') return (await readAll(stdin)) || '-';
  return words.length === 0 ? readAll(stdin) : words.join(' ');
}

async function readPromptFile(path: string): Promise<string> {
  const hint = 'check --file';
  const text = await readTextIfExists(path).catch((cause: unknown) => {
    throw new AdrError('USAGE', `cannot read "${path}"`, { hint, cause });
  });
  if (text === undefined) throw new AdrError('USAGE', `no file "${path}"`, { hint });
  return text;
}
