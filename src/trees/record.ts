import { join, relative } from 'node:path';
import { AdrError } from '../errors.ts';
import { listNames } from '../system/directories.ts';
import { readTextIfExists, removeTree, resolveRealPath, writePrivateFile } from '../system/files.ts';
import { type Environment, findTreesDirectory, findWorkDirectory } from '../system/paths.ts';

/** The tree of one agent, as adr made it. It stands where no agent can write. */
export interface TreeRecord {
  readonly v: 1;
  /** The session that it was made for: 12 hex digits. */
  readonly sessionId: string;
  readonly session: string;
  readonly agent: string;
  /** `worktree`: git's own, for agents on this host; `clone`: with a git directory of its own, for containers. */
  readonly kind: 'worktree' | 'clone';
  /** The checkout it comes from and goes back to: the top of the user's working tree. */
  readonly repository: string;
  /** That repository's git directory, shared by its worktrees. */
  readonly gitDirectory: string;
  /** Where the original's objects are, which a clone borrows: a container needs them at that very path. */
  readonly objects: readonly string[];
  /** What git keeps of a worktree inside the original's git directory. */
  readonly adminDirectory?: string | undefined;
  /** The top of the tree. Canonical. */
  readonly path: string;
  /** The agent's own directory below `path`, and the user's below `repository`; '' for the top. */
  readonly prefix: string;
  readonly branch: string;
  /** The commit that it began from. */
  readonly base: string;
  readonly format: 'sha1' | 'sha256';
  /** ms since the epoch */
  readonly createdAt: number;
}

const ID = /^[0-9a-f]{12}$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;

/** Where the agent works. */
export function findTreeWorkspace({ path, prefix }: Pick<TreeRecord, 'path' | 'prefix'>): string {
  return join(path, prefix);
}

/** The user's own directory that it stands for. */
export function findOrigin({ repository, prefix }: Pick<TreeRecord, 'repository' | 'prefix'>): string {
  return join(repository, prefix);
}

/** The directory of all that is kept of a tree. Throws TypeError for what is no id or name. */
export function findTreeDirectory(env: Environment, sessionId: string, agent: string): string {
  if (!ID.test(sessionId) || !NAME.test(agent)) throw new TypeError(`no tree: ${sessionId} ${agent}`);
  return join(findTreesDirectory(env), sessionId, agent);
}

/** The git directory of ours that looks at a tree. */
export function findOwnGit(env: Environment, { sessionId, agent }: TreeRecord): string {
  return join(findTreeDirectory(env, sessionId, agent), 'git');
}

/** Writes what is known of a tree, for its owner alone. */
export async function writeTreeRecord(env: Environment, record: TreeRecord): Promise<void> {
  const directory = findTreeDirectory(env, record.sessionId, record.agent);
  await writePrivateFile(join(directory, 'tree.json'), `${JSON.stringify(record, null, 1)}\n`);
}

/** Forgets a tree. */
export async function removeTreeRecord(
  env: Environment,
  { sessionId, agent }: Pick<TreeRecord, 'sessionId' | 'agent'>,
): Promise<void> {
  await removeTree(findTreeDirectory(env, sessionId, agent));
}

/** What is known of a tree; undefined when there is none. Throws CONFIG_INVALID when it is damaged. */
export async function readTreeRecord(
  env: Environment,
  sessionId: string,
  agent: string,
): Promise<TreeRecord | undefined> {
  if (!ID.test(sessionId) || !NAME.test(agent)) return undefined;
  const path = join(findTreeDirectory(env, sessionId, agent), 'tree.json');
  const text = await readTextIfExists(path);
  return text === undefined ? undefined : parseTreeRecord(text, path);
}

/** Reads a record's text strictly. `where` is the file, for messages. Throws CONFIG_INVALID. */
export function parseTreeRecord(text: string, where: string): TreeRecord {
  const reject = (what: string): AdrError =>
    new AdrError('CONFIG_INVALID', `"${where}" cannot be read: ${what}`, {
      hint: 'it tells of the tree of an agent: look at that with git, then remove the file',
    });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw reject('it is no JSON');
  }
  if (typeof body !== 'object' || body === null) throw reject('it is no object');
  const fields = body as Readonly<Record<string, unknown>>;
  const read = (name: string): string => {
    const value = fields[name];
    if (typeof value === 'string') return value;
    throw reject(`"${name}" is no text`);
  };
  const { v, kind, format, objects, createdAt } = fields;
  if (v !== 1) throw reject('"v" is not 1: another version of adr-tmux wrote it');
  if (kind !== 'worktree' && kind !== 'clone') throw reject('"kind" is neither worktree nor clone');
  if (format !== 'sha1' && format !== 'sha256') throw reject('"format" is neither sha1 nor sha256');
  if (!Array.isArray(objects) || objects.some((item) => typeof item !== 'string'))
    throw reject('"objects" is no list of texts');
  if (typeof createdAt !== 'number') throw reject('"createdAt" is no number');
  return {
    ...{ v, kind, format, createdAt, objects: objects as readonly string[] },
    sessionId: read('sessionId'),
    session: read('session'),
    agent: read('agent'),
    repository: read('repository'),
    gitDirectory: read('gitDirectory'),
    adminDirectory: fields.adminDirectory === undefined ? undefined : read('adminDirectory'),
    path: read('path'),
    prefix: read('prefix'),
    branch: read('branch'),
    base: read('base'),
  };
}

/** All trees there are, oldest first; damaged records are passed over. */
export async function listTrees(env: Environment): Promise<readonly TreeRecord[]> {
  const root = findTreesDirectory(env);
  const ids = (await listNames(root)).filter((name) => ID.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const agents = await listNames(join(root, id));
      return Promise.all(agents.map((agent) => readTreeRecord(env, id, agent).catch(() => undefined)));
    }),
  );
  return found
    .flat()
    .filter((record): record is TreeRecord => record !== undefined)
    .sort((a, b) => a.createdAt - b.createdAt);
}

/** The tree that a canonical directory is, or lies in; undefined when it is none of ours. */
export async function findTreeAt(env: Environment, directory: string): Promise<TreeRecord | undefined> {
  const work = await resolveRealPath(findWorkDirectory(env));
  if (work === undefined) return undefined;
  const [id = '', agent = ''] = relative(work, directory).split('/');
  return readTreeRecord(env, id, agent);
}
