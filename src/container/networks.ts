import { join } from 'node:path';
import { AdrError } from '../errors.ts';
import { withFileLock } from '../system/file-lock.ts';
import { findStateDirectory } from '../system/paths.ts';
import type { Engine } from './engine.ts';
import { LABELS } from './labels.ts';

/** Creating a container is what the lock is held for; many may start at once. */
const LOCK_MS = 60_000;

/** A network of this name is made when it is missing, and goes with its last container. */
export function isOwnNetwork(name: string): boolean {
  return name.startsWith('adr');
}

/**
 * Does `work` with the network a run asks for: as it stands, or, one of ours, by its id and made when it is missing (two
 * may bear one name). No other run of this user removes it before `work` is done. Throws NETWORK_ERROR, LOCKED.
 */
export async function withNetwork<T>(
  engine: Engine,
  network: string,
  work: (network: string) => Promise<T>,
): Promise<T> {
  if (!isOwnNetwork(network)) return work(network);
  return withNetworksLocked(engine, async () =>
    work((await findNetwork(engine, network)) ?? (await createNetwork(engine, network))),
  );
}

/**
 * Removes this user's networks that adr made and no container has any more: `name` whoever made it, else all that were
 * made under the same state directory, because only its lock tells of a run that is about to use one.
 */
export async function removeUnusedNetworks(engine: Engine, name?: string): Promise<void> {
  if (name !== undefined && !isOwnNetwork(name)) return;
  const labels = describeOurs(engine).slice(0, name === undefined ? undefined : -1);
  const ours = labels.map((label) => `label=${label}`);
  if ((await listNetworks(engine, ours, name)).length === 0) return;
  await withNetworksLocked(engine, async () => {
    for (const network of await listNetworks(engine, ours, name)) {
      if (!(await isUsed(engine, network))) await removeNetwork(engine, network.id);
    }
  });
}

/**
 * Whether a container has a network. One that was created and never started is found by the network's name alone (tried
 * on docker 20.10), so another network of that name can keep this one a while longer.
 */
async function isUsed(engine: Engine, { id, name }: FoundNetwork): Promise<boolean> {
  const filters = ['--filter', `network=${id}`, '--filter', `network=${name}`];
  return (await engine.ask('list containers', ['ps', '--all', '--quiet', ...filters])) !== '';
}

/** The labels of the networks made here; the last one says under which state directory. */
function describeOurs({ env }: Engine): readonly string[] {
  const owner = `${LABELS.owner}=${process.getuid?.() ?? 0}`;
  return [`${LABELS.managed}=true`, owner, `${LABELS.state}=${findStateDirectory(env)}`];
}

async function findNetwork(engine: Engine, name: string): Promise<string | undefined> {
  const found = await listNetworks(engine, [`name=${name}`], name);
  return found.map(({ id }) => id).sort()[0];
}

async function createNetwork(engine: Engine, name: string): Promise<string> {
  const options = describeOurs(engine).flatMap((label) => ['--label', label]);
  return engine.change('create the network', ['network', 'create', ...options, '--', name]);
}

async function removeNetwork(engine: Engine, id: string): Promise<void> {
  try {
    await engine.change('remove the network', ['network', 'rm', '--', id]);
  } catch (error) {
    const said = error instanceof AdrError ? String(error.details.said) : '';
    if (!/active endpoints|no such network|not found/i.test(said)) throw error;
  }
}

interface FoundNetwork {
  readonly id: string;
  readonly name: string;
}

/** The networks that pass the filters and bear the name, whole. */
async function listNetworks(
  engine: Engine,
  filters: readonly string[],
  name: string | undefined,
): Promise<readonly FoundNetwork[]> {
  const args = ['network', 'ls', '--no-trunc', ...filters.flatMap((filter) => ['--filter', filter])];
  const text = await engine.ask('list networks', [...args, '--format', '{{.ID}} {{.Name}}']);
  return text.split('\n').flatMap((line) => {
    const [id = '', found = ''] = line.split(' ');
    return id !== '' && (name === undefined || found === name) ? [{ id, name: found }] : [];
  });
}

function withNetworksLocked<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  return withFileLock(join(findStateDirectory(engine.env), 'networks.lock'), work, LOCK_MS);
}
