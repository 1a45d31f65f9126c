import { join } from 'node:path';
import { listNames } from '../system/directories.ts';
import { readSlice } from '../system/files.ts';
import { describeEntry } from '../system/plain-files.ts';
import type { TreeRecord } from './record.ts';

/** Where the lines of work in a tree end, as its git directory says; what it says is a claim. */
export interface Tips {
  /** The branch that is checked out; undefined while none is. */
  readonly branch: string | undefined;
  /** The commit that is checked out; undefined when it cannot be told. */
  readonly head: string | undefined;
  /** By full name: `refs/heads/x`; stashes as `stash@{0}`. */
  readonly refs: ReadonlyMap<string, string>;
}

const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const LONGEST = 8 * 2 ** 20;
const MAX_DEPTH = 12;
const MAX_REFS = 5000;

/** Reads HEAD, branches and stashes of a clone's git directory as files: nothing of it is run or followed. */
export async function readCloneTips({ path }: Pick<TreeRecord, 'path'>): Promise<Tips> {
  const git = join(path, '.git');
  const refs = new Map(parsePackedRefs(await readText(join(git, 'packed-refs'))));
  if ((await describeEntry(join(git, 'refs'))) === 'directory')
    await readLoose(join(git, 'refs', 'heads'), 'refs/heads', refs);
  const stashes = parseStashes(await readText(join(git, 'logs', 'refs', 'stash')));
  stashes.forEach((hash, index) => {
    refs.set(`stash@{${index}}`, hash);
  });
  return { ...resolveHead(await readText(join(git, 'HEAD')), refs), refs };
}

/** What `HEAD` says: the branch, and the commit where one is known. */
export function resolveHead(
  text: string,
  refs: ReadonlyMap<string, string>,
): { readonly branch: string | undefined; readonly head: string | undefined } {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  const named = /^ref: (refs\/heads\/.+)$/.exec(line)?.[1];
  if (named !== undefined) return { branch: named.slice('refs/heads/'.length), head: refs.get(named) };
  return { branch: undefined, head: HASH.test(line) ? line : undefined };
}

/** The branches of a `packed-refs` file. */
export function parsePackedRefs(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
    const [hash = '', name = ''] = line.split(' ');
    return HASH.test(hash) && name.startsWith('refs/heads/') ? [[name, hash]] : [];
  });
}

/** The commits of a stash's log, the newest first. */
export function parseStashes(text: string): readonly string[] {
  const hashes = text.split('\n').flatMap((line) => {
    const hash = line.split(' ')[1] ?? '';
    return HASH.test(hash) ? [hash] : [];
  });
  return [...new Set(hashes)].reverse();
}

async function readLoose(
  directory: string,
  name: string,
  refs: Map<string, string>,
  depth = 0,
): Promise<void> {
  if (depth > MAX_DEPTH || (await describeEntry(directory)) !== 'directory') return;
  for (const entry of await listNames(directory)) {
    if (refs.size > MAX_REFS) return;
    const path = join(directory, entry);
    const kind = await describeEntry(path);
    if (kind === 'directory') await readLoose(path, `${name}/${entry}`, refs, depth + 1);
    const hash = kind === 'file' ? (await readText(path, 256)).trim() : '';
    if (HASH.test(hash)) refs.set(`${name}/${entry}`, hash);
  }
}

async function readText(path: string, limit = LONGEST): Promise<string> {
  return (await readSlice(path, 0, limit))?.toString('utf8') ?? '';
}
