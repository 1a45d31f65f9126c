import { type WaitResult, waitForStates } from '../../commands/tmux/wait.ts';
import { AdrError } from '../../errors.ts';
import { describeWaitEnd, formatWaitJson, formatWaitLines } from '../../output/format-wait.ts';
import { listenForSignals } from '../../system/signals.ts';
import type { CommandContext, ParsedArguments } from '../command.ts';
import { parseTime } from '../parse-time.ts';
import { makeTmuxContext } from './make-context.ts';
import { readStates } from './read-states.ts';

const SIGNAL_CODES: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGTERM: 143, SIGHUP: 129 };
const EXIT_CODES: Readonly<Record<Exclude<WaitResult['result'], 'interrupted'>, number>> = {
  reached: 0,
  gone: 3,
  waiting: 6,
  timeout: 124,
};

/** `adr-tmux wait`. */
export async function runWait(context: CommandContext): Promise<number> {
  const { args, stdout, stderr, closed } = context;
  const leave = new AbortController();
  let interrupted = 130;
  const unlisten = listenForSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => {
    interrupted = SIGNAL_CODES[signal] ?? 130;
    leave.abort();
  });
  closed.addEventListener('abort', () => leave.abort());
  const timeout = args.string('timeout');
  const until = readStates(args.list('until'), 'until');
  const result = await waitForStates(makeTmuxContext(context), {
    session: args.string('session') ?? '',
    agents: { agents: args.list('agent'), types: args.list('type'), all: false },
    until: until.size > 0 ? until : new Set(['IDLE']),
    mode: readMode(args),
    next: args.flag('next') ?? false,
    timeoutMs: timeout === undefined ? undefined : parseTime('timeout', timeout),
    signal: leave.signal,
  }).finally(unlisten);
  if (args.flag('json')) stdout.write(formatWaitJson(result));
  else {
    stdout.write(formatWaitLines(result));
    stderr.write(describeWaitEnd(result));
  }
  return result.result === 'interrupted' ? interrupted : EXIT_CODES[result.result];
}

function readMode(args: ParsedArguments): 'all' | 'any' {
  if (args.flag('any') && args.flag('all')) {
    throw new AdrError('USAGE', '--all and --any were given', { hint: 'give one of them' });
  }
  return args.flag('any') ? 'any' : 'all';
}
