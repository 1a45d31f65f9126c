import { join } from 'node:path';
import { buildOwnType, overrideSigns } from '../agents/own/own-type.ts';
import { KNOWN_AGENT_TYPES } from '../agents/registry.ts';
import type { AgentType } from '../agents/types.ts';
import { AdrError } from '../errors.ts';
import { listNames } from '../system/directories.ts';
import { describePath, readTextIfExists } from '../system/files.ts';

/**
 * The type that a folder defines, or the built-in one with the folder's signs; undefined: neither. Throws
 * CONFIG_INVALID with file, field and the valid choices.
 */
export async function readFolder(
  folder: string,
  name: string,
  builtIn: AgentType | undefined,
): Promise<AgentType | undefined> {
  const read = (file: string) => readText(join(folder, file));
  const signs = await read('signs.json');
  if (builtIn) {
    return signs === undefined ? builtIn : overrideSigns(builtIn, signs, join(folder, 'signs.json'));
  }
  const [agent, dockerfile, entrypoint] = await Promise.all([
    read('agent.json'),
    read('Dockerfile'),
    read('entrypoint.sh'),
  ]);
  if (agent === undefined) return undefined;
  return buildOwnType(name, { folder, agent, signs, dockerfile, entrypoint }, KNOWN_AGENT_TYPES);
}

/** Names of the folders with an `agent.json`, sorted; none when the directory is missing. */
export async function listFolders(directory: string): Promise<readonly string[]> {
  const names = await listNames(directory);
  const kinds = await Promise.all(names.map((name) => describePath(join(directory, name, 'agent.json'))));
  return names.filter((_, index) => kinds[index] !== 'missing');
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readTextIfExists(path);
  } catch (cause) {
    throw new AdrError('CONFIG_INVALID', `cannot read ${path}`, {
      hint: 'check what it is and who may read it',
      cause,
    });
  }
}
