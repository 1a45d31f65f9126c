import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, test } from 'vitest';
import type { HistoryEntry } from '../../../src/activity/history.ts';
import { createStore } from '../../../src/ui/create-store.ts';
import { pressKey, type Step } from '../../../src/ui/press.ts';
import { createFixedSource } from '../../../src/ui/sources.ts';
import { Watch } from '../../../src/ui/Watch.tsx';
import { openWatch, reduceWatch, type WatchAction, type WatchState } from '../../../src/ui/watch-state.ts';
import { makeAgent, makeSnapshot, NOW } from './watched.ts';

afterEach(cleanup);

/** Keys that are no characters, by one that stands for them. */
const NAMED: Readonly<Record<string, string>> = { '↓': 'down', '⎋': 'escape', '⏎': 'return', '␊': 'ctrl+j' };
const QUESTION = { kind: 'approval', what: 'rm -rf build && echo 日本語' } as const;
const four = makeSnapshot([
  makeAgent('main', { reason: 'Bash: npm test', snippet: 'Tests 12 passed | Duration 1.2s' }),
  makeAgent('codex-1', { type: 'codex', state: 'WAITING', since: NOW - 65_000, question: QUESTION }),
  makeAgent('claude-1', { type: 'claude', state: 'STALLED', since: NOW - 95_000 }),
  makeAgent('gone', { state: 'EXITED', exit: 137, reason: '', since: NOW - 7_200_000 }),
  makeAgent('idle', { state: 'IDLE', reason: '', snippet: '変更しました。テストも通りました。' }),
]);

