import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { diffTrees, writeDiff } from '../../../src/commands/tmux/diff.ts';
import { discardTrees } from '../../../src/commands/tmux/discard.ts';
import { endTrees } from '../../../src/commands/tmux/end-trees.ts';
import { mergeTree } from '../../../src/commands/tmux/merge.ts';
import { formatDiffForTerminal, formatDiffHead } from '../../../src/output/format-trees.ts';
import type { TreeRecord } from '../../../src/trees/record.ts';
import { makeScratch } from '../../support/program.ts';
import { type GitUser, makeGitUser } from '../../support/repository.ts';

// Each runs git some dozens of times.
vi.setConfig({ testTimeout: 120_000 });

let scratch: ReturnType<typeof makeScratch>;
let user: GitUser;
let markers: string;

beforeEach(() => {
  scratch = makeScratch('hostile');
  user = makeGitUser(scratch.path);
  markers = join(scratch.path, 'markers');
  mkdirSync(markers);
});
afterEach(() => scratch.remove());

/** A command line that leaves a marker of this name, whatever is handed to it. */
function mark(name: string): string {
  const script = join(scratch.path, `mark-${name}`);
  writeFileSync(script, `#!/bin/sh\ntouch '${join(markers, name)}'\nexit 0\n`);
  chmodSync(script, 0o755);
  return script;
}

function listMarkers(): readonly string[] {
  return readdirSync(markers).sort();
}

/** Everything that a user does with a tree, whatever comes of it. */
async function useTree(record: TreeRecord): Promise<readonly string[]> {
  const failures: string[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) =>
      failures.push(error instanceof Error ? error.message : String(error)),
    );
  };
  const { tools } = user;
  const ask = { session: 'refactor', agent: record.agent, branch: undefined };
  await attempt(async () => {
    for (const diff of await diffTrees(tools, 'refactor', [])) {
      await writeDiff(tools, diff, 'patch', true);
      await writeDiff(tools, diff, 'stat', false);
    }
  });
  await attempt(() => mergeTree(tools, { ...ask, uncommitted: 'commit', message: 'home', how: 'usual' }));
  await attempt(() => endTrees(tools, record.sessionId));
  if (existsSync(record.path))
    await attempt(() => discardTrees(tools, 'refactor', [], async () => undefined));
  return failures;
}

const HOOKS = [
  'post-checkout',
  'post-index-change',
  'reference-transaction',
  'pre-auto-gc',
  'post-merge',
  'pre-merge-commit',
  'pre-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'fsmonitor-watchman',
  'post-rewrite',
  'pre-push',
  'update',
  'post-update',
];

/** Configuration that makes git run something, in a tree that was set up to make use of it. */
function writeHostileConfig(tree: string): void {
  const settings = [
    `[core] fsmonitor = ${mark('fsmonitor')}`,
    `[core] sshCommand = ${mark('ssh')}`,
    `[core] pager = ${mark('pager')}`,
    `[core] editor = ${mark('editor')}`,
    `[core] askPass = ${mark('askpass')}`,
    `[core] alternateRefsCommand = ${mark('alternate-refs')}`,
    `[core] gitProxy = ${mark('proxy')}`,
    `[diff] external = ${mark('external-diff')}`,
    `[diff "x"] command = ${mark('diff-command')}`,
    `[diff "x"] textconv = ${mark('textconv')}`,
    `[filter "x"] clean = ${mark('clean')}`,
    `[filter "x"] smudge = ${mark('smudge')}`,
    `[filter "y"] process = ${mark('process')}`,
    `[merge "x"] driver = ${mark('merge-driver')}`,
    `[gpg] program = ${mark('gpg')}`,
    `[log] showSignature = true`,
    `[commit] gpgSign = true`,
    `[credential] helper = ${mark('credential')}`,
    `[uploadpack] packObjectsHook = ${mark('pack-objects')}`,
    `[remote "origin"] uploadpack = ${mark('upload-pack')}`,
    `[remote "origin"] url = ext::${mark('ext')}`,
    `[remote "origin"] promisor = true`,
    `[extensions] partialClone = origin`,
    `[protocol "ext"] allow = always`,
    `[extensions] worktreeConfig = true`,
    `[include] path = ${join(tree, 'included')}`,
  ];
  appendFileSync(join(tree, '.git', 'config'), `\n${settings.join('\n')}\n`);
  user.write(tree, {
    included: `[core]\n\thooksPath = ${join(tree, 'evil-hooks')}\n`,
    '.git/config.worktree': `[core]\n\tfsmonitor = ${mark('worktree-fsmonitor')}\n`,
    '.gitattributes': '*.txt filter=x diff=x merge=x\n*.md filter=y\n',
    '.git/info/attributes': '* filter=x diff=x\n',
    'doc.md': 'doc\n',
    'a.txt': 'changed\n',
  });
  for (const directory of ['.git/hooks', 'evil-hooks']) {
    for (const hook of HOOKS) {
      user.write(tree, { [`${directory}/${hook}`]: readFileSync(mark(`hook-${hook}`), 'utf8') });
      chmodSync(join(tree, directory, hook), 0o755);
    }
  }
}

