import { listRuns, type RunSummary, reapOrphans, stopRuns } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import { systemClock } from '../../system/clock.ts';
import { abbreviateHome, type Environment } from '../../system/paths.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext } from '../command.ts';
import { formatTable } from './format-table.ts';
import { openContainerEngine } from './open-engine.ts';

/** `adr ps`. */
export async function runPs({ args, env, stdout }: CommandContext): Promise<number> {
  const runs = await listRuns(env, openContainerEngine(env));
  stdout.write(args.flag('json') ? `${JSON.stringify({ v: 1, runs })}\n` : formatRuns(runs, env));
  return 0;
}

/** `adr stop`. */
export async function runStop(context: CommandContext): Promise<number> {
  const { args, env } = context;
  const engine = openContainerEngine(env);
  const wanted = args.list('run');
  const known = (await listRuns(env, engine)).map(({ run }) => run);
  const missing = wanted.filter((run) => !known.includes(run));
  if (missing.length > 0) {
    throw new AdrError('AGENT_NOT_FOUND', `no run "${missing.join('", "')}"`, {
      hint: 'see the runs: adr ps',
    });
  }
  printRemoved(context, await stopRuns({ runs: wanted }, { env, engine, clock: systemClock }));
  return 0;
}

/** `adr clean`. */
export async function runClean(context: CommandContext): Promise<number> {
  const { args, env, stdin } = context;
  const tools = { env, engine: openContainerEngine(env), clock: systemClock };
  const orphans = await reapOrphans(tools);
  if (!args.flag('all')) {
    printRemoved(context, orphans);
    return 0;
  }
  const alive = await listRuns(env, tools.engine);
  if (alive.length > 0 && !args.flag('yes')) {
    if (!stdin.isTTY) {
      throw new AdrError('REFUSED', `${alive.length} runs are alive`, {
        hint: 'to stop them too: adr clean --all --yes',
      });
    }
    context.stderr.write(formatRuns(alive, env));
    if (!(await askYesNo(`Stop and remove ${alive.length} runs?`, false, context))) {
      printRemoved(context, orphans);
      return 0;
    }
  }
  printRemoved(context, [...orphans, ...(await stopRuns({}, tools))]);
  return 0;
}

/** The table of `adr ps`. */
export function formatRuns(runs: readonly RunSummary[], env: Environment): string {
  const rows = runs.map((run) => [
    run.run,
    run.type,
    run.agent,
    run.session ?? '-',
    run.orphan ? 'orphan' : (run.container?.state ?? 'running'),
    run.engine,
    run.createdAt.replace(/\.\d+Z$/, 'Z'),
    abbreviateHome(run.workspace, env),
  ]);
  return formatTable(['RUN', 'TYPE', 'AGENT', 'SESSION', 'STATE', 'ENGINE', 'CREATED', 'WORKSPACE'], rows);
}

function printRemoved({ args, stdout }: CommandContext, runs: readonly RunSummary[]): void {
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, removed: runs })}\n`);
  else if (runs.length === 0) stdout.write('Nothing to remove.\n');
  else for (const { run, agent } of runs) stdout.write(`Removed ${agent} (${run}).\n`);
}
