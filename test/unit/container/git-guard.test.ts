import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findGitGuard } from '../../../src/container/git-guard.ts';
import { makeScratch } from '../../support/program.ts';

let scratch: ReturnType<typeof makeScratch>;
let workspace: string;

beforeEach(() => {
  scratch = makeScratch('git-guard');
  workspace = join(scratch.path, 'work');
  mkdirSync(workspace);
});
afterEach(() => scratch.remove());

/** Files by path, directories by a path that ends with a slash; what is no text of a file is empty. */
function make(...paths: readonly (string | readonly [path: string, text: string])[]): void {
  for (const entry of paths) {
    const [path, text] = typeof entry === 'string' ? [entry, ''] : entry;
    const full = join(workspace, path);
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(full, text);
  }
}

const repository = (at: string) => [`${at}HEAD`, `${at}config`, `${at}hooks/`, `${at}objects/`, `${at}refs/`];

/** What is mounted, read-only ones with a `ro`, in order: the engine mounts parents before what lies in them. */
async function readMounts(): Promise<readonly string[]> {
  const { mounts } = await findGitGuard(workspace);
  for (const { source, target } of mounts) expect(source.replace(workspace, '/workspace')).toBe(target);
  return mounts.map(
    ({ target, readOnly }) => `${target.slice('/workspace/'.length)}${readOnly ? ' ro' : ''}`,
  );
}

test('a repository: its configuration and hooks, and nothing of it can be renamed away', async () => {
  make(...repository('.git/'));
  expect(await readMounts()).toEqual(['.git', '.git/config ro', '.git/hooks ro']);
  expect(await findGitGuard(workspace)).toMatchObject({ missing: [], gitDirectory: join(workspace, '.git') });
});

test('what is missing is made, or the agent would make it', async () => {
  make('.git/HEAD');
  expect((await findGitGuard(workspace)).missing).toEqual([
    { path: join(workspace, '.git/config'), kind: 'file' },
    { path: join(workspace, '.git/hooks'), kind: 'directory' },
  ]);
});

test.each(['worktreeConfig = true', 'worktreeconfig', 'WorktreeConfig=yes', 'worktreeConfig = 1'])(
  'with "%s" a second configuration counts, there or not',
  async (line) => {
    make(...repository('.git/'), ['.git/config', `[extensions]\n\t${line}\n`]);
    expect(await readMounts()).toContain('.git/config.worktree ro');
    expect((await findGitGuard(workspace)).missing).toEqual([
      { path: join(workspace, '.git/config.worktree'), kind: 'file' },
    ]);
  },
);

test('without it, only where it stands already', async () => {
  make(...repository('.git/'), ['.git/config', '[extensions]\n\tworktreeConfig = false\n']);
  expect(await readMounts()).not.toContain('.git/config.worktree ro');
  make('.git/config.worktree');
  expect(await readMounts()).toContain('.git/config.worktree ro');
});

test('submodules, whose names may hold slashes, with every directory above them', async () => {
  make(...repository('.git/'), ...repository('.git/modules/libs/a/'), ...repository('.git/modules/b/'));
  expect(await readMounts()).toEqual([
    ...['.git', '.git/modules', '.git/modules/b', '.git/modules/libs', '.git/modules/libs/a'],
    ...['.git/config ro', '.git/hooks ro', '.git/modules/b/config ro', '.git/modules/b/hooks ro'],
    ...['.git/modules/libs/a/config ro', '.git/modules/libs/a/hooks ro'],
  ]);
});

test('linked worktrees name where git looks', async () => {
  make(...repository('.git/'), '.git/worktrees/other/gitdir');
  expect(await readMounts()).toEqual([
    ...['.git', '.git/worktrees', '.git/config ro', '.git/hooks ro', '.git/worktrees/other ro'],
  ]);
});

test('a bare repository is its own git directory; its root is the workspace', async () => {
  make(...repository(''));
  expect(await readMounts()).toEqual(['config ro', 'hooks ro']);
});

test('a .git file that leads out, nowhere, or into the workspace', async () => {
  const outside = join(scratch.path, 'elsewhere');
  mkdirSync(outside);
  for (const [text, where] of [
    [`gitdir: ${outside}\n`, outside],
    ['gitdir: ../nowhere\n', '../nowhere'],
    ['rubbish', 'nowhere'],
  ] as const) {
    make(['.git', text]);
    const { mounts, warnings, gitDirectory } = await findGitGuard(workspace);
    expect([mounts.map(({ readOnly }) => readOnly), gitDirectory]).toEqual([[true], undefined]);
    expect(warnings.join()).toContain(`elsewhere (${where})`);
  }
  make(['.git', 'gitdir: real\n'], ...repository('real/'));
  expect(await readMounts()).toEqual(['.git ro', 'real', 'real/config ro', 'real/hooks ro']);
});

test.each([
  ['.git', () => renameSync(join(workspace, '.git'), join(workspace, 'real'))],
  ['.git/hooks', () => rmSync(join(workspace, '.git/hooks'), { recursive: true })],
  ['.git/config', () => rmSync(join(workspace, '.git/config'))],
  ['.git/modules', () => renameSync(join(workspace, '.git/modules'), join(workspace, 'real'))],
  ['.git/worktrees/w', () => rmSync(join(workspace, '.git/worktrees/w'), { recursive: true })],
])('a link in place of %s is refused, naming the flag', async (path, move) => {
  make(...repository('.git/'), ...repository('.git/modules/m/'), '.git/worktrees/w/gitdir', 'real2/');
  move();
  symlinkSync(path === '.git' ? 'real' : join(workspace, 'real'), join(workspace, path));
  await expect(findGitGuard(workspace)).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining(`${path}" is a symbolic link`),
    hint: expect.stringContaining('--no-protect-git'),
  });
});

test('no repository, and what only looks like one', async () => {
  const nothing = { mounts: [], missing: [], gitDirectory: undefined, warnings: [] };
  expect(await findGitGuard(workspace)).toEqual(nothing);
  make('HEAD', 'objects/');
  expect(await findGitGuard(workspace)).toEqual(nothing);
});

test('a submodule deeper than anyone nests them ends the search', async () => {
  make(...repository('.git/'), ...repository(`.git/modules/${'d/'.repeat(30)}`));
  expect((await readMounts()).length).toBe(3);
});

test('what git itself makes is understood', async () => {
  execFileSync('git', ['init', '--quiet', workspace]);
  expect(await readMounts()).toEqual(['.git', '.git/config ro', '.git/hooks ro']);
});
