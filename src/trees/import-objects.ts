import { join } from 'node:path';
import { AdrError } from '../errors.ts';
import { listNames } from '../system/directories.ts';
import { removeTree } from '../system/files.ts';
import { makeEmpty } from '../system/links.ts';
import { copyPlainFile, describeEntry } from '../system/plain-files.ts';
import { type GitTools, runGit } from './git.ts';
import { findOwnGit, type TreeRecord } from './record.ts';

const LOOSE = /^[0-9a-f]{38}(?:[0-9a-f]{24})?$/;
const PACK = /^pack-[0-9a-f]{40}(?:[0-9a-f]{24})?\.pack$/;

/**
 * Copies the objects that an agent made in its clone into the git directory of ours: plain files alone, so that neither a
 * link nor `info/alternates` leads to what the agent must not hand on. What git then computes of a pack is its own work.
 * A worktree's objects are in the original already. Throws REFUSED when the clone's git directory was replaced.
 */
export async function importObjects(tools: GitTools, record: TreeRecord): Promise<void> {
  if (record.kind === 'worktree') return;
  const source = join(record.path, '.git', 'objects');
  for (const path of [record.path, join(record.path, '.git'), source]) {
    const kind = await describeEntry(path);
    if (kind !== 'directory') throw describeReplaced(path, kind);
  }
  const target = join(findOwnGit(tools.env, record), 'objects');
  await importLoose(source, target);
  await importPacks(tools, record, join(source, 'pack'), join(target, 'pack'));
}

async function importLoose(source: string, target: string): Promise<void> {
  const shards = (await listNames(source)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  for (const shard of shards) {
    if ((await describeEntry(join(source, shard))) !== 'directory') continue;
    const known = new Set(await listNames(join(target, shard)));
    const fresh = (await listNames(join(source, shard))).filter(
      (name) => LOOSE.test(name) && !known.has(name),
    );
    if (fresh.length === 0) continue;
    await makeEmpty(join(target, shard), 'directory');
    for (const name of fresh) await copyPlainFile(join(source, shard, name), join(target, shard, name));
  }
}

async function importPacks(
  tools: GitTools,
  record: TreeRecord,
  source: string,
  target: string,
): Promise<void> {
  if ((await describeEntry(source)) !== 'directory') return;
  const known = new Set(await listNames(target));
  const fresh = (await listNames(source)).filter((name) => PACK.test(name) && !known.has(name));
  if (fresh.length === 0) return;
  await makeEmpty(target, 'directory');
  for (const name of fresh) {
    const path = join(target, name);
    if (!(await copyPlainFile(join(source, name), path))) continue;
    const own = { gitDirectory: findOwnGit(tools.env, record) };
    if ((await runGit(tools, own, ['index-pack', path])).exitCode !== 0) await removeTree(path);
  }
}

function describeReplaced(path: string, kind: string): AdrError {
  const found =
    kind === 'missing' ? 'is not there any more' : `is ${kind === 'other' ? 'neither' : `a ${kind}`}`;
  return new AdrError('REFUSED', `"${path}" ${found}, where a directory of git should be: it is not read`, {
    hint: 'the agent replaced it: look at the tree by hand, with care; drop it: adr-tmux discard --yes',
  });
}
