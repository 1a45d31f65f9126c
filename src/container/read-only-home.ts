import { writeReadableFile } from '../system/links.ts';
import type { Engine } from './engine.ts';
import { buildHomeArchive, CONTAINER_HOME, CONTAINER_MIRROR, READ_ONLY_ASSETS } from './home-archive.ts';
import { buildContainerName, buildLabels, type RunIdentity } from './labels.ts';
import { extendPasswd } from './passwd.ts';
import type { ContainerPlan } from './run-container.ts';
import { findPasswdFile } from './run-directory.ts';
import { buildSecretsFile } from './secret-variables.ts';
import type { ContainerSpec } from './spec.ts';
import { createVolume } from './volumes.ts';

/** Name of the volume that is HOME in a read-only container. */
export function findHomeVolumeName({ run }: RunIdentity): string {
  return `adr-${run}`;
}

/** Name of the volume that holds the configuration once more, for an entrypoint that looks for it. */
export function findConfigVolumeName({ run }: RunIdentity): string {
  return `adr-${run}-config`;
}

/** Name of the container through which that volume is filled; it never starts. */
export function findFillerName(identity: RunIdentity): string {
  return `${buildContainerName(identity)}-fill`;
}

/**
 * Fills HOME for a container whose root file system cannot be written, where nothing can be copied to either: a
 * labelled volume, filled through a writable container that never starts, and a passwd bound from the run's directory.
 * Gives the container's spec with these. Throws what the engine says.
 */
export async function fillHomeVolume(engine: Engine, plan: ContainerPlan): Promise<ContainerSpec> {
  const { spec, launch } = plan;
  const volume = spec.homeVolume ?? findHomeVolumeName(spec.identity);
  const filler = findFillerName(spec.identity);
  await createVolume(engine, volume, spec.identity);
  if (spec.configVolume !== undefined) await createVolume(engine, spec.configVolume, spec.identity);
  const id = await engine.change('create the container', [
    ...['create', '--name', filler, '--network', 'none'],
    ...buildLabels(spec.identity).flatMap((label) => ['--label', label]),
    ...['--mount', `type=volume,source=${volume},target=${CONTAINER_HOME}`],
    ...(spec.configVolume === undefined
      ? []
      : ['--mount', `type=volume,source=${spec.configVolume},target=${CONTAINER_MIRROR}`]),
    ...[spec.image, 'true'],
  ]);
  const passwd = await engine.readFile(id, '/etc/passwd');
  const archive = buildHomeArchive({
    ...spec.user,
    config: plan.config,
    replaced: launch.config,
    assets: [...launch.assets, ...buildSecretsFile(plan.secrets)],
    assetsAt: READ_ONLY_ASSETS,
    links: plan.links,
    mirror: plan.mirror,
    passwd: undefined,
  });
  await engine.copyIn(id, '/', archive);
  await engine.remove([id]);
  const extended = extendPasswd(passwd ?? 'root:x:0:0:root:/root:/bin/sh\n', {
    ...spec.user,
    home: CONTAINER_HOME,
  });
  if (extended === undefined) return spec;
  const source = findPasswdFile(plan.directory);
  await writeReadableFile(source, extended);
  return { ...spec, mounts: [...spec.mounts, { source, target: '/etc/passwd', readOnly: true }] };
}
