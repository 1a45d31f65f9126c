import { join } from 'node:path';
import { withFileLock } from '../system/file-lock.ts';
import { makePrivateDirectory, readTextIfExists, writePrivateFile } from '../system/files.ts';
import { type Environment, findStateDirectory } from '../system/paths.ts';

/** One project file whose exact content the user trusts. */
export interface TrustEntry {
  /** Canonical path of the file. */
  readonly path: string;
  /** Hexadecimal, of the trusted content. */
  readonly sha256: string;
  /** RFC 3339. */
  readonly since: string;
}

/** Every trusted project file, in the order in which they were trusted. What cannot be read trusts nothing. */
export async function readTrustStore(env: Environment): Promise<readonly TrustEntry[]> {
  const text = await readTextIfExists(findStore(env)).catch(() => undefined);
  return text === undefined ? [] : parseStore(text);
}

/** Whether this very content at this very path is trusted. */
export async function isTrusted(
  env: Environment,
  file: { readonly path: string; readonly sha256: string },
): Promise<boolean> {
  const entries = await readTrustStore(env);
  return entries.some(({ path, sha256 }) => path === file.path && sha256 === file.sha256);
}

/** Trusts this content at this path, in place of any other there. Throws LOCKED. */
export async function storeTrust(
  env: Environment,
  file: { readonly path: string; readonly sha256: string },
): Promise<void> {
  const { path, sha256 } = file;
  await changeStore(env, (entries) => [
    ...entries.filter((entry) => entry.path !== path),
    { path, sha256, since: new Date().toISOString() },
  ]);
}

/** Takes trust back; false when there was none. Throws LOCKED. */
export async function revokeTrust(env: Environment, path: string): Promise<boolean> {
  let found = false;
  await changeStore(env, (entries) => {
    found = entries.some((entry) => entry.path === path);
    return entries.filter((entry) => entry.path !== path);
  });
  return found;
}

async function changeStore(
  env: Environment,
  change: (entries: readonly TrustEntry[]) => readonly TrustEntry[],
): Promise<void> {
  await makePrivateDirectory(findStateDirectory(env));
  await withFileLock(`${findStore(env)}.lock`, async () => {
    const files = change(await readTrustStore(env));
    await writePrivateFile(findStore(env), `${JSON.stringify({ v: 1, files }, null, 2)}\n`);
  });
}

function findStore(env: Environment): string {
  return join(findStateDirectory(env), 'trust.json');
}

function parseStore(text: string): readonly TrustEntry[] {
  try {
    const body = JSON.parse(text) as { readonly v?: unknown; readonly files?: unknown } | null;
    return body?.v === 1 && Array.isArray(body.files) ? body.files.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is TrustEntry {
  const entry = value as Partial<Record<keyof TrustEntry, unknown>> | null;
  return (
    typeof entry?.path === 'string' &&
    typeof entry.since === 'string' &&
    typeof entry.sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(entry.sha256)
  );
}
