import { delimiter, isAbsolute, join } from 'node:path';
import { isExecutable } from './files.ts';
import type { Environment } from './paths.ts';

/** The absolute path a shell would run for this program name; undefined when there is none. */
export async function findOnPath(name: string, env: Environment): Promise<string | undefined> {
  if (isAbsolute(name)) return (await isExecutable(name)) ? name : undefined;
  for (const directory of (env.PATH ?? '').split(delimiter)) {
    const path = join(directory || '.', name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}