/** Ink draws a moment after the state has changed. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

function open(snapshot = four, columns = 80, rows = 18) {
  const store = createStore(
    (state: WatchState, action: WatchAction | { readonly kind: 'become'; readonly state: WatchState }) =>
      action.kind === 'become' ? action.state : reduceWatch(state, action),
    openWatch(snapshot),
  );
  const view = () => (
    <Watch
      store={store}
      clock={createFixedSource(NOW)}
      size={createFixedSource({ columns, rows })}
      color={true}
      shorten={(path) => path.replace('/home/ann', '~')}
    />
  );
  const instance = render(view());
  Object.defineProperty(instance.stdout, 'columns', { value: columns });
  instance.rerender(view());
  const press = async (keys: string): Promise<Step> => {
    let step: Step = { state: store.getState() };
    for (const char of keys) {
      const named = NAMED[char];
      step = pressKey(step.state, named ? { kind: 'key', name: named } : { kind: 'char', char }, NOW);
    }
    store.dispatch({ kind: 'become', state: step.state });
    await settle();
    return step;
  };
  return { ...instance, store, press, frame: () => `\n${instance.lastFrame()}\n` };
}

const screen = 'line 1\n\nline 3\n\n\n──────\n❯ \n──────\n  ? for shortcuts\n\n';

describe('frames', () => {
  test('60x15', () => {
    expect(open(four, 60, 15).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux                           ? 1  ! 1  × 1  ● 1  ○ 1
       refactor  up 12m  ~/projects/myapp  docker
         ● main      RUNNING     5s  Bash: npm test  Tests 12 pa…
       ❯ ? codex-1   WAITING     1m  rm -rf build && echo 日本語
         ! claude-1  STALLED     1m  last change: 45s ago
         × gone      EXITED      2h  exit code 137
         ○ idle      IDLE        5s  変更しました。テストも通り…
       ── ? codex-1 · codex · WAITING · rm -rf build &&… ── 2/5 ─






       ↑↓ select   s send   a answer   ? help   q leave
      "
    `);
  });

  test('120x24', () => {
    const agents = four.agents.map((agent) => ({ ...agent, screen }));
    expect(open(makeSnapshot(agents), 120, 24).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                             ? 1 waiting  ! 1 stalled  × 1 exited  ● 1 running  ○ 1 idle
       refactor  up 12m  ~/projects/myapp  docker
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






       ↑↓ select   s send   a answer   i interrupt   o open   n next   / filter   e events   ? help   q leave
      "
    `);
  });

  test('250x20', () => {
    expect(open(four, 250, 20).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                                                                                                                                                               ? 1 waiting  ! 1 stalled  × 1 exited  ● 1 running  ○ 1 idle
       refactor  up 12m  ~/projects/myapp  docker
         ● main      pi      RUNNING     5s  Bash: npm test  Tests 12 passed | Duration 1.2s
       ❯ ? codex-1   codex   WAITING     1m  rm -rf build && echo 日本語
         ! claude-1  claude  STALLED     1m  last change: 45s ago
         × gone      pi      EXITED      2h  exit code 137
         ○ idle      pi      IDLE        5s  変更しました。テストも通りました。
       ── ? codex-1 · codex · WAITING · rm -rf build && echo 日本語 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────── 2/5 ─











       ↑↓ select   s send   a answer   i interrupt   o open   n next   / filter   e events   ? help   q leave
      "
    `);
  });

  test('too small for a preview', () => {
    expect(open(four, 40, 6).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux       ? 1  ! 1  × 1  ● 1  ○ 1
       refactor  up 12m  …jects/myapp  docker
         ● main      RUNNING     5s  Bash: n…
       ❯ ? codex-1   WAITING     1m  rm -rf …
         ! claude-1  STALLED     1m  last ch…
       ↑↓ select   s send   ? help   q leave
      "
    `);
  });

  test('two sessions', () => {
    const agents = [makeAgent('main'), makeAgent('main', { session: 'review', state: 'IDLE', reason: '' })];
    expect(open(makeSnapshot(agents), 80, 12).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                           ● 1 running  ○ 1 idle
       refactor  up 12m  ~/projects/myapp  docker
       ❯ ● main  pi    RUNNING     5s
       review  up 12m  ~/projects/myapp  docker
         ○ main  pi    IDLE        5s
       ── ● main · pi · RUNNING ─────────────────────────────────────────────── 1/2 ─





       ↑↓ select   s send   a answer   i interrupt   o open   ? help   q leave
      "
    `);
  });

  test('nothing there', () => {
    expect(open(makeSnapshot([]), 70, 8).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch
       No sessions. Start one: adr-tmux start NAME --agent TYPE
       ────────────────────────────────────────────────────────────────────




       ↑↓ select   s send   a answer   i interrupt   ? help   q leave
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
       refactor  up 12m  /tmp/ab de  docker
       ❯ ● main  pi    RUNNING     5s  ab de  ab de
       ── ● main · pi · RUNNING · ab de ─────────────────────────────────────────────
       ab

       de




       ↑↓ select   s send   a answer   i interrupt   o open   ? help   q leave
      "
    `);
  });
});

describe('keys', () => {
  const marked = (frame: string) => /❯ . (\S+)/.exec(frame)?.[1];

  test('j, k and the arrows select', async () => {
    const { press, frame } = open();
    expect(marked(frame())).toBe('codex-1');
    await press('j');
    expect(marked(frame())).toBe('claude-1');
    await press('kk');
    expect(marked(frame())).toBe('main');
    await press('↓');
    expect(marked(frame())).toBe('codex-1');
    await press('G');
    expect(marked(frame())).toBe('idle');
  });

  test('? shows the help, ? or Escape hides it', async () => {
    const { press, frame } = open(four, 100, 18);
    await press('?');
    expect(frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                         ? 1 waiting  ! 1 stalled  × 1 exited  ● 1 running  ○ 1 idle
       ── keys ──────────────────────────────────────────────────────────────────────────────────────────
       ↑ ↓ k j    select an agent                  ? WAITING  asks you something
       s Enter    write it a prompt                ! STALLED  at work without progress
       a          answer its question              × EXITED   its program has ended
       i          interrupt its turn               ● RUNNING  at work
       o          open its pane (attach)           ○ IDLE     its turn is over, it is yours
       n Tab      next one that needs you          ◌ STARTING not ready yet
       /          filter the list
       e          events of the agent
       r          restart it (asks first)
       X          stop the session (asks first)
       ? Esc      this help, and back
       q Ctrl+C   leave; everything keeps running
       PgUp Home  ten up, first; PgDn, End: down


       ↑↓ select   s send   a answer   i interrupt   o open   n next   / filter   ? help   q leave
      "
    `);
    await press('⎋');
    expect(frame()).toContain('❯');
  });

  test('50 agents scroll with the selection', async () => {
    const many = makeSnapshot(Array.from({ length: 50 }, (_, index) => makeAgent(`a${index}`)));
    const { press, frame } = open(many, 60, 15);
    await press('G');
    expect(marked(frame())).toBe('a49');
    await press('g');
    expect(marked(frame())).toBe('a0');
    expect(frame()).toContain('refactor  up 12m');
  });
});

describe('writing', () => {
  const idle = makeSnapshot([makeAgent('main', { state: 'IDLE', reason: '', screen })]);

  test('a prompt of several lines, below the screen', async () => {
    const { press, frame } = open(idle, 70, 18);
    await press('sFirst line␊日本');
    expect(frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                              ○ 1 idle
       refactor  up 12m  ~/projects/myapp  docker
       ❯ ○ main  IDLE        5s
       ── ○ main · pi · IDLE ──────────────────────────────────────────────
       line 1

       line 3


       ──────
       ❯
       ──────
         ? for shortcuts

       ── prompt to main ──────────────────────────────────────────────────
       ▸ First line
         日本[7m [27m
       Enter sends   Ctrl+J new line   Esc back
      "
    `);
    await press('⏎');
    expect(frame()).not.toContain('First line');
  });

  test('a prompt on a screen without room for a panel', async () => {
    const { press, frame } = open(four, 40, 8);
    await press('Gshello');
    expect(frame()).toMatchInlineSnapshot(`
      "
       adr-tmux       ? 1  ! 1  × 1  ● 1  ○ 1
         × gone      EXITED      2h  exit co…
       ❯ ○ idle      IDLE        5s  変更し…
       ── ○ idle · pi · IDLE ────────── 5/5 ─

       ── prompt to idle ────────────────────
       ▸ hello[7m [27m
       Enter sends   Esc back
      "
    `);
  });

  test('an answer', async () => {
    const { press, frame } = open(four, 80, 14);
    await press('a');
    expect(frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch     ? 1 waiting  ! 1 stalled  × 1 exited  ● 1 running  ○ 1 idle
       refactor  up 12m  ~/projects/myapp  docker
         ● main      pi      RUNNING     5s  Bash: npm test  Tests 12 passed | Durat…
       ❯ ? codex-1   codex   WAITING     1m  rm -rf build && echo 日本語
         ! claude-1  claude  STALLED     1m  last change: 45s ago
         × gone      pi      EXITED      2h  exit code 137
         ○ idle      pi      IDLE        5s  変更しました。テストも通りました。
       ── ? codex-1 · codex · WAITING · rm -rf build && echo 日本語 ─────────── 2/5 ─
       ── answer to codex-1: rm -rf build && echo 日本語 ────────────────────────────
         y  yes
         n  no
         a  always
         t  your own words
       y/n/a answers   1-9 that choice   t write   Esc back
      "
    `);
    await press('tno, use trash');
    expect(frame()).toContain('answer to codex-1: rm -rf build');
  });

  test('the options of a question with their keys', async () => {
    const options = [
      { key: '1', label: 'Yes, proceed', means: 'yes', selected: true },
      { key: '2', label: "Yes, and don't ask again for these files", means: 'always' },
      { key: '3', label: 'No', means: 'no' },
    ] as const;
    const agent = makeAgent('main', { state: 'WAITING', question: { ...QUESTION, options, text: true } });
    const { press, frame, store } = open(makeSnapshot([agent]), 100, 18);
    await press('a');
    expect(frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                                                         ? 1 waiting
       refactor  up 12m  ~/projects/myapp  docker
       ❯ ? main  pi    WAITING     5s  rm -rf build && echo 日本語
       ── ? main · pi · WAITING · rm -rf build && echo 日本語 ───────────────────────────────────────────








       ── answer to main: rm -rf build && echo 日本語 ───────────────────────────────────────────────────
       ❯ 1  Yes, proceed  (y)
         2  Yes, and don't ask again for these files  (a)
         3  No  (n)
         t  your own words
       Enter answers   ↑↓ choose   y/1 a/2 n/3   t write   Esc back
      "
    `);
    await press('↓');
    expect(frame()).toContain("❯ 2  Yes, and don't ask again");
    const question = { ...QUESTION, what: 'another', id: 'q2' };
    const next = makeSnapshot([makeAgent('main', { state: 'WAITING', question })]);
    store.dispatch({ kind: 'look', snapshot: next });
    await settle();
    expect(frame()).toContain('main asks this no more');
  });

  test('a filter, and what it finds', async () => {
    const { press, frame } = open();
    await press('/cod');
    expect(frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch     ? 1 waiting  ! 1 stalled  × 1 exited  ● 1 running  ○ 1 idle
       refactor  up 12m  ~/projects/myapp  docker
       ❯ ? codex-1  codex  WAITING     1m  rm -rf build && echo 日本語
       ── ? codex-1 · codex · WAITING · rm -rf build && echo 日本語 ─────────────────













       / cod
      "
    `);
    await press('x');
    expect(frame()).toContain('No agent has these words');
  });

  test('a question before a session is stopped', async () => {
    const { press, frame } = open();
    await press('X');
    expect(frame()).toContain('stop session refactor, all its agents and containers? (y/n)');
  });

  test('a notice stands in the place of the keys for some seconds', async () => {
    const { store, frame } = open();
    store.dispatch({
      kind: 'notice',
      notice: { text: 'main: submitted\x1b[2J', bad: false, at: NOW - 1000 },
    });
    await settle();
    expect(frame()).toContain('\n main: submitted\n');
    store.dispatch({ kind: 'notice', notice: { text: 'main: submitted', bad: false, at: NOW - 9000 } });
    await settle();
    expect(frame()).not.toContain('submitted');
  });
});

describe('what the agents have used', () => {
  const usage = { input: 9000, output: 3300, context: 118_000, contextSize: 200_000, cost: 0.124 };
  const agents = [
    makeAgent('main', {
      usage,
      ports: [{ host: 8080, container: 3000 }],
      snippet: 'Tests 12 passed | Duration 1.2s | and so on, and so on',
      screen,
    }),
    makeAgent('claude-1', { type: 'claude', state: 'IDLE', reason: '', usage: { output: 250 } }),
    makeAgent('silent', { state: 'IDLE', reason: '' }),
  ];

  test('in the list where there is room, and above the screen', () => {
    expect(open(makeSnapshot(agents), 120, 18).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                                                                   ● 1 running  ○ 2 idle
       refactor  up 12m  ~/projects/myapp  docker
       ❯ ● main      pi      RUNNING     5s  Tests 12 passed | Duration 1.2s | and so on, a…  12.3k tokens · 41% left · $0.12
         ○ claude-1  claude  IDLE        5s                                                                        250 tokens
         ○ silent    pi      IDLE        5s
       ── ● main · pi · RUNNING ─────────────────────────────────────────────────────────────────────────────────────── 1/3 ─
       12.3k tokens · 41% context left · $0.12 · 127.0.0.1:8080 → 3000
       line 1

       line 3


       ──────
       ❯
       ──────
         ? for shortcuts

       ↑↓ select   s send   a answer   i interrupt   o open   n next   / filter   e events   ? help   q leave
      "
    `);
  });

  test('not in a narrow list', () => {
    expect(open(makeSnapshot(agents), 80, 18).frame()).toMatchInlineSnapshot(`
      "
       adr-tmux watch                                           ● 1 running  ○ 2 idle
       refactor  up 12m  ~/projects/myapp  docker
       ❯ ● main      pi      RUNNING     5s  Tests 12 passed | Duration 1.2s | and s…
         ○ claude-1  claude  IDLE        5s
         ○ silent    pi      IDLE        5s
       ── ● main · pi · RUNNING ─────────────────────────────────────────────── 1/3 ─
       12.3k tokens · 41% context left · $0.12 · 127.0.0.1:8080 → 3000
       line 1

       line 3


       ──────
       ❯
       ──────
         ? for shortcuts

       ↑↓ select   s send   a answer   i interrupt   o open   ? help   q leave
      "
    `);
  });
});

test('events of the agent, branch of the session, last prompt above the screen', async () => {
  const common = {
    v: 1,
    session: 'refactor',
    sessionId: 'id',
    agent: 'main',
    type: 'pi',
    run: 'run-main',
  } as const;
  const history: readonly HistoryEntry[] = [
    { ...common, at: NOW - 60_000, kind: 'prompt', outcome: 'submitted', proof: 'agent', text: 'Fix\nit' },
    {
      ...common,
      at: NOW - 50_000,
      kind: 'state',
      from: 'RUNNING',
      to: 'IDLE',
      since: NOW - 50_000,
      reason: '',
      witness: 'report',
      question: null,
    },
    { ...common, agent: 'other', at: NOW - 40_000, kind: 'interrupt', outcome: 'interrupted' },
  ];
  const agents = [makeAgent('main', { state: 'IDLE', reason: '', screen })];
  const { press, frame } = open(makeSnapshot(agents, { branch: 'feature/auth', history }), 80, 20);
  expect(frame()).toContain('~/projects/myapp  feature/auth  docker');
  expect(frame()).toContain(' last prompt, 1m ago: Fix it\n line 1\n');
  await press('e');
  expect(frame()).toMatch(/\d\d:33:56 {2}prompt submitted: Fix it\n \d\d:34:06 {2}RUNNING → IDLE\n/);
  expect(frame()).not.toContain('interrupted');
});

test('the screen keeps its colours', () => {
  const agents = [
    makeAgent('main', { state: 'IDLE', reason: '', screen: 'red', styled: '\x1b[31mred\x1b[39m' }),
  ];
  expect(open(makeSnapshot(agents)).frame()).toContain('\x1b[31mred');
});

test('a look that changes nothing paints the same frame', () => {
  const { store, frame } = open();
  const before = frame();
  store.dispatch({ kind: 'look', snapshot: structuredClone(four) });
  expect(frame()).toBe(before);
});
