import { dirname } from 'node:path';
import { KNOWN_AGENT_TYPES } from '../../agents/registry.ts';
import { formatMount } from '../../container/create-argv.ts';
import type { Engine } from '../../container/engine.ts';
import { AdrError } from '../../errors.ts';
import { describePath, resolveRealPath } from '../../system/files.ts';
import { startProcess } from '../../system/long-process.ts';
import { changeOwners, type FileOwner } from '../../system/owners.ts';
import { type Environment, findHome } from '../../system/paths.ts';
import { listImages } from './images.ts';

/** Directories of the system: neither they nor anything in them is a workspace. */
const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/proc',
  '/sbin',
  '/sys',
  '/usr',
];
/** Directories that hold other people's things; a directory in them may well be a workspace. */
const SHARED = [
  ...['/Applications', '/Library', '/System', '/Users', '/home', '/media', '/mnt', '/opt', '/private'],
  ...['/root', '/run', '/snap', '/srv', '/tmp', '/var', '/var/lib', '/var/log', '/var/tmp', '/Volumes'],
];

/** The canonical path of a directory whose owner may be changed. Throws WORKSPACE_INVALID, REFUSED. */
export async function findFixable(written: string, path: string, env: Environment): Promise<string> {
  const real = await resolveRealPath(path);
  if (real === undefined) {
    throw new AdrError('WORKSPACE_INVALID', `Directory does not exist: "${written}"`, {
      hint: 'name an existing one: adr fix-owner DIR',
    });
  }
  if ((await describePath(real)) !== 'directory') {
    throw new AdrError('WORKSPACE_INVALID', `Not a directory: "${written}"`, {
      hint: 'name a directory: adr fix-owner DIR',
    });
  }
  const home = (await resolveRealPath(findHome(env))) ?? findHome(env);
  const why = findGuard(real, home);
  if (why === undefined) return real;
  throw new AdrError('REFUSED', `"${real}" is ${why}: its owner is not changed`, {
    hint: 'name the directory of a project: adr fix-owner DIR',
  });
}

/** Why nobody should change the owner of all that is in a directory; undefined: nothing speaks against it. */
export function findGuard(path: string, home: string): string | undefined {
  if (path === '/') return 'the whole system';
  if (path === home) return 'your home directory';
  if (home.startsWith(`${path}/`)) return 'above your home directory';
  if (SYSTEM.some((top) => path === top || path.startsWith(`${top}/`))) return 'part of the system';
  // `/home/anna`, `/Users/anna`: somebody's home.
  if (SHARED.includes(path) || ['/home', '/Users'].includes(dirname(path))) return "not one project's";
  return undefined;
}

/** Whom files should belong to: the user, also behind sudo. */
export function chooseOwner(env: Environment, own: FileOwner): FileOwner {
  const uid = Number(env.SUDO_UID);
  const gid = Number(env.SUDO_GID);
  return own.uid === 0 && env.SUDO_UID && Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : own;
}

/** A way to change owners. */
export type Way =
  | { readonly kind: 'directly' }
  | { readonly kind: 'command'; readonly by: string; readonly argv: readonly string[] };

export interface Means {
  readonly root: boolean;
  /** `asks`: there is a terminal to type the password on. */
  readonly sudo: 'silent' | 'asks' | 'none';
  /** An image with chown in it, and the engine's client. */
  readonly container: { readonly program: string; readonly image: string } | undefined;
}

/** The way that asks least of the user. Throws REFUSED when there is none. */
export function chooseWay(directory: string, { uid, gid }: FileOwner, means: Means): Way {
  if (means.root) return { kind: 'directly' };
  const chown = ['-R', '-h', '-P', '--', `${uid}:${gid}`];
  const sudo = { kind: 'command', by: 'sudo' } as const;
  if (means.sudo === 'silent') return { ...sudo, argv: ['sudo', '-n', 'chown', ...chown, directory] };
  if (means.container) {
    const { program, image } = means.container;
    return {
      kind: 'command',
      by: 'a container',
      argv: [
        ...[program, 'run', '--rm', '--network', 'none', '--log-driver', 'none', '--user', '0:0'],
        ...['--cap-drop', 'ALL', '--cap-add', 'CHOWN', '--cap-add', 'DAC_READ_SEARCH'],
        ...['--security-opt', 'no-new-privileges', '--entrypoint', 'chown'],
        ...['--mount', formatMount({ source: directory, target: '/fix', readOnly: false })],
        ...[image, ...chown, '/fix'],
      ],
    };
  }
  if (means.sudo === 'asks') return { ...sudo, argv: ['sudo', 'chown', ...chown, directory] };
  throw new AdrError('REFUSED', 'only root can give files away, and neither sudo nor an engine is at hand', {
    hint: `as root: chown -R ${uid}:${gid} ${directory}`,
  });
}

/** An image of ours that a container could change owners with; undefined where there is no engine or image. */
export async function findChownImage(engine: Engine): Promise<Means['container']> {
  try {
    const built = (await listImages(engine, KNOWN_AGENT_TYPES)).find((entry) => entry.built !== undefined);
    return built?.built && { program: engine.program, image: `${built.image}:${built.built.tag}` };
  } catch (error) {
    if (error instanceof AdrError) return undefined;
    throw error;
  }
}

/** Goes that way; gives the exit code of the command. */
export async function changeOwner(
  directory: string,
  owner: FileOwner,
  way: Way,
  env: Environment,
): Promise<number> {
  if (way.kind === 'directly') {
    await changeOwners(directory, owner);
    return 0;
  }
  const [file = '', ...args] = way.argv;
  return (await startProcess(file, args, { env }).ended).exitCode ?? 1;
}
