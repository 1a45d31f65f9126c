import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findChangedSources, type GitSources, readGitSources } from '../../../src/container/git-check.ts';
import { runProcess } from '../../../src/system/process.ts';
import { makeScratch } from '../../support/program.ts';

let scratch: ReturnType<typeof makeScratch>;
const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent' };

beforeEach(() => {
  scratch = makeScratch('git-check');
  git('init', '--quiet', '--template=');
});
afterEach(() => scratch.remove());

const at = (path: string) => join(scratch.path, path);
const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: scratch.path, env });
const read = () => readGitSources(scratch.path, at('.git'), runProcess, env);
/** What changed between now and after `act`, below the workspace. */
async function findChanges(act: () => void): Promise<readonly string[]> {
  const before = await read();
  act();
  return findChangedSources(before, await read()).map((path) => path.slice(scratch.path.length + 1));
}

test.each<readonly [string, () => void, readonly string[]]>([
  ['nothing', () => {}, []],
  ['a file of the work', () => writeFileSync(at('a'), 'x'), []],
  ['the configuration', () => writeFileSync(at('.git/config'), '[core]\n'), ['.git/config']],
  ['a second configuration', () => writeFileSync(at('.git/config.worktree'), ''), ['.git/config.worktree']],
  ['a way elsewhere', () => writeFileSync(at('.git/commondir'), '../x'), ['.git/commondir']],
  ['a link that leads nowhere', () => symlinkSync('/nonexistent', at('.git/commondir')), ['.git/commondir']],
  [
    'a hook',
    () => {
      mkdirSync(at('.git/hooks'));
      writeFileSync(at('.git/hooks/pre-commit'), '#!/bin/sh\n');
    },
    ['.git/hooks/pre-commit'],
  ],
])('%s', async (_, act, changed) => {
  expect(await findChanges(act)).toEqual(changed);
});

test('a new submodule with a repository of its own, however it is called', async () => {
  const name = 'sub "ä"\nx';
  const changed = await findChanges(() => {
    execFileSync('git', ['init', '--quiet', '--template=', at(name)], { env });
    const who = ['-C', name, '-c', 'user.name=a', '-c', 'user.email=a@b'];
    git(...who, 'commit', '--quiet', '--allow-empty', '-m', 'x');
    const hash = `${git('-C', name, 'rev-parse', 'HEAD')}`.trim();
    git('update-index', '--add', '--cacheinfo', `160000,${hash},${name}`);
  });
  expect(changed).toEqual([`${name}/.git`, `${name}/.git/config`]);
});

test('git is never asked where its configuration may be the agent’s', async () => {
  writeFileSync(at('.git/commondir'), '../evil');
  const run = () => Promise.reject(new Error('asked'));
  await expect(readGitSources(scratch.path, at('.git'), run, env)).resolves.toHaveProperty('size', 2);
});

test('what went away runs nothing; what came, or is another, does', () => {
  const before: GitSources = new Map([
    ['/gone', '1'],
    ['/same', '1'],
    ['/other', '1'],
  ]);
  const after: GitSources = new Map([
    ['/same', '1'],
    ['/other', '2'],
    ['/new', '1'],
  ]);
  expect(findChangedSources(before, after)).toEqual(['/new', '/other']);
});
