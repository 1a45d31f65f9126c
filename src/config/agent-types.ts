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
  /** The same for who must go on: what cannot be read stays as it was when it last could. Never throws. */
  findUsable(name: string): Promise<AgentType | undefined>;
  /** All names, whether their folders are in order or not. */
  listNames(): Promise<readonly string[]>;
  /** All types, the built-in ones first, and what is wrong with the others. */
  list(): Promise<{ readonly types: readonly AgentType[]; readonly broken: readonly BrokenAgentType[] }>;
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

  const find = async (name: string): Promise<AgentType | undefined> => {
    const builtIn = (await loadBuiltIn()).find((type) => type.name === name);
    if (!builtIn && !isOwnName(name)) return undefined;
    const folder = join(directory, name);
    const stamp = await readStamps(folder, builtIn ? ['signs.json'] : FILES);
    if (stamp === undefined) return builtIn;
    const before = known.get(name);
    if (before?.stamp === stamp) return before.type;
    const { readFolder } = await import('./read-agent-folder.ts');
    const type = await readFolder(folder, name, builtIn);
    known.set(name, { stamp, type });
    return type;
  };

  const findUsable = async (name: string): Promise<AgentType | undefined> => {
    try {
      return await find(name);
    } catch {
      return known.get(name)?.type ?? (await loadBuiltIn()).find((type) => type.name === name);
    }
  };

  const list: AgentTypes['list'] = async () => {
    const { checkFolderName, listFolders } = await import('./read-agent-folder.ts');
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
    const { checkFolderName, listFolders } = await import('./read-agent-folder.ts');
    const own = (await listFolders(directory)).filter((name) => !checkFolderName(name, directory));
    return [...(await loadBuiltIn()).map(({ name }) => name), ...own];
  };

  return { find, findUsable, list, listNames };
}

/** Loaded only now: what the monitor has written is read without them. */
async function loadBuiltIn(): Promise<readonly AgentType[]> {
  return (await import('../agents/registry.ts')).KNOWN_AGENT_TYPES;
}

/** `base` is the image that the others share. */
export function isOwnName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,39}$/.test(name) && name !== 'base';
}
