import type { Engine } from '../../container/engine.ts';
import { listRuns, type RunSummary } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import type { CommandContext } from '../command.ts';
import { openContainerEngine } from './open-engine.ts';

/** This user's runs, and the engine they were looked up on. */
export interface FoundRuns {
  readonly runs: readonly RunSummary[];
  /** Undefined: none is installed, so there can be no containers. */
  readonly engine: Engine | undefined;
}

/** Lists the user's runs, oldest first. Without an engine's client those on the host alone, and says so on stderr. */
export async function findRuns({ env, stderr }: Pick<CommandContext, 'env' | 'stderr'>): Promise<FoundRuns> {
  const engine = openContainerEngine(env);
  try {
    return { runs: sortRuns(await listRuns(env, engine)), engine };
  } catch (error) {
    if (!(error instanceof AdrError) || error.code !== 'ENGINE_MISSING') throw error;
    stderr.write(`warning: ${error.message}: only runs on this host are seen\n`);
    return { runs: sortRuns(await listRuns(env, undefined)), engine: undefined };
  }
}

function sortRuns(runs: readonly RunSummary[]): readonly RunSummary[] {
  return [...runs].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}
