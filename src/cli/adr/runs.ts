import { findRun, nameRun } from '../../container/find-run.ts';
import { placeRuns, type RunSummary, reapOrphans, stopRuns } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import { formatSpan } from '../../output/format-time.ts';
import { systemClock } from '../../system/clock.ts';
import { abbreviateHome, type Environment } from '../../system/paths.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext } from '../command.ts';
import { findRuns } from './find-runs.ts';
import { formatTable } from './format-table.ts';

/** `adr ps`. */
export async function runPs(context: CommandContext): Promise<number> {
  const { args, env, stdout } = context;
  const { runs } = await findRuns(context);
  const at = systemClock.now();
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, at, runs })}\n`);
  else stdout.write(runs.length === 0 ? 'Nothing runs.\n' : formatRuns(runs, env, at));
  return 0;
}

/** `adr stop`. */
export async function runStop(context: CommandContext): Promise<number> {
  const { args, stdout } = context;
  const { runs, places } = await findRuns(context);
  const wanted = [...new Set(args.list('run').map((word) => findRun(runs, word).run))];
  const stopped = await stopRuns({ runs: wanted }, { ...places, clock: systemClock });
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, stopped })}\n`);
  else for (const run of stopped) stdout.write(`Stopped ${nameRun(run)}.\n`);
  return 0;
}

/** `adr clean`. */
export async function runClean(context: CommandContext): Promise<number> {
  const { args, env, stdin } = context;
  const { places } = await findRuns(context);
  const tools = { ...places, clock: systemClock };
  const orphans = await reapOrphans(tools);
  if (!args.flag('all')) {
    printRemoved(context, orphans);
    return 0;
  }
  const alive = (await placeRuns(places)).map(({ run }) => run);
  if (alive.length > 0 && !args.flag('yes')) {
    const count = alive.length === 1 ? '1 run is' : `${alive.length} runs are`;
    if (!stdin.isTTY) {
      throw new AdrError('REFUSED', `${count} alive`, { hint: 'to stop them too: adr clean --all --yes' });
    }
    context.stderr.write(formatRuns(alive, env, systemClock.now()));
    const question =
      alive.length === 1 ? 'Stop and remove this run?' : `Stop and remove ${alive.length} runs?`;
    if (!(await askYesNo(question, false, context))) {
      printRemoved(context, orphans);
      return 0;
    }
  }
  // Only what was shown: a run that began while we asked is left alone.
  const stopped = await stopRuns({ runs: alive.map(({ run }) => run) }, tools);
  printRemoved(context, [...orphans, ...stopped]);
  return 0;
}

/** The table of `adr ps`; `at` is now, in ms since the epoch. */
export function formatRuns(runs: readonly RunSummary[], env: Environment, at: number): string {
  const rows = runs.map((run) => [
    run.run,
    run.type,
    run.agent,
    run.session ?? '-',
    run.orphan ? 'orphan' : (run.container?.state ?? 'running'),
    run.engine,
    formatSpan(at - Date.parse(run.createdAt)),
    abbreviateHome(run.workspace, env),
  ]);
  return formatTable(['RUN', 'TYPE', 'AGENT', 'SESSION', 'STATE', 'ENGINE', 'UPTIME', 'WORKSPACE'], rows);
}

function printRemoved({ args, stdout }: CommandContext, runs: readonly RunSummary[]): void {
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, removed: runs })}\n`);
  else if (runs.length === 0) stdout.write('Nothing to remove.\n');
  else for (const run of runs) stdout.write(`Removed ${nameRun(run)}.\n`);
}
