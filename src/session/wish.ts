import { join } from 'node:path';
import { AdrError } from '../errors.ts';
import { listNames } from '../system/directories.ts';
import { withFileLock } from '../system/file-lock.ts';
import { readTextIfExists, removeTree, writePrivateFile } from '../system/files.ts';
import { type Environment, findStateDirectory } from '../system/paths.ts';
import { parseWish } from './parse-wish.ts';

/** What the user wants of one agent of a session: enough to start it again as it was. */
export interface WishAgent {
  readonly type: string;
  readonly name: string;
  /** Its place among the agents, counted from 0; numbers of removed agents are not used again. */
  readonly index: number;
  /** The run it had last. */
  readonly run: string;
  /** Canonical path. */
  readonly workspace: string;
  /** Where relative paths in the options start. */
  readonly cwd: string;
  /** Settings of `adr run` by their name in the schema, as they were written. May hold secrets (`env`). */
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly readOnly: boolean;
  readonly configFile?: string | undefined;
  /** What stood behind `--`. */
  readonly args: readonly string[];
  readonly prompt?: WishPrompt | undefined;
  /** The agent's own id of its last conversation. */
  readonly conversation?: string | undefined;
  /** It works in a tree of its own: `workspace` lies in that. */
  readonly tree?: WishTree | undefined;
}

/** Enough to make an agent's tree again that was removed because nothing was in it. */
export interface WishTree {
  /** The user's own directory that it stands for. */
  readonly origin: string;
  readonly kind: 'worktree' | 'clone';
}

/** The prompt that an agent is to begin with; without an outcome it is still to be delivered. */
export interface WishPrompt {
  readonly text: string;
  readonly outcome?: string | undefined;
  readonly proof?: string | undefined;
  readonly detail?: string | undefined;
}

/**
 * What the user wants of a session. It says nothing of what is: that stands in tmux. Every agent in tmux is in it; one
 * whose `add` or `remove` was killed may be in it alone.
 */
export interface Wish {
  readonly v: 1;
  readonly id: string;
  readonly name: string;
  /** Name of the tmux server (`-L`); undefined: the user's own. */
  readonly socket?: string | undefined;
  readonly workspace: string;
  readonly engine: string;
  /** The engine client's context. */
  readonly context?: string | undefined;
  readonly layout: string;
  /** ms since the epoch */
  readonly createdAt: number;
  /** When `stop` began to end it, in ms since the epoch; undefined: it is wanted. */
  readonly stoppedAt?: number | undefined;
  /** The team file that it was started from. */
  readonly team?: string | undefined;
  readonly agents: readonly WishAgent[];
}

/** Wishes of stopped sessions stay so long (ms). */
export const KEEP_STOPPED_MS = 7 * 24 * 3600_000;
const ID = /^[0-9a-f]{12}$/;

/** The directory of all wishes. */
export function findWishDirectory(env: Environment): string {
  return join(findStateDirectory(env), 'sessions');
}

function findWishFile(env: Environment, id: string): string {
  if (!ID.test(id)) throw new TypeError(`no session id: ${JSON.stringify(id)}`);
  return join(findWishDirectory(env), `${id}.json`);
}

/** Writes a wish, whole or not at all, for its owner alone (0600). Throws what the file system says. */
export async function writeWish(env: Environment, wish: Wish): Promise<void> {
  await writePrivateFile(findWishFile(env, wish.id), `${JSON.stringify(wish, null, 1)}\n`);
}

/** The wish of a session; undefined when there is none. Throws CONFIG_INVALID when it is damaged. */
export async function readWish(env: Environment, id: string): Promise<Wish | undefined> {
  if (!ID.test(id)) return undefined;
  const path = findWishFile(env, id);
  const text = await readTextIfExists(path);
  if (text === undefined) return undefined;
  const wish = parseWish(text, path);
  if (wish.id === id) return wish;
  throw new AdrError('CONFIG_INVALID', `"${path}" is the wish of another session ("${wish.id}")`, {
    hint: 'it was copied there: remove it',
  });
}

/**
 * Changes a wish while nobody else does; `change` gives undefined to leave it as it is. Gives what stands now;
 * undefined when there is none. Throws LOCKED, CONFIG_INVALID.
 */
export async function updateWish(
  env: Environment,
  id: string,
  change: (wish: Wish) => Wish | undefined,
): Promise<Wish | undefined> {
  if (!ID.test(id)) return undefined;
  return withFileLock(join(findWishDirectory(env), `${id}.lock`), async () => {
    const wish = await readWish(env, id);
    if (!wish) return undefined;
    const changed = change(wish);
    if (changed) await writeWish(env, changed);
    return changed ?? wish;
  });
}

/** Changes what is wanted of one agent; a session or agent that is not there is passed over. */
export async function updateWishAgent(
  env: Environment,
  id: string,
  name: string,
  change: (agent: WishAgent) => WishAgent,
): Promise<Wish | undefined> {
  return updateWish(env, id, (wish) => ({
    ...wish,
    agents: wish.agents.map((agent) => (agent.name === name ? change(agent) : agent)),
  }));
}

/** Removes a wish; missing is fine. */
export async function removeWish(env: Environment, id: string): Promise<void> {
  if (ID.test(id)) await removeTree(findWishFile(env, id));
}

/** All wishes, oldest first, and the files that cannot be read as one. */
export async function listWishes(
  env: Environment,
): Promise<{ readonly wishes: readonly Wish[]; readonly damaged: readonly string[] }> {
  const directory = findWishDirectory(env);
  const ids = (await listNames(directory))
    .filter((name) => name.endsWith('.json') && ID.test(name.slice(0, -5)))
    .map((name) => name.slice(0, -5));
  const read = await Promise.all(
    ids.map((id) => readWish(env, id).catch(() => join(directory, `${id}.json`))),
  );
  return {
    wishes: read
      .filter((wish): wish is Wish => wish !== undefined && typeof wish !== 'string')
      .sort((a, b) => a.createdAt - b.createdAt),
    damaged: read.filter((wish) => typeof wish === 'string'),
  };
}
