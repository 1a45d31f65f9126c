import type { Environment } from '../system/paths.ts';
import type { RunProcess } from '../system/process.ts';
import type { Engine } from './engine.ts';
import { describeAddress, formatAddress, openAddress, parseAddress } from './engine-address.ts';
import { listRunRecords, type RunRecord } from './run-directory.ts';

/** The engines that records of runs name, each once. */
export function listAddressedEngines(
  records: readonly RunRecord[],
  run: RunProcess,
  env: Environment,
): readonly Engine[] {
  const engines = records.flatMap(({ engine, client }) => {
    const address = parseAddress(engine, client);
    return address ? [openAddress(address, run, env)] : [];
  });
  return listOnce(engines);
}

/**
 * The engines on which runs of this user may stand: `first`, then those that records of runs name, each once. Without
 * `first` the latter alone.
 */
export async function listKnownEngines(
  first: Engine | undefined,
  run: RunProcess,
  env: Environment,
): Promise<readonly Engine[]> {
  const noted = listAddressedEngines(await listRunRecords(env), run, env);
  return listOnce(first ? [first, ...noted] : noted);
}

/** The same without those that are at an address a second time. */
export function listOnce(engines: readonly Engine[]): readonly Engine[] {
  const known = new Set<string>();
  return engines.filter((engine) => {
    const address = formatAddress(describeAddress(engine));
    if (known.has(address)) return false;
    known.add(address);
    return true;
  });
}
