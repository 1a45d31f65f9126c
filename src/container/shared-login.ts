import { basename, dirname, join } from 'node:path';
import type { AgentType } from '../agents/types.ts';
import { withFileLock } from '../system/file-lock.ts';
import { makePrivateDirectory, readSlice, writePrivateFile } from '../system/files.ts';
import { readChangeTime, setChangeTime } from '../system/links.ts';
import { type Environment, findHome, findStateDirectory } from '../system/paths.ts';
import { CONTAINER_HOME, type HomeLink } from './home-archive.ts';
import type { BindMount } from './spec.ts';

/** One login that the user's own agent and all its containers share: refreshing it makes the token before useless. */
export interface SharedLogin {
  /** The user's own file. */
  readonly own: string;
  /** The file that containers read and write. */
  readonly shared: string;
  /** The directory that holds it: a file that is a mount itself cannot be replaced whole, as agents do. */
  readonly mount: BindMount;
  /** Variable that leads the agent to the mounted directory; undefined: a link in HOME does. */
  readonly variable: { readonly name: string; readonly value: string } | undefined;
  readonly link: HomeLink | undefined;
}

const LARGEST_FILE = 1_000_000;
const LOOK_MS = 3000;
const HALF_WRITTEN_MS = 5000;

/** Where an agent type's login is shared; undefined: the type has none, or the user is not logged in. */
export async function findSharedLogin(type: AgentType, env: Environment): Promise<SharedLogin | undefined> {
  const { login } = type;
  if (!login) return undefined;
  const directory = join(findStateDirectory(env), 'logins', type.name);
  const own = join(findHome(env), login.path);
  const shared = join(directory, basename(login.path));
  if ((await readLogin(own)) === undefined) return undefined;
  const target = `${CONTAINER_HOME}/.adr-login`;
  const name = login.directoryVariable;
  return {
    own,
    shared,
    mount: { source: directory, target, readOnly: false },
    variable: name === undefined ? undefined : { name, value: target },
    link: name === undefined ? { path: login.path, target: `${target}/${basename(login.path)}` } : undefined,
  };
}

/**
 * Brings the user's file and the shared one to the newer of the two contents, one process at a time. The user's file is
 * replaced whole, and only by valid JSON. Throws LOCKED.
 */
export async function syncLogin(login: SharedLogin): Promise<void> {
  await makePrivateDirectory(dirname(login.shared));
  const lock = join(dirname(dirname(login.shared)), `${basename(dirname(login.shared))}.lock`);
  await withFileLock(lock, async () => {
    // The times first: what is written in between is newer than what is read here.
    const [ownTime, sharedTime] = [await readChangeTime(login.own), await readChangeTime(login.shared)];
    const [own, shared] = [await readLogin(login.own), await readLogin(login.shared)];
    // A login that the user ended on the host stays ended.
    if (own === undefined || own === shared) return;
    // An agent may be writing it just now.
    if (shared === undefined && Date.now() - sharedTime < HALF_WRITTEN_MS) return;
    if (shared !== undefined && sharedTime > ownTime) {
      await writePrivateFile(login.own, shared);
      await setChangeTime(login.own, sharedTime);
      return;
    }
    await writePrivateFile(login.shared, own);
    await setChangeTime(login.shared, ownTime);
  });
}

/** Keeps the two alike while a run lasts; the result ends it with one last time. */
export function keepLoginInSync(login: SharedLogin): () => Promise<void> {
  const sync = () => syncLogin(login).catch(() => undefined);
  let last = Promise.resolve<undefined>(undefined);
  const timer = setInterval(() => {
    last = last.then(sync) as Promise<undefined>;
  }, LOOK_MS);
  return async () => {
    clearInterval(timer);
    await last;
    await sync();
  };
}

/** A login file's text when it is one: a plain file of limited size that holds a JSON object. */
async function readLogin(path: string): Promise<string | undefined> {
  const bytes = await readSlice(path, 0, LARGEST_FILE + 1).catch(() => undefined);
  if (!bytes || bytes.length > LARGEST_FILE) return undefined;
  const text = bytes.toString('utf8');
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? text : undefined;
  } catch {
    return undefined;
  }
}
