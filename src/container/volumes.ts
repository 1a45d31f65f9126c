import { AdrError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { buildLabels, findOwnerState, LABELS, type Owner, parseOwner, type RunIdentity } from './labels.ts';

/** Makes a volume of a run. Throws what the engine says. */
export async function createVolume(engine: Engine, name: string, identity: RunIdentity): Promise<void> {
  const labels = buildLabels(identity).flatMap((label) => ['--label', label]);
  await engine.change('create the volume', ['volume', 'create', ...labels, '--', name]);
}

/** Removes volumes; those that are gone, or that a container still has, are fine. Throws what the engine says. */
export async function removeVolumes(engine: Engine, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  try {
    await engine.change('remove the volume', ['volume', 'rm', '--force', '--', ...names]);
  } catch (error) {
    const said = error instanceof AdrError ? String(error.details.said) : '';
    if (!/no such volume|volume is in use/i.test(said)) throw error;
  }
}

/**
 * This user's volumes that belong to one of the runs, or (nothing given) to runs whose owner is gone. Where we cannot
 * see the owner, the engine decides: it removes none that a container has, and an hour old it has one or never will.
 */
export async function listVolumes(engine: Engine, runs?: ReadonlySet<string>): Promise<readonly string[]> {
  const fields = [
    '{{json .Name}}',
    ...[LABELS.run, LABELS.owner, LABELS.createdAt].map((label) => `{{json (.Label "${label}")}}`),
  ];
  const filter = ['--filter', `label=${LABELS.managed}=true`];
  const args = ['volume', 'ls', ...filter, '--format', `[${fields.join(',')}]`];
  const lines = (await engine.ask('list volumes', args)).split('\n').filter((line) => line !== '');
  return lines.flatMap((line) => {
    const [name = '', run = '', label = '', createdAt = ''] = JSON.parse(line) as readonly string[];
    const owner = parseOwner(label);
    if (!owner || owner.uid !== process.getuid?.()) return [];
    return (runs ? runs.has(run) : isLeftOver(owner, createdAt)) ? [name] : [];
  });
}

const HOUR_MS = 3_600_000;

function isLeftOver(owner: Owner, createdAt: string): boolean {
  const state = findOwnerState(owner);
  return state === 'gone' || (state === 'elsewhere' && Date.now() - Date.parse(createdAt) > HOUR_MS);
}
