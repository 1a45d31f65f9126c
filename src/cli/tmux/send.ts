import { planSend, type SendRequest, type SendResult, sendPrompt } from '../../commands/tmux/send.ts';
import { sendKeys } from '../../commands/tmux/send-keys.ts';
import { AdrError } from '../../errors.ts';
import {
  findKeysExitCode,
  findSendExitCode,
  formatDryRun,
  formatSendJson,
  formatSendLine,
} from '../../output/format-send.ts';
import { adviseOutcome } from '../../output/next-steps.ts';
import { readTextIfExists } from '../../system/files.ts';
import { isPiped } from '../../system/stdin.ts';
import type { CommandContext } from '../command.ts';
import { parseTime } from '../parse-time.ts';
import { readAll } from '../read-all.ts';
import { readAgentChoice } from './agent-choice.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux send`. */
export async function runSend(context: CommandContext): Promise<number> {
  const { args, stdout, stderr } = context;
  const keys = args.string('keys');
  if (keys !== undefined) return runSendKeys(context, keys);
  const request = await readRequest(context);
  if (args.flag('dry-run')) {
    stdout.write(formatDryRun(await planSend(makeTmuxContext(context), request), args.flag('json') ?? false));
    return 0;
  }
  const forget = tellWhenInterrupted(context);
  const results = await sendPrompt(makeTmuxContext(context), request).finally(forget);
  if (args.flag('json')) stdout.write(formatSendJson(results));
  else printResults(results, request, { stdout, stderr });
  return findSendExitCode(results, request.submit ?? true);
}

/** A Ctrl+C in the middle of a delivery says what may be left of it; a lock whose holder is gone is taken over. */
function tellWhenInterrupted({ args, stderr }: CommandContext): () => void {
  const session = args.string('session') ?? '';
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((signal) => {
    const onSignal = (): void => {
      stderr.write(
        `interrupted: the prompt may be on its way or stand in the composer\n  look: adr-tmux status ${session}\n`,
      );
      // Now without a listener: the signal ends us as it would have.
      process.kill(process.pid, signal);
    };
    process.once(signal, onSignal);
    return { signal, onSignal };
  });
  return () => {
    for (const { signal, onSignal } of listeners) process.removeListener(signal, onSignal);
  };
}

async function readRequest(context: CommandContext): Promise<SendRequest> {
  const { args } = context;
  const wait = args.flag('wait') ?? false;
  const submit = args.flag('submit') ?? true;
  if (wait && !submit) {
    throw new AdrError('USAGE', '--wait and --no-submit exclude each other', {
      hint: 'leave one of them out',
    });
  }
  if (!wait && args.string('timeout') !== undefined) {
    throw new AdrError('USAGE', '--timeout is for --wait', {
      hint: 'how long to wait for readiness: --ready-timeout',
    });
  }
  return {
    ...readAgentChoice(args),
    session: args.string('session') ?? '',
    text: await readPrompt(context),
    when: (args.string('when') as 'now' | 'idle' | undefined) ?? (wait ? 'idle' : 'now'),
    readyTimeoutMs:
      args.flag('ready-wait') === false
        ? 0
        : parseTime('ready-timeout', args.string('ready-timeout') ?? '60s'),
    submit,
    clearInput: args.flag('clear-input') ?? false,
    literal: args.flag('literal') ?? false,
    waitMs: wait ? parseTime('timeout', args.string('timeout') ?? '365d') : undefined,
  };
}

async function runSendKeys(context: CommandContext, keys: string): Promise<number> {
  const { args, stdout } = context;
  if (args.list('text').length > 0 || args.string('file') !== undefined) {
    throw new AdrError('USAGE', 'a prompt and --keys were given', { hint: 'give one of them' });
  }
  const results = await sendKeys(makeTmuxContext(context), {
    ...readAgentChoice(args),
    session: args.string('session') ?? '',
    keys: keys === ',' ? [','] : keys.split(','),
  });
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, targets: results }, null, 2)}\n`);
  else for (const { agent, outcome } of results) stdout.write(`${agent}: ${outcome}\n`);
  return findKeysExitCode(results);
}

function printResults(
  results: readonly SendResult[],
  { session, waitMs, submit = true }: SendRequest,
  { stdout, stderr }: Pick<CommandContext, 'stdout' | 'stderr'>,
): void {
  const wait = waitMs !== undefined;
  for (const result of results) {
    // With --wait stdout is the answer alone: what a script or another agent needs.
    (wait ? stderr : stdout).write(`${formatSendLine(result)}\n`);
    const { agent, delivery, answer } = result;
    const outcome = answer?.ended ?? delivery.outcome;
    const advice = outcome === 'typed' && !submit ? '' : adviseOutcome({ session, agent }, outcome);
    if (advice !== '') stderr.write(`  ${advice}\n`);
    if (answer?.ended === 'answered') {
      if (answer.proof === 'screen')
        stderr.write(`${agent}: no report of its answer; this is from its screen\n`);
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
  const asked = words.length === 0 || (words.length === 1 && words[0] === '-' && args.rest.length === 0);
  // Where nothing is piped in, a lone dash is what was typed: a dash.
  return asked && isPiped(stdin) ? readAll(stdin) : words.join(' ');
}

async function readPromptFile(path: string): Promise<string> {
  const hint = 'check --file';
  const text = await readTextIfExists(path).catch((cause: unknown) => {
    throw new AdrError('USAGE', `cannot read "${path}"`, { hint, cause });
  });
  if (text === undefined) throw new AdrError('USAGE', `no file "${path}"`, { hint });
  return text;
}
