import { readEvents } from '../../commands/tmux/events.ts';
import { AdrError } from '../../errors.ts';
import { listenForSignals } from '../../system/signals.ts';
import type { CommandContext } from '../command.ts';
import { parseMoment } from '../parse-moment.ts';
import { makeTmuxContext } from './make-context.ts';

const SIGNAL_CODES: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGTERM: 143, SIGHUP: 129 };

/** `adr-tmux events`: one JSON object a line. Ctrl+C is the way to leave `-f`. */
export async function runEvents(context: CommandContext): Promise<number> {
  const { args, stdout, closed } = context;
  const tmuxContext = makeTmuxContext(context);
  const leave = new AbortController();
  let exitCode = 0;
  const unlisten = listenForSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => {
    exitCode = SIGNAL_CODES[signal] ?? 0;
    leave.abort();
  });
  closed.addEventListener('abort', () => leave.abort());
  const since = args.string('since');
  const entries = readEvents(tmuxContext, {
    session: args.string('session') ?? '',
    agents: args.list('agent'),
    since: since === undefined ? undefined : parseMoment('since', since, tmuxContext.clock.now()),
    last: readCount(args.string('tail')),
    follow: args.flag('follow') ?? false,
    signal: leave.signal,
  });
  try {
    for await (const entry of entries) {
      if (leave.signal.aborted) break;
      stdout.write(`${JSON.stringify(entry)}\n`);
    }
  } finally {
    unlisten();
  }
  return exitCode;
}

function readCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new AdrError('USAGE', `"${text}" is no number for --tail`, { hint: 'write it like 20' });
}
