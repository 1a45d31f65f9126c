import { dirname, join, relative, resolve } from 'node:path';
import { AdrError } from '../errors.ts';
import { listNames } from '../system/directories.ts';
import { describePath, readTextIfExists, resolveRealPath } from '../system/files.ts';
import { isLink } from '../system/links.ts';
import type { BindMount } from './spec.ts';

/**
 * What keeps a confined agent from changing what git runs on the host: its configuration (`core.fsmonitor`,
 * `core.sshCommand`, filters, aliases...) and its hooks. Each protected path is a mount of its own, because only a
 * mount point cannot be renamed away, and so is every directory above it inside the workspace.
 */
export interface GitGuard {
  readonly mounts: readonly BindMount[];
  /** Paths on the host that must be there to be mounted; empty ones are made before the run. */
  readonly missing: readonly { readonly path: string; readonly kind: 'file' | 'directory' }[];
  /** The workspace's repository on the host, when the agent can write to it. */
  readonly gitDirectory: string | undefined;
  readonly warnings: readonly string[];
}

const TARGET = '/workspace';
const MAX_DEPTH = 8;
const NOTHING: GitGuard = { mounts: [], missing: [], gitDirectory: undefined, warnings: [] };

/**
 * Finds what has to be protected in a workspace: its `.git` (a directory, or the file of a worktree), a bare
 * repository, the submodules' and linked worktrees' own parts. Throws REFUSED where a symbolic link stands in place of
 * one of them, because what a link names can be mounted, the link itself cannot.
 */
export async function findGitGuard(workspace: string): Promise<GitGuard> {
  const top = join(workspace, '.git');
  await refuseLink(top);
  const kind = await describePath(top);
  if (kind === 'directory') return guardRepository(workspace, top);
  if (kind === 'file') return guardPointer(workspace, top);
  return (await isBare(workspace)) ? guardRepository(workspace, workspace) : NOTHING;
}

/** A `.git` file names the repository: the agent could let it name another one. */
async function guardPointer(workspace: string, top: string): Promise<GitGuard> {
  const pointer: BindMount = { source: top, target: `${TARGET}/.git`, readOnly: true };
  const named = /^gitdir: (.+)$/m.exec((await readTextIfExists(top)) ?? '')?.[1];
  const real = named === undefined ? undefined : await resolveRealPath(resolve(workspace, named.trim()));
  if (real?.startsWith(`${workspace}/`)) {
    const inner = await guardRepository(workspace, real);
    return { ...inner, mounts: [pointer, ...inner.mounts] };
  }
  const warning = `git does not work inside: the workspace's repository is elsewhere (${real ?? named ?? 'nowhere'}) and stays outside`;
  return { ...NOTHING, mounts: [pointer], warnings: [warning] };
}

async function guardRepository(workspace: string, gitDirectory: string): Promise<GitGuard> {
  const { kept, readOnly, missing } = await findParts(gitDirectory);
  const parents = new Set<string>();
  for (const path of [gitDirectory, ...kept, ...readOnly]) {
    const isPart = readOnly.includes(path);
    for (let at = isPart ? dirname(path) : path; at !== workspace; at = dirname(at)) parents.add(at);
  }
  for (const path of [...parents, ...readOnly]) await refuseLink(path);
  const mount = (source: string, isReadOnly: boolean): BindMount => ({
    source,
    target: join(TARGET, relative(workspace, source)),
    readOnly: isReadOnly,
  });
  return {
    mounts: [
      ...[...parents].sort().map((path) => mount(path, false)),
      ...readOnly.map((path) => mount(path, true)),
    ],
    missing,
    gitDirectory,
    warnings: [],
  };
}

interface GitParts {
  /** Directories that must stay where they are. */
  readonly kept: readonly string[];
  readonly readOnly: readonly string[];
  readonly missing: GitGuard['missing'];
}

/** The parts of a git directory that decide what git runs; submodules' git directories lie inside it. */
async function findParts(gitDirectory: string, depth = 0): Promise<GitParts> {
  const config = join(gitDirectory, 'config');
  const hooks = join(gitDirectory, 'hooks');
  const worktree = join(gitDirectory, 'config.worktree');
  const extended = /^\s*worktreeConfig\s*(?:=\s*(?:true|yes|on|1)\s*)?$/im.test(
    (await readTextIfExists(config)) ?? '',
  );
  const candidates = [
    { path: config, kind: 'file' },
    { path: hooks, kind: 'directory' },
    ...(extended || (await describePath(worktree)) === 'file'
      ? [{ path: worktree, kind: 'file' } as const]
      : []),
  ] as const;
  const missing: { readonly path: string; readonly kind: 'file' | 'directory' }[] = [];
  for (const part of candidates) if ((await describePath(part.path)) === 'missing') missing.push(part);
  const worktrees = join(gitDirectory, 'worktrees');
  const linked = (await listNames(worktrees)).map((name) => join(worktrees, name));
  const modules = await findModules(join(gitDirectory, 'modules'), depth);
  return {
    kept: [gitDirectory, ...(linked.length > 0 ? [worktrees] : []), ...modules.flatMap(({ kept }) => kept)],
    readOnly: [
      ...candidates.map(({ path }) => path),
      ...linked,
      ...modules.flatMap(({ readOnly }) => readOnly),
    ],
    missing: [...missing, ...modules.flatMap((module) => module.missing)],
  };
}

/** A submodule's name may hold slashes, so its git directory may lie some levels down. */
async function findModules(directory: string, depth: number): Promise<readonly GitParts[]> {
  if (depth > MAX_DEPTH || (await describePath(directory)) !== 'directory') return [];
  const found: GitParts[] = [];
  for (const name of await listNames(directory)) {
    const path = join(directory, name);
    if ((await describePath(path)) !== 'directory') continue;
    if (await isBare(path)) found.push(await findParts(path, depth + 1));
    else found.push(...(await findModules(path, depth + 1)));
  }
  return found;
}

/** Whether a directory is laid out as a git directory. */
async function isBare(path: string): Promise<boolean> {
  const kinds = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => describePath(join(path, name))));
  return kinds.join(' ') === 'file directory directory';
}

async function refuseLink(path: string): Promise<void> {
  if (!(await isLink(path))) return;
  throw new AdrError(
    'REFUSED',
    `"${path}" is a symbolic link: the agent could put another one in its place`,
    {
      hint: 'to run without protection of what git executes on this host: --no-protect-git',
    },
  );
}
