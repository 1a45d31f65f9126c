import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demo } from '../../../src/agents/demo/demo.ts';
import type { AgentType } from '../../../src/agents/types.ts';
import { collectConfig } from '../../../src/container/config-files.ts';
import { buildHomeArchive } from '../../../src/container/home-archive.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'adr-home-'));
  await mkdir(join(home, '.x', 'skills', 'deep'), { recursive: true });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const type: AgentType = {
  ...demo,
  config: [
    { path: '.x/settings.json', kind: 'file', maxBytes: 100 },
    { path: '.x/skills', kind: 'directory', maxBytes: 100 },
    { path: '.x/missing', kind: 'file', maxBytes: 100 },
  ],
};

test('only what is listed; links within HOME are followed, others and special files are not', async () => {
  await mkdir(join(home, 'dotfiles'));
  await writeFile(join(home, 'dotfiles', 'settings.json'), '{"a":1}');
  await symlink(join(home, 'dotfiles', 'settings.json'), join(home, '.x', 'settings.json'));
  await writeFile(join(home, '.x', 'history'), 'secret');
  const skills = join(home, '.x', 'skills');
  await writeFile(join(skills, 'deep', 'run.sh'), '#!/bin/sh\n');
  await chmod(join(skills, 'deep', 'run.sh'), 0o755);
  await symlink('/etc/passwd', join(skills, 'passwd'));
  await symlink('/nonexistent', join(skills, 'dangling'));
  await symlink(skills, join(skills, 'loop'));
  execaSync('mkfifo', [join(skills, 'fifo')]);

  const collected = await collectConfig(type, home);
  expect(collected.files.map(({ path, executable }) => [path, executable])).toEqual([
    ['.x/settings.json', false],
    ['.x/skills/deep/run.sh', true],
  ]);
  expect(collected.texts).toEqual(new Map([['.x/settings.json', '{"a":1}']]));
  expect(collected.warnings.map((warning) => warning.split(' ')[0])).toEqual(
    ['dangling', 'fifo', 'loop', 'passwd'].map((name) => `~/.x/skills/${name}`),
  );
});

test('too large stays outside with a warning', async () => {
  await writeFile(join(home, '.x', 'settings.json'), 'x'.repeat(101));
  const collected = await collectConfig(type, home);
  expect(collected.files).toEqual([]);
  expect(collected.warnings).toEqual([expect.stringContaining('~/.x/settings.json is larger than')]);
});

test('a required one that is missing is an error', async () => {
  const strict: AgentType = { ...type, config: [{ path: '.y', kind: 'file', maxBytes: 1, required: true }] };
  await expect(collectConfig(strict, home)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('the archive replaces what the launch replaces, everything the user of the container alone', () => {
  const archive = buildHomeArchive({
    uid: 7,
    gid: 8,
    config: [
      { path: '.x/a/settings.json', content: Buffer.from('theirs'), executable: false },
      { path: '.x/b.sh', content: Buffer.from('b'), executable: true },
    ],
    replaced: [{ path: '.x/a/settings.json', content: 'changed!' }],
    assetsAt: '/opt/adr',
    assets: [{ path: 'reporter/hooks.json', content: '{}' }],
    passwd: 'p\n',
  });
  const { stdout } = execaSync('tar', ['--numeric-owner', '-tvf', '-'], { input: archive });
  expect(stdout.replace(/\s+\d{4}-\d\d-\d\d \d\d:\d\d/g, '').replace(/ +/g, ' ')).toMatchInlineSnapshot(`
    "drwx------ 7/8 0 home/node/
    drwx------ 7/8 0 home/node/.x/
    drwx------ 7/8 0 home/node/.x/a/
    drwx------ 7/8 0 opt/adr/
    drwx------ 7/8 0 opt/adr/reporter/
    -rwx------ 7/8 1 home/node/.x/b.sh
    -rw------- 7/8 8 home/node/.x/a/settings.json
    -rw------- 7/8 2 opt/adr/reporter/hooks.json
    -rw-r--r-- 0/0 2 etc/passwd"
  `);
});
