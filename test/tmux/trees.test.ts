import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureBuilt, makeScratch, type ProgramResult, runProgram } from '../support/program.ts';
import { type GitUser, makeGitUser } from '../support/repository.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let user: GitUser;

beforeAll(ensureBuilt);
beforeEach(() => {
  server = openTestServer();
  scratch = makeScratch('trees');
  user = makeGitUser(scratch.path, join(scratch.path, 'a project: one'));
});
afterEach(async () => {
  await run('stop', 'ref');
  await server.kill();
  scratch.remove();
});

function run(...args: readonly string[]): Promise<ProgramResult> {
  const env = { ...user.env, TMUX: '', ADR_TMUX_SOCKET: server.socket, ADR_DEMO_START_MS: '100' };
  return runProgram('adr-tmux', args, { env, cwd: join(user.repository, 'sub') });
}

interface Listed {
  readonly sessions: readonly {
    readonly agents: readonly {
      readonly agent: string;
      readonly tree?: { readonly path: string; readonly branch: string };
    }[];
  }[];
}

async function readTrees(): Promise<
  Readonly<Record<string, { readonly path: string; readonly branch: string } | undefined>>
> {
  const { sessions } = JSON.parse((await run('status', 'ref', '--json')).stdout) as Listed;
  return Object.fromEntries(sessions.flatMap(({ agents }) => agents).map(({ agent, tree }) => [agent, tree]));
}

async function readDirectories(): Promise<string> {
  return server.run('list-panes', '-a', '-F', '#{@adr_agent} #{pane_current_path}');
}

test('trees from start to discard: seen, merged, kept by stop, found again by resume', async () => {
  user.write(user.repository, { 'a.txt': 'not committed\n' });
  const agents = ['-a', 'demo:main', '-a', 'demo:two', '-a', 'demo:here,no-worktree'];
  const started = await run('start', 'ref', '--worktree', ...agents);
  expect(started).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('main  demo  branch adr/ref/main'),
  });
  expect(started.stderr).toContain('1 uncommitted change is in');
  const trees = await readTrees();
  expect(trees).toMatchObject({ main: { branch: 'adr/ref/main' }, two: { branch: 'adr/ref/two' } });
  expect(trees.here).toBeUndefined();
  const path = trees.main?.path ?? '';
  await waitFor('the agents in their directories', async () =>
    (await readDirectories()).includes(`main ${join(path, 'sub')}\n`),
  );
  expect(await readDirectories()).toContain(`here ${join(user.repository, 'sub')}`);
  expect((await run('status', 'ref')).stdout).toContain('branch adr/ref/main');

  writeFileSync(join(path, 'sub', 'new.txt'), 'new\n');
  expect(await run('diff', 'ref', '-a', 'main', '--name-only')).toMatchObject({ stdout: 'sub/new.txt\n' });
  expect(await run('diff', 'ref', '-a', 'mian')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('did you mean "main"?'),
  });
  expect(await run('merge', 'ref')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('say which one'),
  });
  expect(await run('merge', 'ref', '-a', 'main')).toMatchObject({ code: 6 });
  expect(await run('merge', 'ref', '-a', 'main', '--commit', '-m', 'New file')).toMatchObject({
    ...{ code: 0, stdout: expect.stringContaining('1 commit, 1 file') },
  });
  expect(readFileSync(join(user.repository, 'sub', 'new.txt'), 'utf8')).toBe('new\n');
  expect(user.git(['log', '--format=%s'])).toBe('New file\nfirst');
  expect(user.git(['status', '--short', '--untracked-files=no'])).toBe(' M a.txt');
  expect(await run('discard', 'ref', '-a', 'main', '--yes')).toMatchObject({
    ...{ code: 6, stderr: expect.stringContaining('is running in its tree') },
  });

  writeFileSync(join(path, 'more.txt'), 'more\n');
  const stopped = await run('stop', 'ref');
  expect(stopped.stdout).toContain('kept the tree of main: 1 uncommitted file');
  expect(stopped.stdout).toContain('removed the tree of two');
  expect(existsSync(trees.two?.path ?? '')).toBe(false);
  expect((await run('list')).stdout).toContain('ref main: adr-tmux diff ref --agent main');
  expect((await run('doctor')).stdout).toContain('the tree of agent main of session ref');
  expect(await run('start', 'ref', '--worktree', '-a', 'demo:main')).toMatchObject({ code: 5 });

  const resumed = await run('resume', 'ref');
  expect(resumed, resumed.stderr).toMatchObject({ code: 0 });
  expect(await readTrees()).toEqual({ ...trees, here: undefined });
  expect(readFileSync(join(path, 'more.txt'), 'utf8')).toBe('more\n');
  await run('stop', 'ref', '--purge');
  expect(await run('discard', 'ref')).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('1 uncommitted file'),
  });
  expect(await run('discard', 'ref', '--yes')).toMatchObject({ code: 0 });
  expect(user.git(['branch', '--format=%(refname:short)'])).toBe('main');
  expect(user.git(['worktree', 'list']).split('\n')).toHaveLength(1);
});

test('add, remove and restart; a directory that is in no repository', async () => {
  await run('start', 'ref', '-a', 'demo:one');
  expect(await run('add', 'ref', '-a', 'demo:main,worktree', '-a', 'demo:two,worktree')).toMatchObject({
    code: 0,
  });
  const { main, two } = await readTrees();
  writeFileSync(join(main?.path ?? '', 'new.txt'), 'new\n');
  rmSync(two?.path ?? '', { recursive: true });
  expect(await run('restart', 'ref', '-a', 'two', '--yes')).toMatchObject({ code: 0 });
  expect(existsSync(join(two?.path ?? '', 'a.txt'))).toBe(true);
  const removed = await run('remove', 'ref', '-a', 'main', '-a', 'two', '--yes');
  expect(removed.stdout).toContain('kept the tree of main: 1 uncommitted file');
  expect(removed.stdout).toContain('removed the tree of two');
  expect(await run('add', 'ref', '-a', 'demo:main,worktree')).toMatchObject({ code: 5 });
  expect(await run('discard', 'ref', '-y')).toMatchObject({ code: 0 });
  expect(await run('add', 'ref', '-a', 'demo:main,worktree', '-w', scratch.path)).toMatchObject({ code: 2 });
  expect(await readTrees()).toEqual({ one: undefined });
});
