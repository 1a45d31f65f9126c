import { basename, dirname, join, relative } from 'node:path';
import { AdrError } from '../errors.ts';
import { resolveRealPath } from '../system/files.ts';
import { type Environment, findConfigDirectory, findHome, findStateDirectory } from '../system/paths.ts';
import { isInside } from './is-inside.ts';
import type { Mount } from './mounts.ts';

/** Places on the host that give away more than files; each as written and as its links lead. */
export interface GuardedPlaces {
  /** adr's state: what is trusted, other runs, transcripts. */
  readonly state: readonly string[];
  /** The user's own settings, which count without trust. */
  readonly config: readonly string[];
  readonly keys: readonly string[];
  /** Sockets that command a container engine. */
  readonly engines: readonly string[];
}

/** Finds the guarded places of a user. */
export async function findGuardedPlaces(env: Environment): Promise<GuardedPlaces> {
  const runtime = env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
  const host = /^unix:\/\/(\/.+)$/.exec(env.DOCKER_HOST ?? '')?.[1];
  return {
    state: await followLinks([findStateDirectory(env)]),
    config: await followLinks([findConfigDirectory(env)]),
    keys: await followLinks([join(findHome(env), '.ssh')]),
    engines: await followLinks([
      '/run/docker.sock',
      '/var/run/docker.sock',
      '/run/containerd/containerd.sock',
      '/run/podman/podman.sock',
      join(runtime, 'docker.sock'),
      join(runtime, 'podman', 'podman.sock'),
      ...(host === undefined ? [] : [host]),
    ]),
  };
}

async function followLinks(paths: readonly string[]): Promise<readonly string[]> {
  return [...new Set([...paths, ...(await Promise.all(paths.map(followLink)))])];
}

/** Where a path leads; of one that is not there yet, where it would be. A closed directory (`/run/podman`) hides no links. */
async function followLink(path: string): Promise<string> {
  const real = await resolveRealPath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error;
    return undefined;
  });
  if (real !== undefined || path === dirname(path)) return real ?? path;
  return join(await followLink(dirname(path)), basename(path));
}

/**
 * Whether a mount with a canonical source may be made. Gives what to tell the user of one that is allowed because it
 * stands on the command line; `special`: the source is a socket or a device. Throws REFUSED.
 */
export function judgeSource(mount: Mount, places: GuardedPlaces, special: boolean): readonly string[] {
  const { source, origin } = mount;
  const touches = (guarded: readonly string[]) =>
    guarded.some((path) => isInside(source, path) || isInside(path, source));
  if (touches(places.state) && !mount.readOnly) {
    throw new AdrError('REFUSED', `${origin.where}: "${source}" holds adr's own state`, {
      hint: 'a writable mount of it would let the agent trust its own settings: mount something below, or :ro',
    });
  }
  const engine = touches(places.engines);
  const guarded = engine || special || [places.state, places.config, places.keys].some(touches);
  if (guarded && origin.layer !== 'flag') {
    throw new AdrError('REFUSED', `${origin.where}: mounting "${source}" gives away secrets or control`, {
      hint: `if you mean it, give it on the command line: --mount ${source}:${mount.target}`,
    });
  }
  if (engine)
    return [`${origin.where}: "${source}" lets the agent command the engine, which is root on this host`];
  if (touches(places.config) && !mount.readOnly) {
    return [`${origin.where}: "${source}" lets the agent write your adr settings, which need no trust`];
  }
  return [];
}

/**
 * Checks that a canonical workspace, which the agent can write, does not hold adr's own state; a clone that adr keeps
 * there is fine. Gives what to tell the user. Throws WORKSPACE_INVALID.
 */
export async function judgeWorkspace(workspace: string, env: Environment): Promise<readonly string[]> {
  const { state, config } = await findGuardedPlaces(env);
  const isClone = state.some((path) => {
    const work = join(path, 'work');
    return isInside(workspace, work) && relative(work, workspace).split('/').length >= 2;
  });
  const touches = (paths: readonly string[]) =>
    paths.some((path) => isInside(path, workspace) || isInside(workspace, path));
  if (touches(state) && !isClone) {
    throw new AdrError('WORKSPACE_INVALID', `workspace "${workspace}" holds adr's own state`, {
      hint: `the agent could change what you trust: choose a directory without ${state[0]}`,
    });
  }
  return touches(config)
    ? [`the agent can write your adr settings in "${workspace}", which need no trust`]
    : [];
}
