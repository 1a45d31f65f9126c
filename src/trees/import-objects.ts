import { join } from 'node:path';
import { AdrError } from '../errors.ts';
import { listNames } from '../system/directories.ts';
import { removeTree } from '../system/files.ts';
import { makeEmpty } from '../system/links.ts';
import { copyPlainFile, describeEntry, withPlainDirectory } from '../system/plain-files.ts';
import { type GitTools, runGit } from './git.ts';
import { findOwnGit, type TreeRecord } from './record.ts';

const OBJECTS = ['.git', 'objects'];
const LOOSE = /^[0-9a-f]{38}(?:[0-9a-f]{24})?$/;
const PACK = /^pack-[0-9a-f]{40}(?:[0-9a-f]{24})?\.pack$/;

/**
 * Copies the objects that an agent made in its clone into the git directory of ours: plain files alone, so that neither a
 * link nor `info/alternates` leads to what the agent must not hand on. What git then computes of a pack is its own work.
 * A worktree's objects are in the original already. Throws REFUSED when the clone's git directory was replaced.
 */
export async function importObjects(tools: GitTools, record: TreeRecord): Promise<void> {
  if (record.kind === 'worktree') return;
  const source = join(record.path, ...OBJECTS);
  for (const path of [record.path, join(record.path, '.git'), source]) {
    const kind = await describeEntry(path);
    if (kind !== 'directory') throw describeReplaced(path, kind);
  }
  const target = join(findOwnGit(tools.env, record), 'objects');
  const shards = await withPlainDirectory(record.path, OBJECTS, listNames);
  for (const shard of shards ?? []) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue;
    const into = join(target, shard);
    await withPlainDirectory(record.path, [...OBJECTS, shard], (from) => copyFresh(from, into, LOOSE));
  }
  const packs = join(target, 'pack');
  const fresh = await withPlainDirectory(record.path, [...OBJECTS, 'pack'], (from) =>
    copyFresh(from, packs, PACK),
  );
  for (const name of fresh ?? []) {
    const path = join(packs, name);
    const own = { gitDirectory: findOwnGit(tools.env, record) };
    if ((await runGit(tools, own, ['index-pack', path])).exitCode !== 0) await removeTree(path);
  }
}

/** Copies the files of a form that are not there yet, and gives their names. */
async function copyFresh(source: string, target: string, form: RegExp): Promise<readonly string[]> {
  const known = new Set(await listNames(target));
  const fresh = (await listNames(source)).filter((name) => form.test(name) && !known.has(name));
  if (fresh.length === 0) return [];
  await makeEmpty(target, 'directory');
  const copied: string[] = [];
  for (const name of fresh)
    if (await copyPlainFile(join(source, name), join(target, name))) copied.push(name);
  return copied;
}

function describeReplaced(path: string, kind: string): AdrError {
  const found =
    kind === 'missing' ? 'is not there any more' : `is ${kind === 'other' ? 'neither' : `a ${kind}`}`;
  return new AdrError('REFUSED', `"${path}" ${found}, where a directory of git should be: it is not read`, {
    hint: 'the agent replaced it: look at the tree by hand, with care; drop it: adr-tmux discard --yes',
  });
}
