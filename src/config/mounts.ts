import { isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { AdrError } from '../errors.ts';
import { describePath, resolveRealPath } from '../system/files.ts';
import { type Environment, findConfigDirectory, findHome, findStateDirectory } from '../system/paths.ts';
import type { Origin } from './values.ts';

/** A directory or file of the host inside the container. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly origin: Origin;
}

const RESERVED = ['/', '/workspace', '/home', '/home/node', '/run/adr', '/opt/adr', '/etc/passwd'];
const FORBIDDEN = ['/proc', '/sys', '/dev', '/run/adr', '/opt/adr'];

/** `HOST:CONTAINER[:ro|rw]`, read-only by default; HOST may hold colons. Throws MOUNT_INVALID (exit 2). */
export function parseMount(text: string, origin: Origin, home: string): Mount {
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const hasMode = last === 'ro' || last === 'rw';
  if (!hasMode && parts.length > 2 && !last.startsWith('/') && parts.at(-2)?.startsWith('/')) {
    throw rejectMount(origin, `Invalid mount mode '${last}'. Must be 'ro' or 'rw'`);
  }
  const paths = hasMode ? parts.slice(0, -1) : parts;
  const target = paths.at(-1) ?? '';
  const source = paths.slice(0, -1).join(':');
  if (source === '' || target === '') {
    throw rejectMount(origin, `Invalid --mount format "${text}". Expected HOST:CONTAINER[:ro|rw]`);
  }
  if (/[\u0000-\u001f\u007f]/.test(text)) throw rejectMount(origin, 'a mount holds control characters');
  if (!isAbsolute(target)) throw rejectMount(origin, `Mount container path must be absolute: ${target}`);
  return {
    source: resolve(origin.base, expandHome(source, home)),
    target: join('/', normalize(target)).replace(/(?<=.)\/$/, ''),
    readOnly: last !== 'rw',
    origin,
  };
}

/**
 * Checks that every mount's host path exists and its target is free, and gives them with canonical sources. What
 * would hand over the engine or our own trust store is refused unless it stands on the command line. Throws
 * MOUNT_INVALID (exit 2).
 */
export async function checkMounts(mounts: readonly Mount[], env: Environment): Promise<readonly Mount[]> {
  const targets = new Set<string>();
  const checked: Mount[] = [];
  for (const mount of mounts) {
    if (RESERVED.includes(mount.target) || FORBIDDEN.some((path) => isInside(mount.target, path))) {
      throw rejectMount(mount.origin, `Mount container path is taken: ${mount.target}`);
    }
    if (targets.has(mount.target)) {
      throw rejectMount(mount.origin, `Mount container path is used twice: ${mount.target}`);
    }
    targets.add(mount.target);
    checked.push({ ...mount, source: await findSource(mount, env) });
  }
  return checked;
}

async function findSource(mount: Mount, env: Environment): Promise<string> {
  const source = await resolveRealPath(mount.source);
  if (source === undefined)
    throw rejectMount(mount.origin, `Mount host path does not exist: ${mount.source}`);
  const secrets = [findConfigDirectory(env), findStateDirectory(env), join(findHome(env), '.ssh')];
  const kind = await describePath(source);
  const isGuarded =
    kind === 'other' || secrets.some((path) => isInside(source, path) || isInside(path, source));
  if (isGuarded && mount.origin.layer !== 'flag') {
    throw new AdrError(
      'REFUSED',
      `${mount.origin.where}: mounting "${source}" gives away secrets or control`,
      {
        hint: `if you mean it, give it on the command line: --mount ${mount.source}:${mount.target}`,
      },
    );
  }
  return source;
}

/** Whether `path` is `parent` or lies below it. */
export function isInside(path: string, parent: string): boolean {
  const way = relative(parent, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

/** `~` and `~/...` to the user's home. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? `${home}${path.slice(1)}` : path;
}

function rejectMount(origin: Origin, message: string): AdrError {
  return new AdrError('MOUNT_INVALID', `${origin.where}: ${message}`, {
    hint: 'a mount is HOST:CONTAINER[:ro|rw], for example ~/data:/data:ro',
  });
}
