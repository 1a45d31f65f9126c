import { dirname } from 'node:path';
import { type Recorded, recordScreens } from '../../commands/tmux/record-screens.ts';
import { AdrError } from '../../errors.ts';
import { describePath, readSlice, writePrivateFile } from '../../system/files.ts';
import { listenForSignals } from '../../system/signals.ts';
import type { CommandContext } from '../command.ts';
import { parseTime } from '../parse-time.ts';
import { makeTmuxContext } from './make-context.ts';

/** Ctrl+C is the way to end a recording. */
const EXIT_CODES: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGTERM: 143, SIGHUP: 129 };
const ENDS: Readonly<Record<Recorded['end'], string>> = {
  stopped: '',
  time: '',
  gone: '; the agent is gone',
  full: '; it was growing too large',
};

/** `adr-tmux explain --record`: whatever ends it, the file is whole and readable by its owner alone. */
export async function runRecord(context: CommandContext): Promise<number> {
  const { args, stdout, stderr, closed } = context;
  const file = args.string('record') ?? '';
  const time = args.string('for');
  const forMs = time === undefined ? undefined : parseTime('for', time);
  await checkTarget(file);
  const leave = new AbortController();
  let exitCode = 0;
  const unlisten = listenForSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => {
    exitCode = EXIT_CODES[signal] ?? 0;
    leave.abort();
  });
  closed.addEventListener('abort', () => leave.abort());
  const wanted = { session: args.string('session') ?? '', agent: args.string('agent'), forMs };
  try {
    const { recording, end } = await recordScreens(makeTmuxContext(context), wanted, leave.signal, (pane) => {
      stderr.write(
        `recording ${wanted.session}/${pane.agent}${time === undefined ? '; Ctrl+C ends it' : ''}\n`,
      );
    });
    await writeRecording(file, formatRecording(recording));
    const counts = { frames: recording.frames.length, reports: recording.reports?.length ?? 0 };
    if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, file, ...counts, end })}\n`);
    else {
      stdout.write(`${file}: ${counts.frames} screens, ${counts.reports} reports${ENDS[end]}\n`);
      stderr.write(`  judge it: adr-tmux explain --replay ${file}\n`);
    }
  } finally {
    unlisten();
  }
  return exitCode;
}

/** One frame a line: a file to look at and to cut. */
function formatRecording({ frames, reports = [], ...head }: Recorded['recording']): string {
  const lines = (items: readonly unknown[]): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
  return `${JSON.stringify(head).slice(0, -1)},"frames":${lines(frames)},"reports":${lines(reports)}}\n`;
}

/** An hour of screens must not end in a directory that is not there, nor in place of another file. */
async function checkTarget(file: string): Promise<void> {
  const [kind, parent] = await Promise.all([describePath(file), describePath(dirname(file))]);
  if (parent !== 'directory') {
    throw new AdrError('USAGE', `no directory "${dirname(file)}"`, { hint: 'check --record' });
  }
  if (kind === 'missing') return;
  const start = kind === 'file' ? await readSlice(file, 0, 10) : undefined;
  if (start !== undefined && (start.length === 0 || start.toString().startsWith('{"agent":'))) return;
  throw new AdrError('NAME_CONFLICT', `"${file}" exists and is no recording`, { hint: 'give another name' });
}

async function writeRecording(file: string, text: string): Promise<void> {
  await writePrivateFile(file, text).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : '';
    throw new AdrError('USAGE', `cannot write "${file}": ${why}`, { hint: 'check --record', cause });
  });
}
