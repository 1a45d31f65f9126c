import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createStore } from '../../../src/ui/create-store.ts';
import { createFixedSource } from '../../../src/ui/sources.ts';
import { Watch } from '../../../src/ui/Watch.tsx';
import { openWatch, reduceWatch } from '../../../src/ui/watch-state.ts';
import { makeAgent, makeSnapshot, NOW } from './watched.ts';

afterEach(cleanup);

const QUESTION = { kind: 'approval', what: 'rm -rf build && echo 日本語' } as const;
const four = makeSnapshot([
  makeAgent('main', { reason: 'Bash: npm test', snippet: 'Tests 12 passed | Duration 1.2s' }),
  makeAgent('codex-1', { type: 'codex', state: 'WAITING', since: NOW - 65_000, question: QUESTION }),
  makeAgent('claude-1', { type: 'claude', state: 'STALLED', since: NOW - 95_000 }),
  makeAgent('gone', { state: 'EXITED', exit: 137, reason: '', since: NOW - 7_200_000 }),
  makeAgent('idle', { state: 'IDLE', reason: '', snippet: '変更しました。テストも通りました。' }),
]);

function open(snapshot = four, columns = 80, rows = 18, onLeave = () => {}) {
  const store = createStore(reduceWatch, openWatch(snapshot));
  const view = () => (
    <Watch
      store={store}
      clock={createFixedSource(NOW)}
      size={createFixedSource({ columns, rows })}
      color={true}
      shorten={(path) => path.replace('/home/ann', '~')}
      onLeave={onLeave}
    />
  );
  const instance = render(view());
  Object.defineProperty(instance.stdout, 'columns', { value: columns });
  instance.rerender(view());
  return { ...instance, store, frame: () => `\n${instance.lastFrame()}\n` };
}

const screen = 'line 1\n\nline 3\n\n\n──────\n❯ \n──────\n  ? for shortcuts\n\n';

