import { expect, test } from 'vitest';
import { parseLog, parseNumstat } from '../../../src/commands/tmux/diff.ts';
import { formatDiffForTerminal, formatEndedTrees } from '../../../src/output/format-trees.ts';
import { parseTreeRecord, type TreeRecord } from '../../../src/trees/record.ts';
import { parsePackedRefs, parseStashes, resolveHead } from '../../../src/trees/tips.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(64);

test('HEAD names a branch or a commit, and nothing else', () => {
  const refs = new Map([['refs/heads/x', A]]);
  expect(resolveHead('ref: refs/heads/x\n', refs)).toEqual({ branch: 'x', head: A });
  expect(resolveHead('ref: refs/heads/gone\n', refs)).toEqual({ branch: 'gone', head: undefined });
  expect(resolveHead(`${B}\n`, refs)).toEqual({ branch: undefined, head: B });
  for (const text of ['', 'ref: ../../x', 'refs/heads/x', '--upload-pack=x', `${A}x`]) {
    expect(resolveHead(text, refs)).toEqual({ branch: undefined, head: undefined });
  }
});

test('packed refs and stashes: only what has the form of a commit', () => {
  const packed = `# pack-refs with: peeled\n${A} refs/heads/x\n${A} refs/tags/v1\n^${A}\n--evil refs/heads/y\n`;
  expect(parsePackedRefs(packed)).toEqual([['refs/heads/x', A]]);
  const log = `0 ${A} Me <me> 1 +0000\tWIP\n0 -x Me\n0 ${B} Me <me> 2 +0000\tWIP\n`;
  expect(parseStashes(log)).toEqual([B, A]);
});

test('the log and the numbers of lines, whatever the names are', () => {
  expect(parseLog(`${A}\nMe\n12\none\0${B}\nYou\n13\n\0`)).toEqual([
    { id: A, author: 'Me', at: 12_000, subject: 'one' },
    { id: B, author: 'You', at: 13_000, subject: '' },
  ]);
  expect([...parseNumstat('1\t2\ta\tb\nc\0-\t-\tpicture\0')]).toEqual([
    ['a\tb\nc', { added: 1, removed: 2 }],
    ['picture', { added: null, removed: null }],
  ]);
});

test('a record is read strictly', () => {
  const record: TreeRecord = {
    ...{ v: 1, sessionId: '0123456789ab', session: 's', agent: 'a', kind: 'clone', repository: '/r' },
    ...{ gitDirectory: '/r/.git', objects: ['/r/.git/objects'], path: '/w', prefix: '', branch: 'adr/s/a' },
    ...{ base: A, format: 'sha1', createdAt: 1 },
  };
  expect(parseTreeRecord(JSON.stringify(record), 'f')).toEqual(record);
  for (const change of [
    { v: 2 },
    { kind: 'x' },
    { objects: [1] },
    { path: 1 },
    { format: 'md5' },
    { createdAt: '' },
  ]) {
    expect(() => parseTreeRecord(JSON.stringify({ ...record, ...change }), 'f')).toThrow('cannot be read');
  }
  expect(() => parseTreeRecord('{', 'f')).toThrow('no JSON');
});

test('a difference on a terminal has our colours and shows what would command it', () => {
  const shown = formatDiffForTerminal('@@ -1 +1 @@\n-a\x1b[2J\n+b\r\n c\td', true);
  expect(shown.split('\n')).toEqual([
    '\x1b[36m@@ -1 +1 @@\x1b[0m',
    '\x1b[31m-a\\x1b[2J\x1b[0m',
    '\x1b[32m+b\\x0d\x1b[0m',
    ' c\td',
  ]);
});

test('a kept tree is told with what to do next', () => {
  const tree = { session: 's', agent: 'a', path: '/home/me/x', branch: 'adr/s/a', ignored: 2 };
  expect(
    formatEndedTrees(
      [
        { ...tree, kept: true, work: '1 commit not merged' },
        { ...tree, kept: false },
      ],
      { HOME: '/home/me' },
    ),
  ).toMatchInlineSnapshot(`
      [
        "kept the tree of a: 1 commit not merged; it is in ~/x",
        "  see it:      adr-tmux diff s --agent a",
        "  bring home:  adr-tmux merge s --agent a",
        "  drop it:     adr-tmux discard s --agent a",
        "removed the tree of a: nothing was in it that is not merged (nor was what git ignores: 2 entries)",
      ]
    `);
});

test('several empty trees that went are one line', () => {
  const gone = (agent: string, ignored: number) => ({
    ...{ session: 's', agent, path: `/x/${agent}`, branch: `adr/s/${agent}`, kept: false, ignored },
  });
  expect(formatEndedTrees([gone('a', 0), gone('b', 1), gone('c', 0)], {})).toEqual([
    'removed the tree of b: nothing was in it that is not merged (nor was what git ignores: 1 entry)',
    'removed the trees of a, c: nothing was in them that is not merged',
  ]);
});
