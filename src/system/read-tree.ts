import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface TreeFile {
  /** Relative to the root that was read; empty when the root is itself a file. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

export type Tree =
  | {
      readonly kind: 'read';
      readonly files: readonly TreeFile[];
      /** Links that lead out, dangling ones, sockets, FIFOs, unreadable files. */
      readonly skipped: readonly string[];
    }
  | { readonly kind: 'too-large' };

interface TreeLimits {
  /** Links are followed only to places inside this directory. */
  readonly within: string;
  readonly maxBytes: number;
}

const MAX_DEPTH = 32;
const MAX_FILES = 10_000;

/** Reads a file or a whole directory into memory, links replaced by what they lead to. Missing: no files. */
export async function readTree(root: string, limits: TreeLimits): Promise<Tree> {
  const within = await realpath(limits.within).catch(() => limits.within);
  const files: TreeFile[] = [];
  const skipped: string[] = [];
  const walk = { root, within, maxBytes: limits.maxBytes, files, skipped, bytes: 0 };
  const fits = await visit(walk, root, []);
  return fits ? { kind: 'read', files, skipped } : { kind: 'too-large' };
}

interface Walk {
  readonly root: string;
  readonly within: string;
  readonly maxBytes: number;
  readonly files: TreeFile[];
  readonly skipped: string[];
  bytes: number;
}

/** False: over the limit. `above` holds the real directories on the way here, against cycles of links. */
async function visit(walk: Walk, path: string, above: readonly string[]): Promise<boolean> {
  const shown = relative(walk.root, path);
  const skip = () => {
    walk.skipped.push(shown);
    return true;
  };
  let real: string;
  try {
    real = await realpath(path);
  } catch {
    // The root may well be missing; inside a tree it is a dangling link.
    return shown === '' ? true : skip();
  }
  const found = await stat(real);
  if (real !== walk.within && !real.startsWith(`${walk.within}/`)) return skip();
  if (found.isDirectory()) {
    if (above.includes(real) || above.length >= MAX_DEPTH) return skip();
    for (const name of (await readdir(real).catch(() => [])).sort()) {
      if (!(await visit(walk, join(path, name), [...above, real]))) return false;
    }
    return true;
  }
  if (!found.isFile()) return skip();
  walk.bytes += found.size;
  if (walk.bytes > walk.maxBytes || walk.files.length >= MAX_FILES) return false;
  const content = await readPlain(real, found.size).catch(() => undefined);
  if (!content) return skip();
  walk.files.push({ path: shown, content, executable: (found.mode & 0o111) !== 0 });
  return true;
}

async function readPlain(path: string, size: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await file.read(buffer, 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