describe('frames', () => {
  test('60x15', () => {
    expect(open(four, 60, 15).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux                           ? 1  ! 1  × 1  ● 1  ○ 1
       refactor  up 12m 34s  ~/projects/myapp  docker
         ● main      RUNNING     5s  Bash: npm test  Tests 12 pa…
       ❯ ? codex-1   WAITING     1m  rm -rf build && echo 日本語
         ! claude-1  STALLED     1m  last change: 45s ago
         × gone      EXITED      2h  exit code 137
         ○ idle      IDLE        5s  変更しました。テストも通り…
       ── ? codex-1 · codex · WAITING · rm -rf build &&… ── 2/5 ─






       ↑↓ select   ? help   q leave
      "
    `);
  });

  test('120x24', () => {
    const agents = four.agents.map((agent) => ({ ...agent, screen }));
    expect(open(makeSnapshot(agents), 120, 24).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                             ? 1 waiting  ! 1 stalled  × 1 exited  ● 1 running  ○ 1 idle
       refactor  up 12m 34s  ~/projects/myapp  docker
         ● main      pi      RUNNING     5s  Bash: npm test  Tests 12 passed | Duration 1.2s
       ❯ ? codex-1   codex   WAITING     1m  rm -rf build && echo 日本語
         ! claude-1  claude  STALLED     1m  last change: 45s ago
         × gone      pi      EXITED      2h  exit code 137
         ○ idle      pi      IDLE        5s  変更しました。テストも通りました。
       ── ? codex-1 · codex · WAITING · rm -rf build && echo 日本語 ─────────────────────────────────────────────────── 2/5 ─
       line 1

       line 3


       ──────
       ❯
       ──────
         ? for shortcuts






       ↑↓ select   ? help   q leave
      "
    `);
  });

  test('250x20', () => {
    expect(open(four, 250, 20).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                                                                                                                                                               ? 1 waiting  ! 1 stalled  × 1 exited  ● 1 running  ○ 1 idle
       refactor  up 12m 34s  ~/projects/myapp  docker
         ● main      pi      RUNNING     5s  Bash: npm test  Tests 12 passed | Duration 1.2s
       ❯ ? codex-1   codex   WAITING     1m  rm -rf build && echo 日本語
         ! claude-1  claude  STALLED     1m  last change: 45s ago
         × gone      pi      EXITED      2h  exit code 137
         ○ idle      pi      IDLE        5s  変更しました。テストも通りました。
       ── ? codex-1 · codex · WAITING · rm -rf build && echo 日本語 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────── 2/5 ─











       ↑↓ select   ? help   q leave
      "
    `);
  });

  test('too small for a preview', () => {
    expect(open(four, 40, 6).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux       ? 1  ! 1  × 1  ● 1  ○ 1
       refactor  up 12m 34s  ~/projects/myap…
         ● main      RUNNING     5s  Bash: n…
       ❯ ? codex-1   WAITING     1m  rm -rf …
         ! claude-1  STALLED     1m  last ch…
       ↑↓ select   ? help   q leave
      "
    `);
  });

  test('two sessions', () => {
    const agents = [makeAgent('main'), makeAgent('main', { session: 'review', state: 'IDLE', reason: '' })];
    expect(open(makeSnapshot(agents), 80, 12).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                           ● 1 running  ○ 1 idle
       refactor  up 12m 34s  ~/projects/myapp  docker
       ❯ ● main  pi    RUNNING     5s
       review  up 12m 34s  ~/projects/myapp  docker
         ○ main  pi    IDLE        5s
       ── ● main · pi · RUNNING ─────────────────────────────────────────────── 1/2 ─





       ↑↓ select   ? help   q leave
      "
    `);
  });

  test('nothing there', () => {
    expect(open(makeSnapshot([]), 70, 8).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch
       No sessions. Start one: adr-tmux start NAME --agent TYPE
       ────────────────────────────────────────────────────────────────────




       ↑↓ select   ? help   q leave
      "
    `);
  });

  test('what agents write cannot steer the terminal', () => {
    const evil = 'a\x1b[2J\x1b]0;title\x07b\x9bc\n\nd\u202ee';
    const agent = makeAgent('main', { reason: evil, snippet: evil, screen: evil });
    const frame = open(makeSnapshot([agent], { workspace: `/tmp/${evil}` }), 80, 12).frame();
    expect(frame).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(frame).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                                     ● 1 running
       refactor  up 12m 34s  /tmp/ab de  docker
       ❯ ● main  pi    RUNNING     5s  ab de  ab de
       ── ● main · pi · RUNNING · ab de ─────────────────────────────────────────────
       ab

       de




       ↑↓ select   ? help   q leave
      "
    `);
  });
});

describe('keys', () => {
  const press = async (stdin: ReturnType<typeof open>['stdin'], keys: string) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    stdin.write(keys);
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const marked = (frame: string) => /❯ . (\S+)/.exec(frame)?.[1];

  test('j, k and the arrows select; keys that come together all count', async () => {
    const { stdin, frame } = open();
    expect(marked(frame())).toBe('codex-1');
    await press(stdin, 'j');
    expect(marked(frame())).toBe('claude-1');
    await press(stdin, 'kk');
    expect(marked(frame())).toBe('main');
    await press(stdin, '\x1b[B');
    expect(marked(frame())).toBe('codex-1');
    await press(stdin, 'G');
    expect(marked(frame())).toBe('idle');
  });

  test('? shows the help, ? or Escape hides it', async () => {
    const { stdin, frame } = open(four, 100, 12);
    await press(stdin, '?');
    expect(frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                         ? 1 waiting  ! 1 stalled  × 1 exited  ● 1 running  ○ 1 idle
       ── keys ──────────────────────────────────────────────────────────────────────────────────────────
       ↑ ↓ k j    select an agent                  ? WAITING  asks you something
       PgUp PgDn  ten up, ten down                 ! STALLED  at work without progress
       Home End   first, last                      × EXITED   its program has ended
       ? Esc      this help, and back              ● RUNNING  at work
       q Ctrl+C   leave; everything keeps running  ○ IDLE     its turn is over, it is yours
                                                   ◌ STARTING not ready yet



       ↑↓ select   ? help   q leave
      "
    `);
    await press(stdin, '\x1b');
    expect(frame()).toContain('❯');
  });

  test.each([
    ['q', 'q'],
    ['Ctrl+C', '\x03'],
  ])('%s leaves', async (_, key) => {
    const onLeave = vi.fn();
    const { stdin } = open(four, 80, 18, onLeave);
    await press(stdin, key);
    expect(onLeave).toHaveBeenCalledTimes(1);
  });

  test('50 agents scroll with the selection', async () => {
    const many = makeSnapshot(Array.from({ length: 50 }, (_, index) => makeAgent(`a${index}`)));
    const { stdin, frame } = open(many, 60, 15);
    await press(stdin, 'G');
    expect(marked(frame())).toBe('a49');
    await press(stdin, 'g');
    expect(marked(frame())).toBe('a0');
    expect(frame()).toContain('refactor  up 12m 34s');
  });
});

test('a look that changes nothing paints the same frame', () => {
  const { store, frame } = open();
  const before = frame();
  store.dispatch({ kind: 'look', snapshot: structuredClone(four) });
  expect(frame()).toBe(before);
});