/** A submodule whose own configuration runs something, committed as one. */
function addHostileSubmodule(tree: string, update = 'checkout'): void {
  const sub = join(tree, 'module');
  mkdirSync(sub);
  user.git(['init', '--quiet'], sub);
  user.git(['commit', '--quiet', '--allow-empty', '-m', 'module'], sub);
  user.write(tree, {
    '.gitmodules': `[submodule "module"]\n\tpath = module\n\turl = ./module\n\tupdate = ${update}\n`,
  });
  user.git(['add', '.gitmodules', 'module'], tree);
  user.git(['commit', '--quiet', '-m', 'a module'], tree);
  user.git(['config', 'core.fsmonitor', mark('sub-fsmonitor')], sub);
  writeFileSync(join(sub, 'new'), 'new\n');
}

describe.each(['clone', 'worktree'] as const)('a %s', (kind) => {
  test('nothing that it says of itself is run', async () => {
    const record = await user.plant(kind);
    user.write(record.path, { 'c.txt': 'c\n' });
    user.git(['add', 'c.txt'], record.path);
    user.git(['commit', '--quiet', '-m', 'c'], record.path);
    if (kind === 'worktree') {
      // The agent leads its tree to a git directory of its own making.
      rmSync(join(record.path, '.git'));
      user.git(['clone', '--quiet', user.repository, join(scratch.path, 'evil')]);
      renameSync(join(scratch.path, 'evil', '.git'), join(record.path, '.git'));
    }
    addHostileSubmodule(record.path);
    writeHostileConfig(record.path);
    const failures = await useTree(record);
    expect(listMarkers()).toEqual([]);
    expect(failures).toEqual([]);
    expect(readFileSync(join(user.repository, 'a.txt'), 'utf8')).toBe('changed\n');
  });
});

test('a submodule that names a command is shown and not let in', async () => {
  const record = await user.plant('clone');
  addHostileSubmodule(record.path, `!${mark('update')}`);
  const [diff] = await diffTrees(user.tools, 'refactor', []);
  expect(diff?.files.map(({ path }) => path)).toEqual(['.gitmodules', 'module']);
  expect(await useTree(record)).toEqual([expect.stringContaining('disallowed submodule update setting')]);
  expect(listMarkers()).toEqual([]);
});

test('git itself would have run them', async () => {
  const { path } = await user.plant('clone');
  addHostileSubmodule(path);
  writeHostileConfig(path);
  for (const args of [['status'], ['diff'], ['add', '-A']]) {
    try {
      execFileSync('git', ['-C', path, ...args], { env: user.env, stdio: 'ignore' });
    } catch {
      // What was run in place of the real programs does not do their work.
    }
  }
  expect(listMarkers()).toContain('worktree-fsmonitor');
});

test('hooks inside the working tree do not run at a merge, whoever named them', async () => {
  user.write(user.repository, { '.husky/post-merge': '#!/bin/sh\n' });
  chmodSync(join(user.repository, '.husky', 'post-merge'), 0o755);
  user.git(['add', '.']);
  user.git(['commit', '--quiet', '-m', 'husky']);
  user.git(['config', 'core.hooksPath', '.husky']);
  const record = await user.plant('clone');
  user.write(record.path, { '.husky/post-merge': readFileSync(mark('husky'), 'utf8') });
  expect(await useTree(record)).toEqual([]);
  expect(listMarkers()).toEqual([]);
  expect(readFileSync(join(user.repository, '.husky', 'post-merge'), 'utf8')).toContain('markers/husky');
});

