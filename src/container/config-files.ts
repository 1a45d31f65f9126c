import { join } from 'node:path';
import type { AgentType, ConfigSource } from '../agents/types.ts';
import { AdrError } from '../errors.ts';
import { describePath, readTextIfExists, resolveRealPath } from '../system/files.ts';
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

/** What the user gives in place of his own: a directory for the agent's, a file for `~/.claude.json`. */
export interface GivenConfig {
  readonly directory?: string | undefined;
  readonly file?: string | undefined;
}

interface CollectedSource {
  readonly files: readonly ConfigFile[];
  readonly texts: readonly (readonly [string, string])[];
  readonly warnings: readonly string[];
}

/** The one file that `--config-file` stands in for. */
const CONFIG_FILE = '.claude.json';
const LARGEST_DIRECTORY = 100_000_000;

/**
 * Reads the allow-listed configuration of an agent type from HOME: nothing else of it enters a container. Links are
 * followed only to places inside HOME, sockets and FIFOs are left out, sources over their size cap are left out
 * whole with a warning. A directory that is given is read whole. Throws CONFIG_INVALID: one is missing or too large;
 * USAGE: the agent has no such thing.
 */
export async function collectConfig(
  type: AgentType,
  home: string,
  given: GivenConfig = {},
): Promise<CollectedConfig> {
  const { configHome } = type;
  const replaced = (path: string) =>
    (given.directory !== undefined && path.startsWith(`${configHome}/`)) ||
    (given.file !== undefined && path === CONFIG_FILE);
  const sources = await Promise.all([
    ...type.config.filter(({ path }) => !replaced(path)).map((source) => collectSource(source, home)),
    ...(given.directory === undefined ? [] : [collectDirectory(given.directory, type)]),
    ...(given.file === undefined ? [] : [collectFile(given.file, type)]),
  ]);
  return {
    files: sources.flatMap(({ files }) => files),
    texts: new Map(sources.flatMap(({ texts }) => texts)),
    warnings: sources.flatMap(({ warnings }) => warnings),
  };
}

async function collectDirectory(directory: string, type: AgentType): Promise<CollectedSource> {
  const hint = `give the directory that stands for ~/${type.configHome}`;
  if (type.configHome === undefined) {
    throw new AdrError('USAGE', `${type.title} has no configuration directory to replace`, {
      hint: 'leave --config out',
    });
  }
  const { configHome } = type;
  const real = await resolveRealPath(directory);
  if (real === undefined) {
    throw new AdrError('CONFIG_INVALID', `config directory does not exist: "${directory}"`, { hint });
  }
  if ((await describePath(real)) !== 'directory') {
    throw new AdrError('CONFIG_INVALID', `config directory is not a directory: "${directory}"`, { hint });
  }
  const tree = await readTree(real, { within: real, maxBytes: LARGEST_DIRECTORY });
  if (tree.kind === 'too-large') {
    throw new AdrError('CONFIG_INVALID', `config directory is larger than 100 MB: "${directory}"`, {
      hint: 'copy what the agent needs into a smaller one; transcripts and caches can stay outside',
    });
  }
  const files = tree.files.map(({ path, ...rest }) => ({ path: join(configHome, path), ...rest }));
  const wanted = new Set(type.config.filter(({ kind }) => kind === 'file').map(({ path }) => path));
  return {
    files,
    texts: files
      .filter(({ path }) => wanted.has(path))
      .map(({ path, content }) => [path, content.toString('utf8')] as const),
    warnings: tree.skipped.map(
      (path) => `${join(directory, path)} leads out of it or is no plain file: left outside`,
    ),
  };
}

async function collectFile(file: string, type: AgentType): Promise<CollectedSource> {
  if (!type.config.some(({ path }) => path === CONFIG_FILE)) {
    throw new AdrError('USAGE', "--config-file is only supported for the 'claude' agent", {
      hint: 'for a whole directory: --config DIR',
    });
  }
  const text = await readTextIfExists(file);
  if (text === undefined) {
    throw new AdrError('CONFIG_INVALID', `config file does not exist: "${file}"`, {
      hint: 'Claude Code keeps this file at ~/.claude.json',
    });
  }
  return {
    files: [{ path: CONFIG_FILE, content: Buffer.from(text), executable: false }],
    texts: [[CONFIG_FILE, text]],
    warnings: [],
  };
}

async function collectSource(source: ConfigSource, home: string): Promise<CollectedSource> {
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
