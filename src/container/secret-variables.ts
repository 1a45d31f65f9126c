import type { LaunchFile } from '../agents/types.ts';
import { CONTAINER_ASSETS, READ_ONLY_ASSETS } from './home-archive.ts';
import type { ContainerVariable } from './spec.ts';

/** Name of the file of variables among a run's assets. */
const FILE = 'env';

/**
 * The variables that may hold secrets as a file of shell text among the assets (0600, streamed in): the engine shows a
 * container's own environment to everyone who may ask it (`inspect`), what a process makes of it not.
 */
export function buildSecretsFile(variables: readonly ContainerVariable[]): readonly LaunchFile[] {
  if (variables.length === 0) return [];
  const lines = variables.map(({ name, value }) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  return [{ path: FILE, content: lines.join('') }];
}

/** The command line that exports them first; the agent then takes the shell's place. */
export function wrapWithSecrets(
  argv: readonly string[],
  variables: readonly ContainerVariable[],
  assetsAt: string,
): readonly string[] {
  if (variables.length === 0) return argv;
  return ['sh', '-c', '. "$0" && exec "$@"', `${assetsAt}/${FILE}`, ...argv];
}

/**
 * The same for a command that joins a run in its container, wherever the file is there; one that the agent removed is
 * done without. What is no program is the engine's to say (126, 127).
 */
export function wrapWithOwnSecrets(argv: readonly string[]): readonly string[] {
  const files = [CONTAINER_ASSETS, READ_ONLY_ASSETS].map((directory) => `${directory}/${FILE}`);
  const script = 'for f in "$0" "$1"; do [ ! -r "$f" ] || . "$f"; done; shift; exec "$@"';
  return ['sh', '-c', script, ...files, ...argv];
}
