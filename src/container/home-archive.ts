import { dirname } from 'node:path';
import type { LaunchFile } from '../agents/types.ts';
import type { ConfigFile } from './config-files.ts';
import { type TarEntry, writeTar } from './tar.ts';

export const CONTAINER_HOME = '/home/node';
/** Where an entrypoint of the user's own finds its configuration once more. */
export const CONTAINER_MIRROR = '/mnt/agent-config-ro';
export const CONTAINER_ASSETS = '/opt/adr';
/** The assets' place under a read-only root file system. */
export const READ_ONLY_ASSETS = `${CONTAINER_HOME}/.adr`;

/** A symbolic link of an agent's HOME. */
export interface HomeLink {
  readonly path: string;
  readonly target: string;
}

interface HomeContent {
  readonly uid: number;
  readonly gid: number;
  /** The user's files; `replaced` ones of the same path win. */
  readonly config: readonly ConfigFile[];
  readonly replaced: readonly LaunchFile[];
  readonly assets: readonly LaunchFile[];
  /** Where the assets go: CONTAINER_ASSETS, or below HOME where nothing else can be written. */
  readonly assetsAt: string;
  /** The user's files once more, relative to CONTAINER_MIRROR. */
  readonly mirror?: readonly ConfigFile[];
  /** Symbolic links below HOME, relative to it. */
  readonly links?: readonly HomeLink[];
  /** A whole new `/etc/passwd`, when it needs one. */
  readonly passwd: string | undefined;
}

/**
 * Everything that is streamed into a container before it starts, for `/`: HOME itself (an image's HOME belongs to its
 * own user), the configuration, the assets, a passwd with the uid in it. Files 0600, directories 0700, all of them
 * the container user's.
 */
export function buildHomeArchive(content: HomeContent): Buffer {
  const { uid, gid } = content;
  const home = CONTAINER_HOME.slice(1);
  const assets = content.assetsAt.slice(1);
  const replaced = new Set(content.replaced.map(({ path }) => path));
  const files = [
    ...content.config
      .filter(({ path }) => !replaced.has(path))
      .map(({ path, content: bytes, executable }) => ({
        path: `${home}/${path}`,
        content: bytes,
        executable,
      })),
    ...content.replaced.map(({ path, content: text }) => ({
      path: `${home}/${path}`,
      content: text,
      executable: false,
    })),
    ...content.assets.map(({ path, content: text }) => ({
      path: `${assets}/${path}`,
      content: text,
      executable: false,
    })),
    ...(content.mirror ?? []).map(({ path, content: bytes, executable }) => ({
      path: `${CONTAINER_MIRROR.slice(1)}/${path}`,
      content: bytes,
      executable,
    })),
  ];
  const links = (content.links ?? []).map(({ path, target }) => ({ path: `${home}/${path}`, target }));
  const folders = new Set([home, assets]);
  for (const { path } of [...files, ...links]) {
    for (let folder = dirname(path); !folders.has(folder) && folder.includes('/'); folder = dirname(folder)) {
      folders.add(folder);
    }
  }
  const entries: TarEntry[] = [
    ...[...folders].sort().map((path) => ({ path, kind: 'directory' as const, mode: 0o700, uid, gid })),
    ...files.map(({ path, content: bytes, executable }) => ({
      path,
      kind: 'file' as const,
      mode: executable ? 0o700 : 0o600,
      uid,
      gid,
      content: bytes,
    })),
    ...links.map((link) => ({ ...link, kind: 'link' as const, mode: 0o777, uid, gid })),
  ];
  if (content.passwd !== undefined) {
    entries.push({ path: 'etc/passwd', kind: 'file', mode: 0o644, uid: 0, gid: 0, content: content.passwd });
  }
  return writeTar(entries);
}
