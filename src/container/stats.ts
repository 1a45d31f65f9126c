import { AdrError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import { findProcessesByEnvironment } from '../system/process-table.ts';
import { readUsage } from '../system/process-usage.ts';
import type { Engine } from './engine.ts';
import type { RunSummary } from './runs.ts';

/** What a run uses; null where nobody says. */
export interface RunUsage {
  /** Percent of one CPU: two busy ones are 200. */
  readonly cpuPercent: number | null;
  /** Bytes. */
  readonly memory: number | null;
  /** Bytes; null: none. */
  readonly memoryLimit: number | null;
  readonly pids: number | null;
}

const UNKNOWN: RunUsage = { cpuPercent: null, memory: null, memoryLimit: null, pids: null };
const HOST_MEASURE_MS = 1000;

/**
 * Measures runs, by run id. Takes as long as the engine takes for two looks (about 2 s); runs on the host are
 * measured over 1 s. A run that ends meanwhile is left out. Throws what the engine says.
 */
export async function measureRuns(
  runs: readonly RunSummary[],
  engineOf: (run: RunSummary) => Engine | undefined,
  clock: Clock,
): Promise<ReadonlyMap<string, RunUsage>> {
  const contained = new Map<Engine, RunSummary[]>();
  for (const run of runs) {
    const engine = engineOf(run);
    if (engine && run.container?.state === 'running')
      contained.set(engine, [...(contained.get(engine) ?? []), run]);
  }
  const onHost = runs.filter((run) => run.container === undefined);
  const [containers, host] = await Promise.all([
    Promise.all([...contained].map(([engine, mine]) => measureContainers(engine, mine))),
    measureHostRuns(onHost, clock),
  ]);
  return new Map([...containers.flat(), ...host]);
}

async function measureContainers(
  engine: Engine,
  runs: readonly RunSummary[],
): Promise<readonly (readonly [string, RunUsage])[]> {
  if (runs.length === 0) return [];
  const byId = new Map(runs.map((run) => [run.container?.id ?? '', run.run]));
  const ids = [...byId.keys()];
  const args = ['stats', '--no-stream', '--no-trunc', '--format', '{{json .}}'];
  try {
    return parseStats(await engine.ask('measure the containers', [...args, ...ids])).flatMap(
      ({ id, usage }) => {
        const run = byId.get(id);
        return run === undefined ? [] : [[run, usage] as const];
      },
    );
  } catch (error) {
    // One of several was removed since we looked: the engine then tells nothing of the others.
    if (!(error instanceof AdrError) || !/no such container/i.test(String(error.details.said))) throw error;
    if (runs.length === 1) return [];
    const single = await Promise.all(runs.map((run) => measureContainers(engine, [run])));
    return single.flat();
  }
}

/** Decodes lines of `stats --format '{{json .}}'`. What is no such line, or of a container that has ended, is unknown. */
export function parseStats(text: string): readonly { readonly id: string; readonly usage: RunUsage }[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const fields = JSON.parse(line) as Readonly<Record<string, unknown>>;
      const [used, limit] = String(fields.MemUsage ?? '').split(' / ');
      return {
        id: String(fields.ID ?? fields.id ?? ''),
        usage: {
          cpuPercent: readNumber(String(fields.CPUPerc ?? '').replace(/%$/, '')),
          memory: parseSize(used ?? ''),
          memoryLimit: parseSize(limit ?? '') || null,
          pids: readNumber(String(fields.PIDs ?? fields.PIDS ?? '')),
        },
      };
    });
}

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes of a size as engines write it (`1.5GiB`, `12kB`); null: it is none. */
function parseSize(text: string): number | null {
  const match = /^([\d.]+)\s*([kmgt]?i?b)$/i.exec(text.trim());
  const unit = UNITS[(match?.[2] ?? '').toLowerCase()];
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : null;
}

function readNumber(text: string): number | null {
  return /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}

async function measureHostRuns(
  runs: readonly RunSummary[],
  clock: Clock,
): Promise<readonly (readonly [string, RunUsage])[]> {
  if (runs.length === 0) return [];
  const look = () =>
    runs.map((run) => {
      const pids = findProcessesByEnvironment('ADR_RUN_ID', run.run);
      return { at: clock.now(), usage: readUsage(pids) };
    });
  const before = look();
  await clock.sleep(HOST_MEASURE_MS);
  return look().map(({ at, usage }, index) => {
    const run = runs[index]?.run ?? '';
    const first = before[index];
    if (!usage || !first?.usage) return [run, UNKNOWN] as const;
    const seconds = (at - first.at) / 1000;
    const spent = Math.max(0, usage.cpuSeconds - first.usage.cpuSeconds);
    const cpuPercent = seconds > 0 ? Math.round((spent / seconds) * 10_000) / 100 : null;
    return [run, { cpuPercent, memory: usage.memory, memoryLimit: null, pids: usage.processes }] as const;
  });
}