describe("another repository's content", () => {
  let secret: string;
  let commit: string;

  beforeEach(() => {
    secret = join(scratch.path, 'secret');
    mkdirSync(secret);
    user.git(['init', '--quiet'], secret);
    user.write(secret, { 'key.txt': 'TOP-SECRET\n' });
    user.git(['add', '.'], secret);
    user.git(['commit', '--quiet', '-m', 'secret commit'], secret);
    commit = user.git(['rev-parse', 'HEAD'], secret);
  });

  async function readAll(record: TreeRecord): Promise<string> {
    const { tools } = user;
    const shown = await diffTrees(tools, 'refactor', [record.agent]);
    const texts = await Promise.all(shown.map((diff) => writeDiff(tools, diff, 'patch', true)));
    return JSON.stringify(shown) + texts.join('');
  }

  test('is not reached by alternates', async () => {
    const record = await user.plant('clone');
    writeFileSync(join(record.path, '.git/objects/info/alternates'), `${join(secret, '.git/objects')}\n`);
    writeFileSync(join(record.path, '.git/refs/heads/adr/refactor/main'), `${commit}\n`);
    writeFileSync(join(record.path, '.git/refs/heads/other'), `${commit}\n`);
    const shown = await readAll(record);
    expect(shown).not.toMatch(/TOP-SECRET|secret commit/);
    await useTree(record);
    expect(user.git(['cat-file', '--batch-all-objects', '--batch-check'])).not.toContain(commit);
  });

  test('is not reached by links among the objects', async () => {
    const record = await user.plant('clone');
    const objects = join(secret, '.git/objects');
    for (const shard of readdirSync(objects).filter((name) => name.length === 2)) {
      const target = join(record.path, '.git/objects', shard);
      rmSync(target, { recursive: true, force: true });
      if (shard < '8') symlinkSync(join(objects, shard), target);
      else {
        mkdirSync(target);
        for (const name of readdirSync(join(objects, shard)))
          symlinkSync(join(objects, shard, name), join(target, name));
      }
    }
    writeFileSync(join(record.path, '.git/refs/heads/adr/refactor/main'), `${commit}\n`);
    expect(await readAll(record)).not.toMatch(/TOP-SECRET|secret commit/);
  });

  test.each<[string, (git: string) => void]>([
    ['a link', (git) => symlinkSync(join(secret, '.git'), git)],
    ['a file that names another', (git) => writeFileSync(git, `gitdir: ${join(secret, '.git')}\n`)],
    ['missing', () => undefined],
  ])('is not read where .git is %s', async (_what, replace) => {
    const record = await user.plant('clone');
    const git = join(record.path, '.git');
    rmSync(git, { recursive: true });
    replace(git);
    await expect(readAll(record)).rejects.toMatchObject({ code: 'REFUSED' });
    const before = user.git(['rev-parse', 'HEAD'], secret);
    const [ended] = await endTrees(user.tools, record.sessionId);
    expect(ended).toMatchObject({ kept: true });
    await discardTrees(user.tools, 'refactor', [], async () => undefined);
    expect(existsSync(record.path)).toBe(false);
    expect(user.git(['rev-parse', 'HEAD'], secret)).toBe(before);
  });
});

test('a FIFO, loops and links among the refs do not hang or lead away', async () => {
  const record = await user.plant('clone');
  const git = join(record.path, '.git');
  const outside = join(scratch.path, 'outside');
  user.write(outside, { x: `${'1'.repeat(40)}\n` });
  rmSync(join(git, 'packed-refs'), { force: true });
  execFileSync('mkfifo', [join(git, 'packed-refs'), join(git, 'refs/heads/fifo'), join(record.path, 'pipe')]);
  symlinkSync('.', join(git, 'refs/heads/loop'));
  symlinkSync(outside, join(git, 'refs/heads/outside'));
  symlinkSync('/', join(record.path, 'root'));
  const [diff] = await diffTrees(user.tools, 'refactor', []);
  expect(diff?.work).toMatchObject({ branch: 'adr/refactor/main', others: [] });
  expect(diff?.files.map(({ path }) => path)).toEqual(['root']);
  await discardTrees(user.tools, 'refactor', [], async () => undefined);
  expect(existsSync(join(outside, 'x'))).toBe(true);
});

test('what an agent wrote does nothing to a terminal', async () => {
  const record = await user.plant('clone');
  const evil = '\x1b]52;c;ZXZpbA==\x07\x1b[2J\u202ebad\x9b31m';
  user.write(record.path, { [`name${evil}\nline`]: `text${evil}\r\n` });
  user.git(['add', '-A'], record.path);
  user.git(['commit', '--quiet', '-m', `subject${evil}`], record.path);
  user.git(['checkout', '--quiet', '-b', 'side'], record.path);
  const diffs = await diffTrees(user.tools, 'refactor', []);
  for (const diff of diffs) {
    const text = Buffer.from(await writeDiff(user.tools, diff, 'patch', false), 'latin1').toString('utf8');
    const shown = [...formatDiffHead(diff), formatDiffForTerminal(text, false)].join('\n');
    expect(shown).toContain('bad');
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
  }
  expect(diffs[0]?.files.map(({ path }) => path)).toEqual([`name${evil}\nline`]);
});
