import type { EngineHost } from './engine.ts';

/** Limits of one container: bytes, CPUs, processes; 0: none. */
export interface Limits {
  readonly memory: number;
  readonly cpus: number;
  readonly pids: number;
}

/** Limits the engine's machine can keep: it refuses more CPUs than it has. Facts it did not tell change nothing. */
export function clampLimits(limits: Limits, host: EngineHost): Limits {
  const clamp = (wanted: number, most: number) => (most > 0 && wanted > most ? most : wanted);
  return { ...limits, memory: clamp(limits.memory, host.memory), cpus: clamp(limits.cpus, host.cpus) };
}
