import { AdrError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import type { Environment } from '../system/paths.ts';
import type { Engine } from './engine.ts';
import { describeAddress, formatAddress, parseAddress } from './engine-address.ts';
import { findOwnerState, LABELS, type Owner, parseOwner } from './labels.ts';
import { removeUnusedNetworks } from './networks.ts';
import { listRunRecords, removeRunDirectory, removeUnclaimed } from './run-directory.ts';
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
    .map(({ directory: _directory, client: _client, ...record }) => ({
      ...record,
      container: undefined,
      orphan: findOwnerState(record.owner) === 'gone',
    }));
}

/** A run with the engine its container stands on; undefined: it is on this host. */
export interface PlacedRun {
  readonly run: RunSummary;
  readonly engine: Engine | undefined;
}

/** Where to look: the first engine must answer, of another that does not `onSilent` is told. */
export interface RunPlaces {
  readonly env: Environment;
  readonly engines: readonly Engine[];
  readonly onSilent?: ((engine: Engine, error: AdrError) => void) | undefined;
}

/** All runs of this user with their places. Throws what the first engine says; without engines those on the host alone. */
export async function placeRuns(
  { env, engines, onSilent }: RunPlaces,
  selection: RunSelection = {},
): Promise<readonly PlacedRun[]> {
  const host = await listHostRuns(env, selection);
  const listed = await Promise.all(
    engines.map(async (engine, index) => {
      try {
        return (await listContainerRuns(engine, selection)).map((run) => ({ run, engine }));
      } catch (error) {
        if (index === 0 || !(error instanceof AdrError)) throw error;
        onSilent?.(engine, error);
        return [];
      }
    }),
  );
  // Two addresses may lead to one engine.
  const containers = new Map(listed.flat().map((placed) => [placed.run.container?.id, placed]));
  return [...host.map((run) => ({ run, engine: undefined })), ...containers.values()];
}

/** All runs of this user. Throws what the engine says; without `engine` those on the host alone. */
export async function listRuns(
  env: Environment,
  engine: Engine | undefined,
  selection: RunSelection = {},
): Promise<readonly RunSummary[]> {
  const placed = await placeRuns({ env, engines: engine ? [engine] : [] }, selection);
  return placed.map(({ run }) => run);
}

export interface StopTools extends RunPlaces {
  readonly clock: Clock;
}

/**
 * Stops the selected runs and removes all that is theirs: containers with their volumes, processes on the host, run
 * directories. Gives the runs that were there. Throws what the engines say.
 */
export async function stopRuns(
  selection: RunSelection,
  tools: StopTools,
  graceSeconds = 10,
): Promise<readonly RunSummary[]> {
  const placed = await placeRuns(tools, selection);
  const ids = new Set(placed.map(({ run }) => run.run));
  await endRuns(placed, tools, graceSeconds);
  for (const engine of findEngines(placed, tools)) await endResources(engine, ids);
  await removeRecords(await listRunRecords(tools.env), ({ run }) => ids.has(run));
  return placed.map(({ run }) => run);
}

/**
 * Removes what runs left behind whose owner was killed, and gives those runs. Those on an engine that does not answer
 * stay noted. Throws what the first engine says.
 */
export async function reapOrphans(tools: StopTools): Promise<readonly RunSummary[]> {
  const records = await listRunRecords(tools.env);
  const silent = new Set<Engine>();
  const onSilent = (engine: Engine, error: AdrError) => {
    silent.add(engine);
    tools.onSilent?.(engine, error);
  };
  const orphans = (await placeRuns({ ...tools, onSilent })).filter(({ run }) => run.orphan);
  await endRuns(orphans, tools, 2);
  const answering = tools.engines.filter((engine) => !silent.has(engine));
  for (const engine of answering) await endResources(engine, undefined);
  const cleaned = new Set(answering.map((engine) => formatAddress(describeAddress(engine))));
  await removeRecords(records, ({ owner, engine, client }) => {
    const address = parseAddress(engine, client);
    return findOwnerState(owner) === 'gone' && (!address || cleaned.has(formatAddress(address)));
  });
  await removeUnclaimed(tools.env);
  return orphans.map(({ run }) => run);
}

/** The engines of these runs, and the first one: volumes may be left of a run whose container is gone. */
function findEngines(placed: readonly PlacedRun[], { engines }: StopTools): ReadonlySet<Engine> {
  const all = [...engines.slice(0, 1), ...placed.flatMap(({ engine }) => (engine ? [engine] : []))];
  return new Set(all);
}

async function endRuns(
  placed: readonly PlacedRun[],
  { engines, clock }: StopTools,
  graceSeconds: number,
): Promise<void> {
  const onHost = placed.filter(({ run }) => run.container === undefined);
  await Promise.all([
    ...engines.map((engine) => endContainers(engine, placed, graceSeconds)),
    ...onHost.map(({ run }) => endLeftovers(run.run, clock)),
  ]);
}

async function endContainers(
  engine: Engine,
  placed: readonly PlacedRun[],
  graceSeconds: number,
): Promise<void> {
  const mine = placed.filter((one) => one.engine === engine);
  const containers = mine.flatMap(({ run }) => (run.container ? [run.container] : []));
  const running = containers.filter(({ state }) => state === 'running' || state === 'restarting');
  await engine.stop(
    running.map(({ id }) => id),
    graceSeconds,
  );
  await engine.remove(containers.map(({ id }) => id));
}

/** Volumes of these runs (undefined: of runs whose owner is gone), and networks that nobody uses any more. */
async function endResources(engine: Engine, runs: ReadonlySet<string> | undefined): Promise<void> {
  await removeVolumes(engine, await listVolumes(engine, runs));
  await removeUnusedNetworks(engine);
}

type StoredRecord = Awaited<ReturnType<typeof listRunRecords>>[number];

async function removeRecords(
  records: readonly StoredRecord[],
  isOver: (record: StoredRecord) => boolean,
): Promise<void> {
  await Promise.all(records.filter(isOver).map(({ directory }) => removeRunDirectory(directory)));
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
