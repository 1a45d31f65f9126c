import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { AdrError } from '../errors.ts';
import { readSlice } from '../system/files.ts';

const MAX_BYTES = 64 * 1024;

/** A project's `.adr` as it was read, once: what is checked, shown and hashed is what is used. */
export interface ProjectFile {
  readonly path: string;
  readonly directory: string;
  readonly text: string;
  /** Hexadecimal, of the bytes. */
  readonly sha256: string;
}

/**
 * The nearest `.adr` from a canonical directory upwards. Whoever wrote the project wrote it: a link or a FIFO in its
 * place is passed over. Throws CONFIG_INVALID: larger than 64 KiB.
 */
export async function findProjectFile(start: string): Promise<ProjectFile | undefined> {
  for (let directory = start; ; directory = dirname(directory)) {
    const file = await readProjectFile(directory);
    if (file) return file;
    if (directory === dirname(directory)) return undefined;
  }
}

/** The `.adr` of that very directory. Throws CONFIG_INVALID: larger than 64 KiB. */
export async function readProjectFile(directory: string): Promise<ProjectFile | undefined> {
  const path = join(directory, '.adr');
  const bytes = await readSlice(path, 0, MAX_BYTES + 1).catch(() => undefined);
  if (bytes === undefined) return undefined;
  if (bytes.length > MAX_BYTES) {
    throw new AdrError('CONFIG_INVALID', `"${path}" is larger than ${MAX_BYTES / 1024} KiB`, {
      hint: 'a project file holds a few ADR_* lines; move it away if it is something else',
    });
  }
  return {
    path,
    directory,
    text: bytes.toString('utf8'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
