import { AdrError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { LABELS } from './labels.ts';
import type { ContainerSpec } from './spec.ts';

/** A network of this name is made when it is missing, and goes with its last container. */
export function isOwnNetwork(name: string): boolean {
  return name.startsWith('adr');
}

/** Makes the network of a run when it is one of ours and missing. Throws NETWORK_ERROR. */
export async function ensureNetwork(engine: Engine, { network }: ContainerSpec): Promise<void> {
  if (!isOwnNetwork(network) || (await hasNetwork(engine, network))) return;
  const labels = [`${LABELS.managed}=true`, `${LABELS.owner}=${process.getuid?.() ?? 0}`];
  try {
    await engine.change('create the network', [
      ...['network', 'create', ...labels.flatMap((label) => ['--label', label])],
      ...['--', network],
    ]);
  } catch (error) {
    // Another run was quicker.
    if (!/already exists/i.test(describeSaid(error))) throw error;
  }
}

/** Removes this user's networks that adr made and no container has any more; `names`: only these. */
export async function removeUnusedNetworks(engine: Engine, names?: readonly string[]): Promise<void> {
  if (names && !names.some(isOwnNetwork)) return;
  const filters = [`label=${LABELS.managed}=true`, `label=${LABELS.owner}=${process.getuid?.() ?? 0}`];
  const args = [
    'network',
    'ls',
    ...filters.flatMap((filter) => ['--filter', filter]),
    '--format',
    '{{.Name}}',
  ];
  for (const name of (await engine.ask('list networks', args)).split('\n')) {
    if (name === '') continue;
    if (names && !names.includes(name)) continue;
    const filter = ['--filter', `network=${name}`];
    const users = await engine.ask('list containers', ['ps', '--all', '--quiet', ...filter]);
    if (users !== '') continue;
    try {
      await engine.change('remove the network', ['network', 'rm', '--', name]);
    } catch (error) {
      if (!/active endpoints|no such network|not found/i.test(describeSaid(error))) throw error;
    }
  }
}

async function hasNetwork(engine: Engine, network: string): Promise<boolean> {
  try {
    await engine.checkNetwork(network);
    return true;
  } catch (error) {
    if (error instanceof AdrError && error.code === 'NETWORK_ERROR') return false;
    throw error;
  }
}

function describeSaid(error: unknown): string {
  return error instanceof AdrError ? String(error.details.said) : '';
}
