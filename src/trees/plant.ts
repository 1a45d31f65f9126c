import { join } from 'node:path';
import { AdrError } from '../errors.ts';
import { makePrivateDirectory, readTextIfExists, resolveRealPath } from '../system/files.ts';
import { findWorkDirectory } from '../system/paths.ts';
import { copyPlainFile, removeForeignTree } from '../system/plain-files.ts';
import { describeGitFailure, type GitTools, needGit, runGit } from './git.ts';
import { makeOwnGit } from './own-git.ts';
import { removeTreeRecord, type TreeRecord, writeTreeRecord } from './record.ts';
import { removeAdmin, removeBranch } from './remove.ts';
import type { Repository } from './repository.ts';

/** Whose tree it is to be. */
export interface TreeWanted {
  readonly sessionId: string;
  readonly session: string;
  readonly agent: string;
  readonly kind: TreeRecord['kind'];
  /** ms since the epoch */
  readonly createdAt: number;
}

/** The branch of an agent. */
export function nameBranch(session: string, agent: string): string {
  return `adr/${session}/${agent}`;
}

/**
 * Makes the tree of an agent and its branch, or nothing at all, from the commit that is checked out. Throws
 * NAME_CONFLICT when there is a branch of that name (or one that is in its way), GIT_*, what the file system says.
 */
export async function plantTree(
  tools: GitTools,
  repository: Repository,
  wanted: TreeWanted,
): Promise<TreeRecord> {
  const branch = nameBranch(wanted.session, wanted.agent);
  const parent = join(findWorkDirectory(tools.env), wanted.sessionId);
  await makePrivateDirectory(parent);
  const { head, top, gitDirectory, objects, borrows, prefix, format } = repository;
  const record: TreeRecord = {
    ...{ v: 1, ...wanted, branch, base: head, format, prefix, repository: top, gitDirectory },
    objects: wanted.kind === 'clone' && !borrows ? [objects] : [],
    path: join((await resolveRealPath(parent)) ?? parent, wanted.agent),
  };
  await makeBranch(tools, record);
  try {
    // First: whoever is killed from here on leaves something that is known of.
    await writeTreeRecord(tools.env, record);
    return await fillTree(tools, record);
  } catch (error) {
    await removeForeignTree(record.path);
    await removeAdmin(tools, record);
    await removeBranch(tools, record).catch(() => undefined);
    await removeTreeRecord(tools.env, record);
    throw error;
  }
}

/** Makes the files of a tree again that are gone, from its branch as the original has it. Throws GIT_*. */
export async function regrowTree(tools: GitTools, record: TreeRecord): Promise<TreeRecord> {
  await removeAdmin(tools, record);
  const branch = await runGit(tools, { directory: record.repository }, [
    ...['rev-parse', '--verify', '--quiet', `refs/heads/${record.branch}`],
  ]);
  if (branch.exitCode !== 0) await makeBranch(tools, record);
  return fillTree(tools, record);
}

async function fillTree(tools: GitTools, record: TreeRecord): Promise<TreeRecord> {
  const made = record.kind === 'worktree' ? await addWorktree(tools, record) : await makeClone(tools, record);
  await writeTreeRecord(tools.env, made);
  await makeOwnGit(tools, made, join(made.adminDirectory ?? join(made.path, '.git'), 'index'));
  return made;
}

async function makeBranch(tools: GitTools, { repository, branch, base }: TreeRecord): Promise<void> {
  const args = ['branch', '--no-track', branch, base];
  const made = await runGit(tools, { directory: repository }, args);
  if (made.exitCode === 0) return;
  if (!/already exists|cannot lock ref/.test(made.stderr)) throw describeGitFailure(args, made.stderr);
  const inWay = /'refs\/heads\/(adr(?:\/[^/']+)?)' exists/.exec(made.stderr)?.[1] ?? branch;
  throw new AdrError('NAME_CONFLICT', `"${repository}" has a branch "${inWay}" already`, {
    hint: `see what is on it: git -C ${repository} log ${inWay}; merge or rename it, or give the agent another name`,
  });
}

async function addWorktree(tools: GitTools, record: TreeRecord): Promise<TreeRecord> {
  const args = ['worktree', 'add', '--quiet', record.path, record.branch];
  await needGit(tools, { directory: record.repository }, args);
  const pointer = (await readTextIfExists(join(record.path, '.git'))) ?? '';
  const adminDirectory = /^gitdir: (.+)$/m.exec(pointer)?.[1];
  if (adminDirectory === undefined) throw describeGitFailure(args, `no worktree at "${record.path}"`);
  return { ...record, adminDirectory: (await resolveRealPath(adminDirectory)) ?? adminDirectory };
}

/** Borrows the original's objects, and has a copy of all where that cannot be (the original borrows or is shallow). */
async function makeClone(tools: GitTools, record: TreeRecord): Promise<TreeRecord> {
  const { path, gitDirectory, repository, branch } = record;
  const start = (
    await needGit(tools, { directory: repository }, ['rev-parse', `refs/heads/${branch}`])
  ).trim();
  const share = record.objects.length > 0 ? ['--shared'] : ['--no-local'];
  const plain = ['-c', 'init.defaultRefFormat=files', '-c', 'protocol.file.allow=always'];
  await needGit(tools, { directory: repository }, [
    ...[...plain, 'clone', '--quiet', ...share, '--no-checkout', '--template=', '--origin', 'origin'],
    ...['--no-recurse-submodules', '--', gitDirectory, path],
  ]);
  const place = { directory: path };
  await needGit(tools, place, ['checkout', '--quiet', '--no-track', '-B', branch, start]);
  await copyPlainFile(join(gitDirectory, 'info', 'exclude'), join(path, '.git', 'info', 'exclude')).catch(
    () => false,
  );
  const shared = await readTextIfExists(join(path, '.git', 'objects', 'info', 'alternates'));
  return shared === undefined ? { ...record, objects: [] } : record;
}
