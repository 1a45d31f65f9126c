import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBranch } from '../../../src/system/git-branch.ts';
import { makeScratch } from '../../support/program.ts';

let scratch: ReturnType<typeof makeScratch>;

beforeEach(() => {
  scratch = makeScratch('branch');
});
afterEach(() => scratch.remove());

function write(path: string, text: string): void {
  const file = join(scratch.path, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

test('the branch of the directory or of a parent', async () => {
  write('repo/.git/HEAD', 'ref: refs/heads/feature/auth\n');
  mkdirSync(join(scratch.path, 'repo/src/deep'), { recursive: true });
  expect(await readBranch(join(scratch.path, 'repo'))).toBe('feature/auth');
  expect(await readBranch(join(scratch.path, 'repo/src/deep'))).toBe('feature/auth');
});

test('a worktree, by its .git file, absolute or relative', async () => {
  write('repo/.git/worktrees/w/HEAD', 'ref: refs/heads/w\n');
  write('w/.git', `gitdir: ${join(scratch.path, 'repo/.git/worktrees/w')}\n`);
  write('r/.git', 'gitdir: ../repo/.git/worktrees/w\n');
  expect(await readBranch(join(scratch.path, 'w'))).toBe('w');
  expect(await readBranch(join(scratch.path, 'r'))).toBe('w');
});

test('no branch: the commit; no repository: nothing; nonsense: nothing', async () => {
  write('detached/.git/HEAD', `${'0123456789'.repeat(4)}\n`);
  write('broken/.git/HEAD', 'rubbish\n');
  mkdirSync(join(scratch.path, 'plain'));
  expect(await readBranch(join(scratch.path, 'detached'))).toBe('01234567');
  expect(await readBranch(join(scratch.path, 'broken'))).toBeUndefined();
  expect(await readBranch(join(scratch.path, 'plain'))).toBeUndefined();
});
