import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeWork } from '../../../src/commands/tmux/describe-work.ts';
import { diffTrees, writeDiff } from '../../../src/commands/tmux/diff.ts';
import { discardTrees } from '../../../src/commands/tmux/discard.ts';
import { endTrees } from '../../../src/commands/tmux/end-trees.ts';
import { type MergeRequest, mergeTree } from '../../../src/commands/tmux/merge.ts';
import { restoreTrees, withTrees } from '../../../src/commands/tmux/plant-trees.ts';
import type { WantedAgent } from '../../../src/commands/tmux/wanted-agents.ts';
import { hasWork, inspectTree } from '../../../src/trees/inspect.ts';
import { findTreeAt, findTreeWorkspace, listTrees, type TreeRecord } from '../../../src/trees/record.ts';
import { findRepository } from '../../../src/trees/repository.ts';
import { makeScratch } from '../../support/program.ts';
import { type GitUser, makeGitUser } from '../../support/repository.ts';

// Each runs git some dozens of times.
vi.setConfig({ testTimeout: 120_000 });

let scratch: ReturnType<typeof makeScratch>;
let user: GitUser;

beforeEach(() => {
  scratch = makeScratch('trees');
  user = makeGitUser(scratch.path, join(scratch.path, 'my: project, "one"'));
});
afterEach(() => scratch.remove());

const USUAL: MergeRequest = {
  ...{ session: 'refactor', agent: 'main', branch: undefined, uncommitted: undefined, message: undefined },
  how: 'usual',
};
const OWNER = { sessionId: '0123456789ab', session: 'refactor' };

function commit(record: TreeRecord, files: Readonly<Record<string, string>>, message = 'work'): string {
  user.write(record.path, files);
  user.git(['add', '--all'], record.path);
  user.git(['commit', '--quiet', '-m', message], record.path);
  return user.git(['rev-parse', 'HEAD'], record.path);
}

function merge(more: Partial<MergeRequest> = {}) {
  return mergeTree(user.tools, { ...USUAL, ...more });
}

function readOriginal(name: string): string {
  return readFileSync(join(user.repository, name), 'utf8');
}

