import { join } from 'node:path';
import type { AgentType, ConfigSource } from '../agents/types.ts';
import { AdrError } from '../errors.ts';
import { readTree } from '../system/read-tree.ts';

/** A file of the user's configuration as it goes into the container, relative to HOME. */
export interface ConfigFile {
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

export interface CollectedConfig {
  readonly files: readonly ConfigFile[];
  /** Text of the sources that are single files, as `LaunchRequest.config` wants it. */
  readonly texts: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/**
 * Reads the allow-listed configuration of an agent type from HOME: nothing else of it enters a container. Links are
 * followed only to places inside HOME, sockets and FIFOs are left out, sources over their size cap are left out
 * whole with a warning. Throws CONFIG_INVALID: a required one is missing.
 */
export async function collectConfig(type: AgentType, home: string): Promise<CollectedConfig> {
  const sources = await Promise.all(type.config.map((source) => collectSource(source, home)));
  return {
    files: sources.flatMap(({ files }) => files),
    texts: new Map(sources.flatMap(({ texts }) => texts)),
    warnings: sources.flatMap(({ warnings }) => warnings),
  };
}

async function collectSource(
  source: ConfigSource,
  home: string,
): Promise<{
  readonly files: readonly ConfigFile[];
  readonly texts: readonly (readonly [string, string])[];
  readonly warnings: readonly string[];
}> {
  const tree = await readTree(join(home, source.path), { within: home, maxBytes: source.maxBytes });
  const shown = `~/${source.path}`;
  if (tree.kind === 'too-large') {
    const warning = `${shown} is larger than ${Math.round(source.maxBytes / 1e6)} MB and stays outside the container`;
    return { files: [], texts: [], warnings: [warning] };
  }
  const files = tree.files.map(({ path, ...rest }) => ({ path: join(source.path, path), ...rest }));
  if (source.required && files.length === 0) {
    throw new AdrError('CONFIG_INVALID', `${shown} is missing`, {
      hint: 'the agent cannot start without it',
    });
  }
  const [only] = source.kind === 'file' ? files : [];
  return {
    files,
    texts: only ? [[source.path, only.content.toString('utf8')]] : [],
    warnings: tree.skipped.map(
      (path) => `${join(shown, path)} leads out of HOME or is no plain file: left outside`,
    ),
  };
}
