import type { Engine } from '../../container/engine.ts';
import { listKnownEngines } from '../../container/known-engines.ts';
import { type PlacedRun, placeRuns, type RunPlaces, type RunSummary } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import { runProcess } from '../../system/process.ts';
import type { CommandContext } from '../command.ts';
import { openContainerEngine } from './open-engine.ts';

/** This user's runs, and where they were looked for. */
export interface FoundRuns {
  /** Oldest first. */
  readonly runs: readonly RunSummary[];
  /** No engines: no client is installed, so there can be no containers. */
  readonly places: RunPlaces;
  /** The engine of a run; undefined: it is on this host. */
  engineOf(run: RunSummary): Engine | undefined;
}

type FindContext = Pick<CommandContext, 'env' | 'stderr' | 'args'>;

/**
 * The engines to look on: the one that `--engine` and `--context` name, else that of the settings and those where runs
 * were started. Of one that does not answer it is said on stderr. Throws CONFIG_INVALID.
 */
export async function findPlaces({ env, stderr, args }: FindContext): Promise<RunPlaces> {
  const first = await openContainerEngine({ env, args });
  const isChosen = args.string('engine') !== undefined || args.string('context') !== undefined;
  const told = new Set<string>();
  return {
    env,
    engines: isChosen ? [first] : await listKnownEngines(first, runProcess, env),
    onSilent: (engine, { message }) => {
      const where = engine.env.DOCKER_CONTEXT ?? engine.env.DOCKER_HOST ?? engine.env.CONTAINER_CONNECTION;
      const place = where === undefined ? '' : ` (${where})`;
      const text = `warning: ${message}${place}: the runs there are not seen\n`;
      if (!told.has(text)) stderr.write(text);
      told.add(text);
    },
  };
}

/** Lists the user's runs. Without an engine's client those on the host alone, and says so on stderr. */
export async function findRuns(context: FindContext): Promise<FoundRuns> {
  const places = await findPlaces(context);
  try {
    return describe(await placeRuns(places), places);
  } catch (error) {
    if (!(error instanceof AdrError) || error.code !== 'ENGINE_MISSING') throw error;
    context.stderr.write(`warning: ${error.message}: only runs on this host are seen\n`);
    const host = { ...places, engines: [] };
    return describe(await placeRuns(host), host);
  }
}

function describe(placed: readonly PlacedRun[], places: RunPlaces): FoundRuns {
  const engines = new Map(placed.map(({ run, engine }) => [run, engine]));
  return {
    runs: [...engines.keys()].sort((a, b) => a.createdAt.localeCompare(b.createdAt)),
    places,
    engineOf: (run) => engines.get(run),
  };
}