describe.each(['clone', 'worktree'] as const)('a %s', (kind) => {
  test('begins at the last commit, on a branch of its own, in the same directory', async () => {
    user.write(user.repository, { 'a.txt': 'changed\n' });
    const record = await user.plant(kind, { workspace: join(user.repository, 'sub') });
    expect(findTreeWorkspace(record)).toBe(join(record.path, 'sub'));
    expect(readFileSync(join(record.path, 'a.txt'), 'utf8')).toBe('a\n');
    expect(user.git(['status', '--short', '--branch'], record.path)).toBe('## adr/refactor/main');
    expect(await findTreeAt(user.env, findTreeWorkspace(record))).toEqual(record);
    expect(hasWork(await inspectTree(user.tools, record))).toBe(false);
  });

  test('shows commits, uncommitted and new files, and brings them home', async () => {
    const record = await user.plant(kind);
    commit(record, { 'c.txt': 'c\n' }, 'add c');
    user.git(['gc', '--quiet'], record.path);
    user.write(record.path, { 'a.txt': 'a\nmore\n', 'odd\nname': 'x\n', latin1: 'x', ignored: 'x' });
    writeFileSync(join(record.path, 'latin1'), Buffer.from('gr\xfc\xdfe\n', 'latin1'));
    const [diff] = await diffTrees(user.tools, 'adr-refactor', []);
    if (!diff) throw new Error('no diff');
    expect(diff.commits.map(({ subject, author }) => `${author}: ${subject}`)).toEqual(['Me: add c']);
    expect(diff.files).toEqual([
      { status: 'M', path: 'a.txt', added: 1, removed: 0 },
      { status: 'A', path: 'c.txt', added: 1, removed: 0 },
      { status: 'A', path: 'latin1', added: 1, removed: 0 },
      { status: 'A', path: 'odd\nname', added: 1, removed: 0 },
    ]);
    expect(describeWork(diff.work)).toBe('1 commit not merged, 3 uncommitted files');
    expect(diff.work.ignored).toBe(1);
    // What is piped is a patch that gives the very files.
    const patch = Buffer.from(await writeDiff(user.tools, diff, 'patch', true), 'latin1');
    writeFileSync(join(scratch.path, 'patch'), patch);
    user.git(['apply', '--index', join(scratch.path, 'patch')]);
    expect(user.git(['write-tree'])).toBe(diff.work.files);
    user.git(['reset', '--quiet', '--hard']);

    await expect(merge()).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('3 uncommitted files'),
    });
    expect(await merge({ uncommitted: 'commit', message: 'the rest' })).toMatchObject({
      ...{ result: 'fast-forward', into: 'main', commits: 2, files: 4, left: 0 },
    });
    expect(user.git(['log', '--format=%s'])).toBe('the rest\nadd c\nfirst');
    expect(user.git(['rev-parse', 'HEAD^{tree}'])).toBe(diff.work.files);
    expect(user.git(['status', '--short'])).toBe('');
    expect(hasWork(await inspectTree(user.tools, record))).toBe(false);
    expect(await endTrees(user.tools, record.sessionId)).toMatchObject([{ kept: false, ignored: 1 }]);
    expect(existsSync(record.path)).toBe(false);
    expect(user.git(['branch', '--format=%(refname:short)'])).toBe('main');
    expect(await listTrees(user.env)).toEqual([]);
  });

  test('what is not merged is kept, and discarded when asked for alone', async () => {
    const record = await user.plant(kind);
    commit(record, { 'c.txt': 'c\n' });
    expect(await endTrees(user.tools, record.sessionId)).toMatchObject([
      { kept: true, work: '1 commit not merged' },
    ]);
    const refuse = async () => {
      throw new Error('no');
    };
    await expect(discardTrees(user.tools, 'refactor', ['main'], refuse)).rejects.toThrow('no');
    expect(existsSync(join(record.path, 'c.txt'))).toBe(true);
    // A directory that its owner cannot write, as package caches make them.
    mkdirSync(join(record.path, 'cache', 'deep'), { recursive: true });
    writeFileSync(join(record.path, 'cache', 'deep', 'file'), '');
    chmodSync(join(record.path, 'cache', 'deep'), 0o500);
    await discardTrees(user.tools, 'refactor', ['main'], async () => undefined);
    expect(existsSync(record.path)).toBe(false);
    expect(user.git(['branch', '--format=%(refname:short)'])).toBe('main');
  });

  test('a conflict leaves everything as it was', async () => {
    const record = await user.plant(kind);
    commit(record, { 'a.txt': 'theirs\n' });
    user.write(user.repository, { 'a.txt': 'ours\n' });
    user.git(['commit', '--quiet', '-am', 'ours']);
    user.write(user.repository, { 'sub/b.txt': 'not committed\n' });
    const before = user.git(['rev-parse', 'HEAD']);
    for (const how of ['usual', 'squash', 'no-ff'] as const) {
      await expect(merge({ how })).rejects.toMatchObject({
        code: 'MERGE_CONFLICT',
        details: { files: ['a.txt'] },
        hint: expect.stringContaining('merge adr/refactor/main'),
      });
      expect(user.git(['status', '--short'])).toBe(' M sub/b.txt');
      expect(user.git(['rev-parse', 'HEAD'])).toBe(before);
    }
    expect(user.git(['log', '-1', '--format=%s', 'adr/refactor/main'])).toBe('work');
  });

  test('squash is one commit, no-ff always a merge; a squashed tree has nothing left', async () => {
    const record = await user.plant(kind);
    commit(record, { 'c.txt': 'c\n' });
    commit(record, { 'd.txt': 'd\n' });
    expect(await merge({ how: 'squash', message: 'both' })).toMatchObject({
      result: 'squash',
      commits: 2,
      files: 2,
    });
    expect(user.git(['log', '--format=%s'])).toBe('both\nfirst');
    expect(hasWork(await inspectTree(user.tools, record))).toBe(false);
    commit(record, { 'e.txt': 'e\n' });
    expect(await merge({ how: 'no-ff' })).toMatchObject({ result: 'merge' });
    expect(user.git(['log', '-1', '--format=%s %P']).split(' ')).toHaveLength(5);
    expect(await merge()).toMatchObject({ result: 'nothing', commits: 0 });
  });

  test('a head that is elsewhere is what the tree has', async () => {
    const record = await user.plant(kind);
    user.git(['checkout', '--quiet', '--detach'], record.path);
    commit(record, { 'c.txt': 'c\n' });
    const work = await inspectTree(user.tools, record);
    expect(work).toMatchObject({ branch: undefined, unmerged: 1, uncommitted: [] });
    expect(await merge()).toMatchObject({ result: 'fast-forward', commits: 1 });
  });

  test('is made again where it was when it is gone', async () => {
    const record = await user.plant(kind);
    commit(record, { 'c.txt': 'c\n' });
    await merge();
    const agent = {
      ...{ type: 'demo', name: 'main', index: 0, run: '', cwd: '/', options: {}, readOnly: false, args: [] },
      workspace: record.path,
      tree: { origin: user.repository, kind },
    };
    rmSync(record.path, { recursive: true });
    await restoreTrees(user.tools, OWNER, [agent]);
    expect(readFileSync(join(record.path, 'c.txt'), 'utf8')).toBe('c\n');
    await endTrees(user.tools, record.sessionId);
    expect(existsSync(record.path)).toBe(false);
    await restoreTrees(user.tools, OWNER, [agent]);
    expect(user.git(['status', '--short', '--branch'], record.path)).toBe('## adr/refactor/main');
  });
});

