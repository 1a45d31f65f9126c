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
