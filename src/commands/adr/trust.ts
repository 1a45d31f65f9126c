import { basename, dirname, join, resolve } from 'node:path';
import { type GuardedLine, listGuardedLines } from '../../config/guarded-lines.ts';
import { findProjectFile, type ProjectFile, readProjectFile } from '../../config/project-file.ts';
import { isTrusted, readTrustStore, revokeTrust } from '../../config/trust-store.ts';
import { AdrError } from '../../errors.ts';
import { resolveRealPath } from '../../system/files.ts';
import type { Environment } from '../../system/paths.ts';

/** A project file with what trust in it would cover. */
export interface InspectedProject {
  readonly file: ProjectFile;
  readonly lines: readonly GuardedLine[];
  readonly trusted: boolean;
}

/** The nearest `.adr` from a directory upwards, as a run there would find it. Throws USAGE (none), CONFIG_INVALID. */
export async function inspectProject(env: Environment, directory: string): Promise<InspectedProject> {
  const real = await resolveRealPath(toDirectory(directory));
  if (real === undefined) {
    throw new AdrError('USAGE', `directory "${directory}" does not exist`, { hint: 'adr trust DIR' });
  }
  const file = await findProjectFile(real);
  if (!file) {
    throw new AdrError('USAGE', `no .adr in "${real}" or above it`, {
      hint: 'make one: adr config set --project KEY=VALUE',
    });
  }
  return { file, lines: listGuardedLines(file), trusted: await isTrusted(env, file) };
}

/** Takes trust back from the nearest trusted or present `.adr`. Gives its path and whether it was trusted. Throws LOCKED. */
export async function revokeProject(
  env: Environment,
  directory: string,
): Promise<{ readonly path: string; readonly revoked: boolean }> {
  const lexical = resolve(toDirectory(directory));
  const start = (await resolveRealPath(lexical)) ?? lexical;
  const known = new Set((await readTrustStore(env)).map(({ path }) => path));
  let path = join(start, '.adr');
  for (let at = start; ; at = dirname(at)) {
    const candidate = join(at, '.adr');
    if (known.has(candidate) || (await readProjectFile(at))) {
      path = candidate;
      break;
    }
    if (at === dirname(at)) break;
  }
  return { path, revoked: await revokeTrust(env, path) };
}

/** A file that was trusted: `changed` and `missing` ones count no more. */
export interface TrustedFile {
  readonly path: string;
  readonly state: 'trusted' | 'changed' | 'missing';
  /** RFC 3339. */
  readonly since: string;
}

/** Every file that was trusted, and whether its content still is what was trusted. */
export async function listTrusted(env: Environment): Promise<readonly TrustedFile[]> {
  const entries = await readTrustStore(env);
  return Promise.all(
    entries.map(async ({ path, sha256, since }): Promise<TrustedFile> => {
      const file = await readProjectFile(dirname(path)).catch(() => 'too large' as const);
      if (file === undefined) return { path, state: 'missing', since };
      return { path, state: file !== 'too large' && file.sha256 === sha256 ? 'trusted' : 'changed', since };
    }),
  );
}

function toDirectory(path: string): string {
  return basename(path) === '.adr' ? dirname(path) : path;
}
