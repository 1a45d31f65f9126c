import { join } from 'node:path';
import {
  renameAgent,
  type StartFile,
  writePlainStart,
  writeVariantStart,
} from '../../agents/own/start-files.ts';
import { KNOWN_AGENT_TYPES } from '../../agents/registry.ts';
import type { AgentType } from '../../agents/types.ts';
import type { AgentTypes } from '../../config/agent-types.ts';
import { checkFolderName } from '../../config/read-agent-folder.ts';
import { AdrError } from '../../errors.ts';
import { listNames } from '../../system/directories.ts';
import { readTextIfExists } from '../../system/files.ts';
import { writeNewFiles } from '../../system/new-files.ts';
import type { ImageStatus } from './images.ts';
import { describeUnknownType } from './prepare-run.ts';

/** One agent type as `adr agents` tells it. */
export interface AgentEntry {
  readonly name: string;
  readonly title: string;
  readonly origin: 'built-in' | 'own';
  /** The folder that defines it; null for a built-in one. */
  readonly folder: string | null;
  /** Without tag; null: it runs on the host only, or in no image of ours. */
  readonly image: string | null;
  /** Tags the image is built with; null when the engine does not answer. */
  readonly built: readonly string[] | null;
  /** Version of its npm package. */
  readonly version: string | null;
  readonly reporter: boolean;
  /** `changed`: by the user's `signs.json`. */
  readonly signs: 'built-in' | 'changed' | 'own' | 'none';
}

/** All agent types, given their images (undefined: the engine does not answer). */
export function describeAgents(
  types: readonly AgentType[],
  images: readonly ImageStatus[] | undefined,
): readonly AgentEntry[] {
  return types.map((type) => {
    const image = nameImage(type);
    const tags = images?.flatMap(({ image: name, built }) => (built && name === image ? [built.tag] : []));
    return {
      name: type.name,
      title: type.title,
      origin: type.own ? 'own' : 'built-in',
      folder: type.own?.folder ?? null,
      image: image ?? null,
      built: image === undefined ? [] : (tags ?? null),
      version: type.npm?.version ?? null,
      reporter: type.hasReporter,
      signs: describeSigns(type),
    };
  });
}

function nameImage({ name, runs, own, npm }: AgentType): string | undefined {
  if (runs === 'host-only') return undefined;
  if (own && !own.dockerfile) return own.imageOf && `coding-agent/${own.imageOf}`;
  return own || npm ? `coding-agent/${name}` : undefined;
}

function describeSigns({ name, signs, own }: AgentType): AgentEntry['signs'] {
  if (signs === undefined) return 'none';
  const builtIn = KNOWN_AGENT_TYPES.find((type) => (own ? type.signs === signs : type.name === name));
  if (builtIn?.signs === signs) return 'built-in';
  return own ? 'own' : 'changed';
}

/**
 * Makes the folder of a new agent type and gives its files; overwrites nothing. `from` is a type to start from. Throws
 * USAGE (the name), AGENT_TYPE_UNKNOWN, NAME_CONFLICT (the folder is there), CONFIG_INVALID.
 */
export async function initAgent(
  types: AgentTypes,
  directory: string,
  name: string,
  from: string | undefined,
): Promise<{ readonly folder: string; readonly files: readonly string[] }> {
  const problem = checkFolderName(name, directory);
  if (problem) {
    throw new AdrError('USAGE', `${JSON.stringify(name)} cannot be the name of a new agent type`, {
      hint: 'use small letters, digits and "-", starting with a letter; not "base", no built-in type',
    });
  }
  const folder = join(directory, name);
  const files = await chooseFiles(types, name, from);
  const there = await listNames(folder);
  if (there.length > 0 || !(await writeNewFiles(folder, files))) {
    throw new AdrError('NAME_CONFLICT', `"${folder}" is there already`, {
      hint: 'nothing was changed; choose another name, or see what it defines: adr agents',
    });
  }
  return { folder, files: files.map((file) => file.name) };
}

async function chooseFiles(
  types: AgentTypes,
  name: string,
  from: string | undefined,
): Promise<readonly StartFile[]> {
  if (from === undefined) return writePlainStart(name);
  const type = await types.find(from);
  if (!type) throw describeUnknownType(from, await types.listNames());
  if (type.own) return copyFiles(type.own.folder, name);
  if (type.runs === 'anywhere') return writeVariantStart(name, type);
  throw new AdrError('USAGE', `"${from}" is no type to start from`, {
    hint: 'one of pi, opencode, claude, codex, or one of your own',
  });
}

async function copyFiles(folder: string, name: string): Promise<readonly StartFile[]> {
  const names = ['agent.json', 'signs.json', 'Dockerfile', 'entrypoint.sh', 'README.md'];
  const files = await Promise.all(
    names.map(async (file): Promise<StartFile | undefined> => {
      const text = await readTextIfExists(join(folder, file));
      if (text === undefined) return undefined;
      return { name: file, content: file === 'agent.json' ? renameAgent(text, name) : text };
    }),
  );
  return files.filter((file) => file !== undefined);
}
