import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildFakeImage, listContainers, User } from './support.ts';

let user: User;

beforeAll(buildFakeImage);
beforeEach(async () => {
  user = await User.create();
});
afterEach(async () => {
  expect(await listContainers(user.workspace)).toEqual([]);
  await user.remove();
});

async function git(...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=me', '-c', 'user.email=me@example.org'];
  return (await execa('git', [...identity, ...args], { cwd: user.workspace, env: user.env })).stdout;
}

/** A repository whose remote `origin` (mounted at /remote) has a branch `y`. */
async function makeRepository(): Promise<void> {
  const remote = join(user.root, 'remote');
  await execa('git', ['init', '--quiet', '--bare', remote]);
  await git('init', '--quiet');
  await git('commit', '--quiet', '--allow-empty', '-m', 'first');
  await git('push', '--quiet', remote, 'HEAD:refs/heads/y');
  await git('remote', 'add', 'origin', '/remote');
  await git('fetch', '--quiet', remote, '+refs/heads/*:refs/remotes/origin/*');
}

function attempt(commands: readonly string[]): string {
  return commands.map((command) => `(${command}) >/dev/null 2>&1 && echo 'done: ${command}'`).join('; ');
}

const ATTACKS = [
  'echo x >> .git/config',
  'git config core.fsmonitor /workspace/evil',
  'mv .git .git2',
  'rm -rf .git; test ! -e .git',
  'mv .git/config .git/c2',
  'rm .git/config',
  'echo x > .git/hooks/post-checkout',
  'mv .git/hooks .git/h2',
  'rmdir .git/hooks',
  'ln -sfn /workspace/evil .git/hooks/post-commit',
  'echo ADR_IMAGE=x > .adr',
  'mv .adr .adr2',
];

test('what git runs on the host cannot be written from inside', async () => {
  await makeRepository();
  await writeFile(join(user.workspace, '.adr'), 'ADR_MODEL=x\n');
  const config = await readFile(join(user.workspace, '.git', 'config'), 'utf8');
  const { stdout, exitCode } = await user.startAgent(`${attempt(ATTACKS)}; exit 0`);
  expect([stdout, exitCode]).toEqual(['', 0]);
  expect(await readFile(join(user.workspace, '.git', 'config'), 'utf8')).toBe(config);
});

test('a commit, a branch that tracks, and push -u work', async () => {
  await makeRepository();
  const script = [
    'echo a > a && git add a && git commit --quiet -m second',
    'git checkout --quiet -b x origin/y',
    'git push --quiet -u origin x',
    'git fetch --quiet && git log --format=%s origin/x',
  ].join(' && ');
  const { stdout, exitCode } = await user.startAgent(script, [
    ...['-m', `${join(user.root, 'remote')}:/remote:rw`],
    ...['-e', 'GIT_AUTHOR_NAME=a', '-e', 'GIT_AUTHOR_EMAIL=a@b'],
    ...['-e', 'GIT_COMMITTER_NAME=a', '-e', 'GIT_COMMITTER_EMAIL=a@b'],
  ]);
  expect([stdout, exitCode]).toEqual(['first', 0]);
  expect(await git('branch', '--show-current')).toBe('x');
  expect(await git('log', '--all', '--format=%s')).toContain('second');
});

test('with --no-protect-git they can', async () => {
  await makeRepository();
  const { stdout } = await user.startAgent(
    `${attempt(['git config a.b c', 'echo > .git/hooks/x'])}; exit 0`,
    ['--no-protect-git'],
  );
  expect(stdout).toBe('done: git config a.b c\ndone: echo > .git/hooks/x');
});

test("submodules' configuration and hooks as well, while commits in them work", async () => {
  await makeRepository();
  const remote = join(user.root, 'remote');
  await git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '-b', 'y', remote, 'libs/sub');
  const attacks = [
    'git -C libs/sub config a.b c',
    'mv .git/modules .git/m2',
    'mv .git/modules/libs .git/modules/l2',
    'mv .git/modules/libs/sub .git/modules/libs/s2',
    'echo > .git/modules/libs/sub/hooks/x',
  ];
  const commit =
    'cd libs/sub && git -c safe.directory="*" -c user.name=a -c user.email=a@b commit --quiet --allow-empty -m x';
  const { stdout, stderr, exitCode } = await user.startAgent(`${attempt(attacks)}; ${commit}`, [
    ...['-e', 'GIT_CONFIG_VALUE_0=*'],
  ]);
  expect([stdout, stderr, exitCode]).toEqual(['', '', 0]);
});

test('a worktree: its .git file stands, and adr says that git does not work inside', async () => {
  await makeRepository();
  const main = join(user.root, 'main');
  await rename(user.workspace, main);
  await execa('git', ['-C', main, 'worktree', 'add', '--quiet', user.workspace]);
  const attacks = ['rm .git', 'echo > .git', 'mv .git g'];
  const { stdout, stderr } = await user.startAgent(`${attempt(attacks)}; exit 0`);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^warning: git does not work inside: .*\/main\/\.git\/worktrees\/workspace/);
});

test('a bare repository as the workspace', async () => {
  await execa('git', ['init', '--quiet', '--bare', user.workspace]);
  const { stdout } = await user.startAgent(
    `${attempt(['echo >> config', 'echo > hooks/x', 'mv hooks h'])}; exit 0`,
  );
  expect(stdout).toBe('');
});

test('a repository without hooks, and no repository', async () => {
  expect((await user.startAgent('ls -a')).stdout).toBe('.\n..');
  await git('init', '--quiet', '--template=');
  const { stdout, exitCode } = await user.startAgent(
    `${attempt(['echo > .git/hooks/x', 'rm -r .git/hooks'])}; exit 0`,
  );
  expect([stdout, exitCode]).toEqual(['', 0]);
});

test('a link in place of .git or its hooks is refused, naming the flag', async () => {
  await makeRepository();
  await rename(join(user.workspace, '.git', 'hooks'), join(user.workspace, 'hooks'));
  await symlink('../hooks', join(user.workspace, '.git', 'hooks'));
  const refused = await user.startAgent('true');
  expect(refused.exitCode).toBe(125);
  expect(refused.stderr).toMatch(/"[^"]*\.git\/hooks" is a symbolic link.*\n.*--no-protect-git/);
  expect((await user.startAgent('true', ['--no-protect-git'])).exitCode).toBe(0);
});

test('what no mount can hold is told after the run', async () => {
  await makeRepository();
  await mkdir(join(user.workspace, 'old'));
  const script = [
    'git init --quiet sub && git -C sub -c user.name=a -c user.email=a@b commit --quiet --allow-empty -m x',
    'git update-index --add --cacheinfo 160000,$(git -C sub rev-parse HEAD),sub',
  ].join(' && ');
  const first = await user.startAgent(script, ['-e', 'GIT_CONFIG_VALUE_0=*']);
  expect(first.stderr).toMatch(
    /warning: .*\/sub\/\.git\/config changed during the run: look at it before you use git/,
  );
  const second = await user.startAgent('echo ../old > .git/commondir');
  expect(second.stderr).toMatch(/^warning: .*\/\.git\/commondir changed during the run/);
});