test('other branches and stashes of a clone are told of, kept, and merged by their names', async () => {
  const record = await user.plant('clone');
  user.git(['checkout', '--quiet', '-b', 'topic'], record.path);
  commit(record, { 'c.txt': 'c\n' });
  user.git(['checkout', '--quiet', 'adr/refactor/main'], record.path);
  user.write(record.path, { 'a.txt': 'stashed\n' });
  user.git(['stash', '--quiet'], record.path);
  const work = await inspectTree(user.tools, record);
  expect(describeWork(work)).toBe('1 commit on topic, 2 commits on stash@{0}');
  expect(await merge({ branch: 'topic' })).toMatchObject({ result: 'fast-forward' });
  expect(readOriginal('c.txt')).toBe('c\n');
  await expect(merge({ branch: 'topic' })).rejects.toMatchObject({ code: 'USAGE' });
});

test('a nested repository and one without commits are no clean tree', async () => {
  const record = await user.plant('clone');
  for (const name of ['empty', 'full']) {
    mkdirSync(join(record.path, name));
    user.git(['init', '--quiet'], join(record.path, name));
    writeFileSync(join(record.path, name, 'file'), 'x');
  }
  user.git(['commit', '--quiet', '--allow-empty', '-m', 'inner'], join(record.path, 'full'));
  const { uncommitted } = await inspectTree(user.tools, record);
  expect(uncommitted).toEqual([
    { status: 'A', path: 'full' },
    { status: '?', path: 'empty/' },
  ]);
});

