import type { Settings } from '../config/read-settings.ts';
import { AdrError } from '../errors.ts';
import type { EngineHost } from './engine.ts';

/** Limits of one container: bytes, CPUs, processes; 0: none. */
export interface Limits {
  readonly memory: number;
  readonly cpus: number;
  readonly pids: number;
}

/**
 * The limit of memory and swap together, for a memory limit (bytes, 0: none): the same unless the user says otherwise,
 * so that nothing is swapped. Throws CONFIG_INVALID: less than the memory, or no memory limit to go with it.
 */
export function chooseSwap(wanted: number | undefined, memory: number): number {
  if (wanted === undefined || wanted === 0) return wanted ?? memory;
  if (memory > 0 && wanted >= memory) return wanted;
  throw new AdrError(
    'CONFIG_INVALID',
    memory === 0 ? '--memory-swap needs a memory limit' : '--memory-swap is less than --memory',
    { hint: 'it is memory and swap together: --memory 4g --memory-swap 6g gives 2g of swap' },
  );
}

/** Limits the engine's machine can keep: it refuses more CPUs than it has. Facts it did not tell change nothing. */
export function clampLimits(limits: Limits, host: EngineHost): Limits {
  const clamp = (wanted: number, most: number) => (most > 0 && wanted > most ? most : wanted);
  return { ...limits, memory: clamp(limits.memory, host.memory), cpus: clamp(limits.cpus, host.cpus) };
}

/** What to tell of limits that the user wrote and the engine's machine does not have. */
export function describeClamped(
  settings: Pick<Settings, 'memory' | 'cpus' | 'origins'>,
  host: EngineHost,
): readonly string[] {
  const parts = [
    { name: 'memory', has: host.memory, text: `${Math.round(host.memory / 2 ** 20)}m of memory` },
    { name: 'cpus', has: host.cpus, text: host.cpus === 1 ? '1 CPU' : `${host.cpus} CPUs` },
  ] as const;
  return parts.flatMap(({ name, has, text }) => {
    const origin = settings.origins[name].at(-1);
    if (!origin || has <= 0 || settings[name] <= has) return [];
    return [`${origin.where}: the engine's machine has ${text}: that is the limit`];
  });
}
