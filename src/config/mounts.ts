import { isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { AdrError } from '../errors.ts';
import { describePath, resolveRealPath } from '../system/files.ts';
import type { Environment } from '../system/paths.ts';
import { findGuardedPlaces, judgeSource } from './guarded-places.ts';
import { isInside } from './is-inside.ts';
import type { Origin } from './values.ts';

/** A directory or file of the host inside the container. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly origin: Origin;
}

const RESERVED = [
  '/',
  '/workspace',
  '/workspace/.adr',
  '/home',
  '/home/node',
  '/run/adr',
  '/opt/adr',
  '/etc/passwd',
];
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

/** Mounts that may be made, with what the user should know about them. */
export interface CheckedMounts {
  readonly mounts: readonly Mount[];
  readonly warnings: readonly string[];
}

/**
 * Checks that every mount's host path exists and its target is free, and gives them with canonical sources. What
 * would hand over the engine, keys or adr's own settings is refused unless it stands on the command line; what would
 * let the agent write the trust store is always refused. Throws MOUNT_INVALID (exit 2), REFUSED.
 */
export async function checkMounts(mounts: readonly Mount[], env: Environment): Promise<CheckedMounts> {
  const targets = new Set<string>();
  const places = await findGuardedPlaces(env);
  const checked: Mount[] = [];
  const warnings: string[] = [];
  for (const mount of mounts) {
    if (RESERVED.includes(mount.target) || FORBIDDEN.some((path) => isInside(mount.target, path))) {
      throw rejectMount(mount.origin, `Mount container path is taken: ${mount.target}`);
    }
    if (targets.has(mount.target)) {
      throw rejectMount(mount.origin, `Mount container path is used twice: ${mount.target}`);
    }
    targets.add(mount.target);
    const source = await resolveRealPath(mount.source);
    if (source === undefined) {
      throw rejectMount(mount.origin, `Mount host path does not exist: ${mount.source}`);
    }
    const special = (await describePath(source)) === 'other';
    warnings.push(...judgeSource({ ...mount, source }, places, special));
    checked.push({ ...mount, source });
  }
  return { mounts: checked, warnings };
}

/**
 * Whether a mount shows the agent no more than the workspace does: its source lies inside, and a writable one opens
 * no second way to what is read-only there (`.adr` and `.git`). As written: links are for the caller to follow.
 */
export function staysInWorkspace(mount: Pick<Mount, 'source' | 'readOnly'>, workspace: string): boolean {
  if (!isInside(mount.source, workspace)) return false;
  if (mount.readOnly) return true;
  if (relative(workspace, mount.source).split('/').includes('.git')) return false;
  return !['.adr', '.git'].some((name) => isInside(join(workspace, name), mount.source));
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