test("the original's own state decides whether it can take a merge", async () => {
  const record = await user.plant('clone');
  commit(record, { 'a.txt': 'theirs\n' });
  user.write(user.repository, { 'a.txt': 'dirty\n' });
  await expect(merge()).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('a.txt') });
  expect(readOriginal('a.txt')).toBe('dirty\n');
  user.git(['checkout', '--quiet', '--', 'a.txt']);
  user.git(['checkout', '--quiet', '--detach']);
  await expect(merge()).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('no branch'),
  });
  user.git(['checkout', '--quiet', 'adr/refactor/main']);
  await expect(merge()).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('itself'),
  });
  // Commits of the user's own on that branch are not overwritten.
  user.git(['commit', '--quiet', '--allow-empty', '-m', 'mine']);
  user.git(['checkout', '--quiet', 'main']);
  await expect(merge()).rejects.toMatchObject({ message: expect.stringContaining('does not have') });
  user.git(['branch', '--quiet', '-f', 'adr/refactor/main', 'adr/refactor/main~1']);
  writeFileSync(join(user.repository, '.git', 'MERGE_HEAD'), `${record.base}\n`);
  await expect(merge()).rejects.toMatchObject({ message: expect.stringContaining('a merge is under way') });
  rmSync(join(user.repository, '.git', 'MERGE_HEAD'));
  expect(await merge()).toMatchObject({ result: 'fast-forward' });
});

describe('repositories', () => {
  test.each<[string, (directory: string) => void, string, RegExp]>([
    ['none', () => undefined, 'WORKSPACE_INVALID', /not in a git repository/],
    ['one without a commit', (at) => user.git(['init', '--quiet'], at), 'REFUSED', /no commit yet/],
    ['a bare one', (at) => user.git(['init', '--quiet', '--bare'], at), 'WORKSPACE_INVALID', /without files/],
    [
      'one whose objects are a link',
      (at) => {
        user.git(['init', '--quiet'], at);
        user.git(['commit', '--quiet', '--allow-empty', '-m', 'x'], at);
        user.git(['clone', '--quiet', '--bare', at, join(scratch.path, 'other')]);
        rmSync(join(at, '.git', 'objects'), { recursive: true });
        symlinkSync(join(scratch.path, 'other', 'objects'), join(at, '.git', 'objects'));
      },
      'REFUSED',
      /leads elsewhere/,
    ],
  ])('%s is refused with what to do', async (_what, make, code, message) => {
    const directory = join(scratch.path, 'place');
    mkdirSync(directory);
    make(directory);
    await expect(findRepository(user.tools, directory)).rejects.toMatchObject({
      ...{ code, hint: expect.any(String), message: expect.stringMatching(message) },
    });
  });

  test('a directory that is not committed is refused', async () => {
    mkdirSync(join(user.repository, 'new'));
    await expect(findRepository(user.tools, join(user.repository, 'new'))).rejects.toMatchObject({
      code: 'WORKSPACE_INVALID',
    });
  });

  test('git that is not installed is said', async () => {
    const tools = { ...user.tools, env: { ...user.env, PATH: '/nonexistent' } };
    await expect(findRepository(tools, user.repository)).rejects.toMatchObject({ code: 'GIT_MISSING' });
  });

  test.each<[string, (at: string) => void, boolean]>([
    [
      'a shallow clone',
      (at) => user.git(['clone', '--quiet', '--depth', '1', `file://${user.repository}`, at]),
      false,
    ],
    [
      'one that borrows objects',
      (at) => user.git(['clone', '--quiet', '--shared', user.repository, at]),
      false,
    ],
    ['a linked worktree', (at) => user.git(['worktree', 'add', '--quiet', '-b', 'linked', at]), true],
    [
      'one of SHA-256',
      (at) => {
        mkdirSync(at);
        user.git(['init', '--quiet', '--object-format=sha256'], at);
        user.git(['commit', '--quiet', '--allow-empty', '-m', 'x'], at);
      },
      true,
    ],
  ])('%s works, with as much of its own as it must have', async (_what, make, borrows) => {
    user.git(['commit', '--quiet', '--allow-empty', '-m', 'second']);
    const workspace = join(scratch.path, 'place');
    make(workspace);
    const record = await user.plant('clone', { workspace });
    expect(record.objects).toHaveLength(borrows ? 1 : 0);
    commit(record, { new: 'x\n' });
    expect(await merge()).toMatchObject({ commits: 1 });
    expect(existsSync(join(workspace, 'new'))).toBe(true);
    await discardTrees(user.tools, 'refactor', [], async () => undefined);
    expect(user.git(['branch', '--list', 'adr/*'], workspace)).toBe('');
  });
});

