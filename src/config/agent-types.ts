import { join } from 'node:path';
import type { AgentType } from '../agents/types.ts';
import { AdrError } from '../errors.ts';
import { type Environment, findConfigDirectory } from '../system/paths.ts';
import { readStamps } from '../system/stamps.ts';

/** A folder that defines no usable type, and why. */
export interface BrokenAgentType {
  readonly name: string;
  readonly error: AdrError;
}

/** The built-in agent types and the user's own, read from disk only when they are asked for. */
export interface AgentTypes {
  /** Of that name, with the user's signs over a built-in type's; undefined: there is none. Throws CONFIG_INVALID. */
  find(name: string): Promise<AgentType | undefined>;
  /** The same for who must go on: signs that cannot be read do not count. Never throws. */
  findUsable(name: string): Promise<AgentType | undefined>;
  /** The same with what is wrong with it, where something is. Never throws. */
  inspect(name: string): Promise<InspectedType>;
  /** What is wrong with those types, of each once. Costs a `stat` a file where the user has written none. */
  findProblems(names: readonly string[]): Promise<readonly AdrError[]>;
  /** All names, whether their folders are in order or not. */
  listNames(): Promise<readonly string[]>;
  /** All types, the built-in ones first, and what is wrong with the others. */
  list(): Promise<{ readonly types: readonly AgentType[]; readonly broken: readonly BrokenAgentType[] }>;
}

/** A type as far as it can be used, and what of its folder does not count. */
export interface InspectedType {
  readonly type: AgentType | undefined;
  readonly problem?: AdrError | undefined;
}

/** The files of a folder that a type is made of. */
const FILES = ['agent.json', 'signs.json', 'Dockerfile', 'entrypoint.sh'];

/** Where a user's own agent types stand: one folder a type. */
export function findAgentTypesDirectory(env: Environment): string {
  return join(findConfigDirectory(env), 'agents');
}

/**
 * The agent types of a user. A folder is read again when a file of it has changed, so that whoever holds this value for
 * long (the monitor) sees what the user does to it.
 */
export function openAgentTypes(env: Environment): AgentTypes {
  const directory = findAgentTypesDirectory(env);
  const known = new Map<string, { readonly stamp: string; readonly type: AgentType | undefined }>();
  const broken = new Map<string, { readonly stamp: string; readonly error: unknown }>();

  const find = async (name: string): Promise<AgentType | undefined> => {
    const builtIn = (await loadBuiltIn()).find((type) => type.name === name);
    if (!builtIn && !isOwnName(name)) return undefined;
    const folder = join(directory, name);
    const stamp = await readStamps(folder, builtIn ? ['signs.json'] : FILES);
    if (stamp === undefined) return builtIn;
    const before = known.get(name);
    if (before?.stamp === stamp) return before.type;
    const { readFolder } = await loadFolderReader();
    const failed = broken.get(name);
    if (failed?.stamp === stamp) throw failed.error;
    try {
      const type = await readFolder(folder, name, builtIn);
      known.set(name, { stamp, type });
      return type;
    } catch (error) {
      // To find out that a pattern never ends takes a second: not at every look.
      broken.set(name, { stamp, error });
      throw error;
    }
  };

  const inspect = async (name: string): Promise<InspectedType> => {
    try {
      return { type: await find(name) };
    } catch (cause) {
      const problem =
        cause instanceof AdrError
          ? cause
          : new AdrError('CONFIG_INVALID', `cannot read ${join(directory, name)}`, { cause });
      const builtIn = (await loadBuiltIn()).find((type) => type.name === name);
      if (builtIn) return { type: builtIn, problem };
      const { readFolder } = await loadFolderReader();
      const signless = await readFolder(join(directory, name), name, undefined, false).catch(() => undefined);
      return { type: signless ?? known.get(name)?.type, problem };
    }
  };

  const findProblems: AgentTypes['findProblems'] = async (names) => {
    const problems = [...new Set(names)].map(async (name) => {
      const written = isOwnName(name) && (await readStamps(join(directory, name), FILES)) !== undefined;
      return written ? (await inspect(name)).problem : undefined;
    });
    return (await Promise.all(problems)).filter((problem) => problem !== undefined);
  };

  const findUsable = async (name: string): Promise<AgentType | undefined> => (await inspect(name)).type;

  const list: AgentTypes['list'] = async () => {
    const { checkFolderName, listFolders } = await loadFolderReader();
    const types: AgentType[] = [];
    const broken: BrokenAgentType[] = [];
    const findOrTell = async (name: string): Promise<AgentType | undefined> => {
      try {
        return await find(name);
      } catch (error) {
        if (!(error instanceof AdrError)) throw error;
        broken.push({ name, error });
        return undefined;
      }
    };
    // Of a built-in type only its signs can be broken.
    for (const type of await loadBuiltIn()) types.push((await findOrTell(type.name)) ?? type);
    for (const name of await listFolders(directory)) {
      const problem = checkFolderName(name, directory);
      if (problem) broken.push({ name, error: problem });
      const type = problem ? undefined : await findOrTell(name);
      if (type) types.push(type);
    }
    return { types, broken };
  };

  const listNames = async (): Promise<readonly string[]> => {
    const { checkFolderName, listFolders } = await loadFolderReader();
    const own = (await listFolders(directory)).filter((name) => !checkFolderName(name, directory));
    return [...(await loadBuiltIn()).map(({ name }) => name), ...own];
  };

  return { find, findUsable, inspect, findProblems, list, listNames };
}

/** Loaded only now: what the monitor has written is read without them. */
async function loadBuiltIn(): Promise<readonly AgentType[]> {
  return (await loadRegistry()).KNOWN_AGENT_TYPES;
}

/** `base` is the image that the others share. */
export function isOwnName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,39}$/.test(name) && name !== 'base';
}

const loadFolderReader = () => import('./read-agent-folder.ts');
const loadRegistry = () => import('../agents/registry.ts');

/** Loads what reads agent types; called ahead, they need no file of this program's any more. */
export async function loadAgentTypeReaders(): Promise<void> {
  await Promise.all([loadFolderReader(), loadRegistry()]);
}
