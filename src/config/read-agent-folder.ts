import { join } from 'node:path';
import { buildOwnType, overrideSigns } from '../agents/own/own-type.ts';
import { KNOWN_AGENT_TYPES } from '../agents/registry.ts';
import type { AgentType } from '../agents/types.ts';
import { AdrError } from '../errors.ts';
import { listNames } from '../system/directories.ts';
import { describePath, readTextIfExists } from '../system/files.ts';
import { isOwnName } from './agent-types.ts';
import { refuseSlowPatterns } from './refuse-slow-patterns.ts';

/**
 * The type that a folder defines, or the built-in one with the folder's signs; undefined: neither. `withSigns` false
 * leaves the folder's signs.json out. Throws CONFIG_INVALID with file, field and the valid choices.
 */
export async function readFolder(
  folder: string,
  name: string,
  builtIn: AgentType | undefined,
  withSigns = true,
): Promise<AgentType | undefined> {
  const read = (file: string) => readText(join(folder, file));
  const signs = withSigns ? await read('signs.json') : undefined;
  if (builtIn) {
    return signs === undefined
      ? builtIn
      : keepFast(overrideSigns(builtIn, signs, join(folder, 'signs.json')));
  }
  const [agent, dockerfile, entrypoint] = await Promise.all([
    read('agent.json'),
    read('Dockerfile'),
    read('entrypoint.sh'),
  ]);
  if (agent === undefined) return undefined;
  return keepFast(buildOwnType(name, { folder, agent, signs, dockerfile, entrypoint }, KNOWN_AGENT_TYPES));
}

function keepFast(type: AgentType): AgentType {
  refuseSlowPatterns(type);
  return type;
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

/** What is wrong with the name of a folder that holds an `agent.json`; undefined: nothing. */
export function checkFolderName(name: string, directory: string): AdrError | undefined {
  const file = join(directory, name, 'agent.json');
  if (KNOWN_AGENT_TYPES.some((type) => type.name === name)) {
    return new AdrError('CONFIG_INVALID', `${file}: "${name}" is a built-in agent type`, {
      hint: `give the folder another name; to change only how the screen of ${name} is read, keep signs.json there`,
    });
  }
  if (isOwnName(name)) return undefined;
  return new AdrError(
    'CONFIG_INVALID',
    `${file}: ${JSON.stringify(name)} cannot be the name of an agent type`,
    {
      hint: 'name the folder with small letters, digits and "-", starting with a letter, 40 at most, not "base"',
    },
  );
}
