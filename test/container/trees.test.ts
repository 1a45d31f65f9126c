import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { findTreeWorkspace } from '../../src/trees/record.ts';
import { runProgram } from '../support/program.ts';
import { type GitUser, makeGitUser } from '../support/repository.ts';
import { buildFakeImage, fakeImage, listContainers, User } from './support.ts';

let user: User;
let gitUser: GitUser;

beforeAll(buildFakeImage);
beforeEach(async () => {
  user = await User.create();
  gitUser = makeGitUser(user.root, join(user.root, 'a project: one, two'));
});
afterEach(async () => {
  expect(await listContainers(user.workspace)).toEqual([]);
  await user.remove();
});

const SCRIPT = [
  'pwd',
  'git status --short --branch',
  'echo new > new.txt && git add new.txt && git commit --quiet -m "from inside" && git log --format="%s by %an"',
  'git checkout --quiet -b other && git checkout --quiet adr/refactor/main',
  'echo uncommitted > more.txt',
  '(echo x >> ../.git/config) 2>/dev/null || echo config is read-only',
  '(echo x > ../.git/hooks/post-checkout) 2>/dev/null || echo hooks are read-only',
  'objects=$(cat ../.git/objects/info/alternates); touch "$objects/x" 2>/dev/null || echo objects are read-only',
  'cat "$objects/../HEAD" 2>/dev/null || echo nothing else of the original is there',
].join('\n');

test('git works in a clone inside a container, and its work comes home', async () => {
  writeFileSync(join(gitUser.repository, '.adr'), 'ADR_MODEL=from-the-original\n');
  const record = await gitUser.plant('clone', { workspace: join(gitUser.repository, 'sub') });
  const args = ['--network', 'none', '-w', findTreeWorkspace(record)];
  const { stdout, exitCode } = await user.startAgent(SCRIPT, args);
  expect(stdout.split('\n')).toEqual([
    '/workspace/sub',
    '## adr/refactor/main',
    'from inside by Me',
    'first by Me',
    'config is read-only',
    'hooks are read-only',
    'objects are read-only',
    'nothing else of the original is there',
  ]);
  expect(exitCode).toBe(0);
  const shown = await user.start(['run', 'pi', '--image', fakeImage, '--prompt', 'x', '--dry-run', ...args]);
  expect(shown.stdout).toContain('from-the-original');

  const run = (...words: readonly string[]) => runProgram('adr-tmux', words, { env: user.env });
  expect((await run('diff', 'refactor', '--name-only')).stdout).toBe('sub/more.txt\nsub/new.txt\n');
  expect(await run('merge', 'refactor', '--only-commits', '--json')).toMatchObject({ code: 0 });
  expect(gitUser.git(['log', '--format=%s'])).toBe('from inside\nfirst');
  expect(await run('discard', 'refactor')).toMatchObject({ code: 6 });
  expect(await run('discard', 'refactor', '--yes')).toMatchObject({ code: 0 });
  expect(gitUser.git(['branch', '--format=%(refname:short)'])).toBe('main');
});
