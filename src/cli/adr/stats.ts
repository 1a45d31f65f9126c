import { findRun } from '../../container/find-run.ts';
import type { RunSummary } from '../../container/runs.ts';
import { measureRuns, type RunUsage } from '../../container/stats.ts';
import { AdrError } from '../../errors.ts';
import { formatSpan } from '../../output/format-time.ts';
import { systemClock } from '../../system/clock.ts';
import type { CommandContext } from '../command.ts';
import { findRuns } from './find-runs.ts';
import { formatTable } from './format-table.ts';

/** One run with what it uses. */
export interface RunStats extends RunUsage {
  readonly run: string;
  readonly type: string;
  readonly agent: string;
  readonly session: string | null;
  readonly uptimeMs: number;
}

const CLEAR = '\u001b[H\u001b[J';
/** Between two measurements when nothing runs: the engine then answers at once. */
const IDLE_MS = 2000;

/** `adr stats`. */
export async function runStats(context: CommandContext): Promise<number> {
  const { args, stdout, closed } = context;
  const follow = Boolean(args.flag('follow') || args.flag('ndjson'));
  if (args.flag('json') && follow) {
    throw new AdrError('USAGE', '--json is one measurement', {
      hint: 'for a stream of them write --ndjson',
    });
  }
  for (;;) {
    const { at, stats } = await measure(context);
    if (args.flag('json') || args.flag('ndjson')) {
      stdout.write(`${JSON.stringify({ v: 1, at, runs: stats })}\n`);
    } else stdout.write(`${follow && stdout.isTTY ? CLEAR : ''}${formatStats(stats)}`);
    if (!follow || closed.aborted) return 0;
    if (stats.length === 0) await systemClock.sleep(IDLE_MS);
  }
}

async function measure(
  context: CommandContext,
): Promise<{ readonly at: number; readonly stats: readonly RunStats[] }> {
  const { runs, engineOf } = await findRuns(context);
  const words = context.args.list('run');
  const wanted = words.length === 0 ? runs : [...new Set(words.map((word) => findRun(runs, word)))];
  const usages = await measureRuns(wanted, engineOf, systemClock);
  const at = systemClock.now();
  return {
    at,
    stats: wanted.flatMap((run) => {
      const usage = usages.get(run.run);
      return usage ? [describeStats(run, usage, at)] : [];
    }),
  };
}

function describeStats(run: RunSummary, usage: RunUsage, at: number): RunStats {
  return {
    run: run.run,
    type: run.type,
    agent: run.agent,
    session: run.session ?? null,
    ...usage,
    uptimeMs: Math.max(0, at - Date.parse(run.createdAt)),
  };
}

/** The table of `adr stats`. */
export function formatStats(stats: readonly RunStats[]): string {
  if (stats.length === 0) return 'Nothing runs.\n';
  const rows = stats.map(({ run, agent, session, cpuPercent, memory, memoryLimit, pids, uptimeMs }) => [
    run,
    agent,
    session ?? '-',
    cpuPercent === null ? '-' : `${cpuPercent.toFixed(1)}%`,
    memory === null ? '-' : formatBytes(memory),
    memoryLimit === null ? '-' : formatBytes(memoryLimit),
    pids === null ? '-' : `${pids}`,
    formatSpan(uptimeMs),
  ]);
  return formatTable(['RUN', 'AGENT', 'SESSION', 'CPU', 'MEMORY', 'LIMIT', 'PIDS', 'UPTIME'], rows);
}

/** Bytes for people, in powers of 1024 as limits are written: `512m`, `1.5g`. */
function formatBytes(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(1)}g`;
  if (bytes >= 2 ** 20) return `${Math.round(bytes / 2 ** 20)}m`;
  return `${Math.round(bytes / 2 ** 10)}k`;
}
