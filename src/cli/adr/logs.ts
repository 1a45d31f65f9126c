import { type LogEntry, readLogs } from '../../commands/adr/logs.ts';
import { openTmux } from '../../commands/tmux/context.ts';
import { openAgentTypes } from '../../config/agent-types.ts';
import type { Engine } from '../../container/engine.ts';
import { findRun } from '../../container/find-run.ts';
import type { RunSummary } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import { stripControls } from '../../output/strip-controls.ts';
import { systemClock } from '../../system/clock.ts';
import { runProcess } from '../../system/process.ts';
import type { TmuxClient } from '../../tmux/client.ts';
import type { CommandContext, OutputStream } from '../command.ts';
import { findRuns } from './find-runs.ts';
import { formatReport } from './logs-format.ts';
import { type LineCleaner, makeLineCleaner } from './logs-lines.ts';

/** `adr logs`. */
export async function runLogs(context: CommandContext): Promise<number> {
  const { args, env } = context;
  const { runs, engineOf } = await findRuns(context);
  const run = findRun(runs, args.string('run') ?? '');
  return printRun(context, run, engineOf(run), openTmux(args.string('socket'), env, runProcess));
}

/** Prints what is known of a run, as `--follow`, `--tail` and `--ndjson` say. Throws what the engine says. */
export async function printRun(
  context: CommandContext,
  run: RunSummary,
  engine: Engine | undefined,
  tmux: TmuxClient,
): Promise<number> {
  const { args, env, closed } = context;
  const print = args.flag('ndjson') ? makeJsonPrinter(context) : makePrinter(context);
  const entries = readLogs(
    {
      run,
      type: await openAgentTypes(env).findUsable(run.type),
      follow: args.flag('follow') ?? false,
      tail: readTail(context),
    },
    { env, engine, tmux, clock: systemClock },
  );
  for await (const entry of entries) {
    await print.entry(entry);
    if (closed.aborted) return 0;
  }
  await print.end();
  return 0;
}

function readTail({ args }: CommandContext): number | undefined {
  const text = args.string('tail');
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new AdrError('USAGE', `${JSON.stringify(text)} is no number of lines`, { hint: 'write --tail 100' });
}

interface Printer {
  entry(entry: LogEntry): Promise<void>;
  end(): Promise<void>;
}

type Cleaners = Readonly<Record<'stdout' | 'stderr', LineCleaner>>;

function makeCleaners(): Cleaners {
  return { stdout: makeLineCleaner(), stderr: makeLineCleaner() };
}

/** Output goes where the agent sent it, reports and screen to stdout. */
function makePrinter({ stdout, stderr }: CommandContext): Printer {
  const cleaners = makeCleaners();
  const streams = { stdout, stderr };
  let reported = false;
  return {
    entry: async (entry) => {
      switch (entry.kind) {
        case 'output': {
          const lines = cleaners[entry.stream].push(entry.text);
          return writeLines(streams[entry.stream], lines);
        }
        case 'report':
          reported = true;
          return write(stdout, formatReport(entry.event));
        case 'screen': {
          const head = reported ? '\n--- its screen now ---\n' : '';
          return write(stdout, `${head}${stripControls(entry.text)}\n`);
        }
        case 'note':
          return write(stderr, `note: ${entry.text}\n`);
      }
    },
    end: async () => {
      await writeLines(stdout, cleaners.stdout.end());
      await writeLines(stderr, cleaners.stderr.end());
    },
  };
}

function makeJsonPrinter({ stdout, stderr }: CommandContext): Printer {
  const cleaners = makeCleaners();
  const writeJson = (body: object) => write(stdout, `${JSON.stringify({ v: 1, ...body })}\n`);
  const writeOutput = async (stream: 'stdout' | 'stderr', lines: readonly string[]) => {
    for (const line of lines) await writeJson({ kind: 'output', stream, line });
  };
  return {
    entry: async (entry) => {
      if (entry.kind === 'output') {
        return writeOutput(entry.stream, cleaners[entry.stream].push(entry.text));
      }
      if (entry.kind === 'note') return write(stderr, `note: ${entry.text}\n`);
      return writeJson(entry.kind === 'screen' ? { ...entry, text: stripControls(entry.text) } : entry);
    },
    end: async () => {
      await writeOutput('stdout', cleaners.stdout.end());
      await writeOutput('stderr', cleaners.stderr.end());
    },
  };
}

async function writeLines(stream: OutputStream, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await write(stream, `${lines.join('\n')}\n`);
}

/** Waits while the reader is slow: a long log does not pile up in memory. */
async function write(stream: OutputStream, text: string): Promise<void> {
  if (stream.write(text) || !stream.writable) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      stream.off('error', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
    stream.on('error', done);
  });
}
