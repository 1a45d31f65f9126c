import type { Clock } from '../system/clock.ts';
import type { Environment } from '../system/paths.ts';
import type { Engine } from './engine.ts';
import { findOwnerState, LABELS, type Owner, parseOwner } from './labels.ts';
import { removeUnusedNetworks } from './networks.ts';
import { listRunRecords, removeRunDirectory } from './run-directory.ts';
import { endLeftovers } from './run-on-host.ts';
import { listVolumes, removeVolumes } from './volumes.ts';

/** One run as labels and records tell it: true also after a crash. */
export interface RunSummary {
  readonly run: string;
  readonly type: string;
  readonly agent: string;
  readonly session: string | undefined;
  readonly sessionId: string | undefined;
  readonly workspace: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly engine: string;
  /** Undefined on the host engine. */
  readonly container: { readonly id: string; readonly name: string; readonly state: string } | undefined;
  readonly owner: Owner;
  /** Nobody is left who would remove it. */
  readonly orphan: boolean;
}

/** Which runs are meant; nothing given: all of this user. */
export interface RunSelection {
  readonly sessionId?: string | undefined;
  readonly runs?: readonly string[] | undefined;
}

const FIELDS = [
  '{{json .ID}}',
  '{{json .Names}}',
  '{{json .State}}',
  ...[LABELS.run, LABELS.type, LABELS.agent, LABELS.session, LABELS.sessionId].map(formatField),
  ...[LABELS.workspace, LABELS.createdAt, LABELS.owner].map(formatField),
];

function formatField(label: string): string {
  return `{{json (.Label "${label}")}}`;
}

/** This user's containers that adr made on an engine, oldest first. Throws SOCKET_ERROR, ENGINE_MISSING. */
export async function listContainerRuns(
  engine: Engine,
  selection: RunSelection = {},
): Promise<readonly RunSummary[]> {
  const filters = [
    `${LABELS.managed}=true`,
    ...(selection.sessionId === undefined ? [] : [`${LABELS.sessionId}=${selection.sessionId}`]),
  ];
  const lines = await engine.list(filters, `[${FIELDS.join(',')}]`);
  return lines
    .map((line) => parseRun(line, engine.program))
    .filter((run) => run !== undefined)
    .filter((run) => run.owner.uid === process.getuid?.() && isSelected(run, selection))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** This user's runs on the host engine, whose owner may be gone. */
export async function listHostRuns(
  env: Environment,
  selection: RunSelection = {},
): Promise<readonly RunSummary[]> {
  const records = await listRunRecords(env);
  return records
    .filter((record) => record.engine === 'host' && isSelected(record, selection))
    .map(({ directory: _directory, ...record }) => ({
      ...record,
      container: undefined,
      orphan: findOwnerState(record.owner) === 'gone',
    }));
}

/** All runs of this user. Throws what the engine says; without `engine` those on the host alone. */
export async function listRuns(
  env: Environment,
  engine: Engine | undefined,
  selection: RunSelection = {},
): Promise<readonly RunSummary[]> {
  const [host, containers] = await Promise.all([
    listHostRuns(env, selection),
    engine ? listContainerRuns(engine, selection) : [],
  ]);
  return [...host, ...containers];
}

export interface StopTools {
  readonly env: Environment;
  readonly engine: Engine | undefined;
  readonly clock: Clock;
}

/**
 * Stops the selected runs and removes all that is theirs: containers with their volumes, processes on the host, run
 * directories. Gives the runs that were there. Throws what the engine says.
 */
export async function stopRuns(
  selection: RunSelection,
  tools: StopTools,
  graceSeconds = 10,
): Promise<readonly RunSummary[]> {
  const runs = await listRuns(tools.env, tools.engine, selection);
  await Promise.all([
    endContainers(tools.engine, runs, graceSeconds),
    ...runs.filter((run) => run.container === undefined).map((run) => endLeftovers(run.run, tools.clock)),
  ]);
  const ids = new Set(runs.map(({ run }) => run));
  await endResources(tools.engine, ids);
  await removeRecords(tools.env, ids);
  return runs;
}

/** Removes what runs left behind whose owner was killed, and gives those runs. Throws what the engine says. */
export async function reapOrphans(tools: StopTools): Promise<readonly RunSummary[]> {
  const orphans = (await listRuns(tools.env, tools.engine)).filter((run) => run.orphan);
  await Promise.all([
    endContainers(tools.engine, orphans, 2),
    ...orphans.filter((run) => run.container === undefined).map((run) => endLeftovers(run.run, tools.clock)),
  ]);
  await endResources(tools.engine, undefined);
  const gone = (await listRunRecords(tools.env)).filter((record) => findOwnerState(record.owner) === 'gone');
  await removeRecords(tools.env, new Set(gone.map(({ run }) => run)));
  return orphans;
}

async function endContainers(
  engine: Engine | undefined,
  runs: readonly RunSummary[],
  graceSeconds: number,
): Promise<void> {
  const containers = runs.flatMap(({ container }) => (container ? [container] : []));
  const running = containers.filter(({ state }) => state === 'running' || state === 'restarting');
  await engine?.stop(
    running.map(({ id }) => id),
    graceSeconds,
  );
  await engine?.remove(containers.map(({ id }) => id));
}

/** Volumes of these runs (undefined: of runs whose owner is gone), and networks that nobody uses any more. */
async function endResources(
  engine: Engine | undefined,
  runs: ReadonlySet<string> | undefined,
): Promise<void> {
  if (!engine) return;
  await removeVolumes(engine, await listVolumes(engine, runs));
  await removeUnusedNetworks(engine);
}

async function removeRecords(env: Environment, runs: ReadonlySet<string>): Promise<void> {
  const records = (await listRunRecords(env)).filter(({ run }) => runs.has(run));
  await Promise.all(records.map(({ directory }) => removeRunDirectory(directory)));
}

function isSelected(
  run: { readonly run: string; readonly sessionId: string | undefined },
  { sessionId, runs }: RunSelection,
): boolean {
  if (sessionId !== undefined && run.sessionId !== sessionId) return false;
  return runs === undefined || runs.includes(run.run);
}

function parseRun(line: string, program: string): RunSummary | undefined {
  const fields = JSON.parse(line) as readonly string[];
  const [id = '', name = '', state = '', run = '', type = '', agent = '', session, sessionId] = fields;
  const [workspace = '', createdAt = '', label = ''] = fields.slice(8);
  const owner = parseOwner(label);
  if (!owner) return undefined;
  const ownerState = findOwnerState(owner);
  const idle = state !== 'running' && state !== 'paused' && state !== 'restarting';
  return {
    run,
    type,
    agent,
    session: session || undefined,
    sessionId: sessionId || undefined,
    workspace,
    createdAt,
    engine: program,
    container: { id, name, state },
    owner,
    orphan: ownerState === 'gone' || (ownerState === 'elsewhere' && idle),
  };
}