describe('an agent of an earlier session', () => {
  const wanted = (name: string): WantedAgent => ({
    ...{ type: 'demo', name, cwd: '/', options: {}, readOnly: false, args: [], worktree: true },
    workspace: user.repository,
  });
  const plantAnew = (sessionId: string) =>
    withTrees(
      user.tools,
      { sessionId, session: 'refactor' },
      [wanted('main')],
      [
        {
          engine: 'host',
          context: undefined,
          reports: true,
          ports: [],
          findConversation: async () => 'gone' as never,
        },
      ],
      async (agents) => ({ agents: agents.map(({ type, name }) => ({ type, name, run: '', pane: '' })) }),
    );

  test('its clean tree and merged branch make way, its work does not', async () => {
    const old = await user.plant('worktree');
    commit(old, { 'c.txt': 'c\n' });
    await expect(plantAnew('ba9876543210')).rejects.toMatchObject({
      ...{ code: 'NAME_CONFLICT', hint: expect.stringContaining('adr-tmux merge refactor --agent main') },
    });
    await merge();
    const made = await plantAnew('ba9876543210');
    expect(made.agents[0]).toMatchObject({ tree: { branch: 'adr/refactor/main' } });
    expect((await listTrees(user.env)).map(({ sessionId }) => sessionId)).toEqual(['ba9876543210']);
    await discardTrees(user.tools, 'refactor', [], async () => undefined);
    user.git(['branch', 'adr/refactor/main', 'main']);
    await plantAnew('ba9876543211');
    await discardTrees(user.tools, 'refactor', [], async () => undefined);
    user.git(['checkout', '--quiet', '-b', 'adr/refactor/main']);
    user.git(['commit', '--quiet', '--allow-empty', '-m', 'mine']);
    user.git(['checkout', '--quiet', 'main']);
    await expect(plantAnew('ba9876543212')).rejects.toMatchObject({ code: 'NAME_CONFLICT' });
    expect(await listTrees(user.env)).toEqual([]);
    expect(user.git(['worktree', 'list']).split('\n')).toHaveLength(1);
  });

  test('what a killed start left makes way', async () => {
    const old = await user.plant('worktree');
    rmSync(old.path, { recursive: true });
    expect((await plantAnew('ba9876543210')).agents).toHaveLength(1);
    rmSync((await listTrees(user.env))[0]?.path ?? '', { recursive: true });
    expect(await endTrees(user.tools, 'ba9876543210')).toMatchObject([{ kept: false }]);
    expect(user.git(['branch', '--format=%(refname:short)'])).toBe('main');
  });

  test('uncommitted changes and submodules are told of; nothing is left of a start that failed', async () => {
    user.write(user.repository, { 'a.txt': 'changed\n', new: 'x' });
    expect((await plantAnew('ba9876543210')).notes).toEqual([
      expect.stringContaining('2 uncommitted changes are in'),
    ]);
    await discardTrees(user.tools, 'refactor', [], async () => undefined);
    const failing = withTrees(
      user.tools,
      OWNER,
      [wanted('main'), { ...wanted('two'), workspace: scratch.path }],
      [],
      async () => ({ agents: [] }),
    );
    await expect(failing).rejects.toMatchObject({ code: 'WORKSPACE_INVALID' });
    expect(await listTrees(user.env)).toEqual([]);
    expect(user.git(['branch', '--list', 'adr/*'])).toBe('');
  });
});
