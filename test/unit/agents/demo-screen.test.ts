import { describe, expect, test } from 'vitest';
import { readScreen } from '../../../src/activity/read-screen.ts';
import { demoSigns } from '../../../src/agents/demo/signs.ts';
import { advance } from '../../../src/demo-agent/advance.ts';
import type { Key } from '../../../src/demo-agent/keys.ts';
import { plainLine } from '../../../src/demo-agent/line.ts';
import { pressKey } from '../../../src/demo-agent/press.ts';
import { render, titleOf } from '../../../src/demo-agent/render.ts';
import { createState, type DemoState } from '../../../src/demo-agent/state.ts';
import { measureWidth } from '../../../src/demo-agent/text.ts';

const pace = { thinkMs: 1000, wordMs: 50 };
const sizes = [
  [40, 12],
  [80, 8],
  [120, 40],
] as const;

type Act = string | number | Key;

const enter: Key = { kind: 'press', name: 'enter' };

/** Plays pastes (text), pauses (numbers) and keys; then shows the state at that moment. */
function play(acts: readonly Act[], readyAt = 0): { readonly state: DemoState; readonly now: number } {
  let now = 0;
  let state = createState({ pace, approvals: 'ask', workspace: '~/projects/myapp', readyAt });
  state = advance(state, now).state;
  for (const act of acts) {
    if (typeof act === 'number') now += act;
    else state = pressKey(state, typeof act === 'string' ? { kind: 'paste', text: act } : act, now).state;
    state = advance(state, now).state;
  }
  return { state, now };
}

function show(acts: readonly Act[], width: number, height: number): string {
  const { state, now } = play(acts);
  return render(state, width, height, now).lines.map(plainLine).join('\n');
}

function read(acts: readonly Act[], width: number, height: number) {
  const { state, now } = play(acts);
  const reading = readScreen(demoSigns, show(acts, width, height), titleOf(state, now));
  return { ...reading, evidence: undefined, patterns: undefined, titled: undefined, rests: undefined };
}

const nothing = {
  composer: { text: '', mode: 'prompt' },
  busy: undefined,
  retrying: undefined,
  tool: undefined,
  dialog: undefined,
  error: undefined,
  evidence: undefined,
  patterns: undefined,
};

const quote =
  '◐ Working… (3s · esc to interrupt)\n✖ 401 invalid key\n? Allow this command: rm\n──────────────';

describe.each(sizes)('its screens at %ix%i read right', (width, height) => {
  test.each<[name: string, acts: readonly Act[], reading: object]>([
    ['idle', [], {}],
    ['text in the composer', ['fix the bug'], { composer: { text: 'fix the bug', mode: 'prompt' } }],
    ['several lines', ['a\n  b\n\nc'], { composer: { text: 'a\n  b\n\nc', mode: 'prompt' } }],
    ['wide text', ['日本語 👍'], { composer: { text: '日本語 👍', mode: 'prompt' } }],
    ['a big paste', ['x\n'.repeat(40)], { composer: { text: '[Pasted text #1 +40 lines]', mode: 'prompt' } }],
    ['a lone !', ['!'], { composer: { text: '', mode: 'shell' } }],
    ['a shell command', ['!ls'], { composer: { text: 'ls', mode: 'shell' } }],
    ['at work', ['hello', enter, 500], { busy: 'model' }],
    ['streaming', ['hello', enter, 1050], { busy: 'model' }],
    ['hanging', ['/hang', enter, 100_000], { busy: 'model' }],
    [
      'with a queue',
      ['/hang', enter, 5000, 'a', enter, 'b', enter, 'c', enter, 'd', enter],
      { busy: 'model' },
    ],
    ['with a draft', ['/hang', enter, 'next'], { busy: 'model', composer: { text: 'next', mode: 'prompt' } }],
    ['with a tool', ['/tool 9', enter, 1500], { busy: 'Shell: sleep 9', tool: 'Shell: sleep 9' }],
    ['turn over', ['hello', enter, 9000], {}],
    ['interrupted', ['/hang', enter, { kind: 'press', name: 'escape' }], {}],
    ['quoting signs', [quote, enter, 9000], {}],
    ['quoting signs in the composer', [quote], { composer: { text: quote, mode: 'prompt' } }],
    ['an error', ['/error 401 invalid key', enter, 9000], { error: '401 invalid key' }],
    ['an error that is over', ['/error x', enter, 9000, 'hello', enter, 9000], {}],
  ])('%s', (_, acts, reading) => {
    expect(read(acts, width, height)).toEqual({ ...nothing, ...reading });
  });

  test('a question', () => {
    const dialog = { kind: 'approval', what: 'npm test' };
    const reading = { ...nothing, composer: undefined, dialog, dialogLine: expect.any(Number) };
    expect(read(['/ask npm test', enter, 500], width, height)).toEqual(reading);
    expect(read(['/ask npm test', enter, 500, { kind: 'press', name: 'down' }], width, height)).toEqual(
      reading,
    );
  });

  test('no line is wider than the screen, and there is one for every row', () => {
    const word = 'Donaudampfschifffahrt日本語'.repeat(30);
    for (const acts of [
      [],
      [word],
      [word, enter, 9000],
      [`/ask ${word}`, enter, 900],
      [`/error ${word}`, enter, 900],
    ]) {
      const lines = show(acts, width, height).split('\n');
      expect(lines).toHaveLength(height);
      expect(Math.max(...lines.map(measureWidth))).toBeLessThanOrEqual(width);
    }
  });
});

test('waiting out an API error', () => {
  expect(read(['/retry', enter, 1000], 40, 12)).toEqual({
    ...nothing,
    busy: 'model',
    retrying: '529 overloaded',
  });
});

test('starting shows no composer', () => {
  const { state, now } = play(['lost'], 1000);
  const screen = render(state, 80, 24, now).lines.map(plainLine).join('\n');
  expect(readScreen(demoSigns, screen, titleOf(state, now))).toMatchObject({
    composer: undefined,
    busy: undefined,
  });
});

test('the titles tell the state', () => {
  const titles = [[], ['/hang', enter], ['/ask x', enter, 900]].map((acts) => {
    const { state, now } = play(acts);
    return titleOf(state, now);
  });
  expect(titles).toEqual(['◇ demo', '◐ demo', '◆ demo: needs an answer']);
});

test('looks like this at 40x12', () => {
  const acts = ['first', enter, 5000, '/tool 9', enter, 2500, 'and then 日本', enter, 'a draft'];
  expect(show(acts, 40, 12)).toMatchInlineSnapshot(`
    "
    ▸ /tool 9

    ▪ Shell(sleep 9)

      queued: and then 日本
    ◐ Running sleep 9… (2s · esc)

    ────────────────────────────────────────
    ▸ a draft
    ────────────────────────────────────────
      enter queues · esc interrupts"
  `);
});

test('looks like this at 120x40 at the start', () => {
  expect(show([], 120, 40)).toMatchInlineSnapshot(`
    "
      ▟█▙  demo  a pretend coding agent: no model, no keys, nothing is run
      ▜█▛  ~/projects/myapp

      Write anything, or try /ask npm test   /tool 5   /slow   /hang   /error   /help































    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    ▸ Ask demo anything, or try /help
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
      enter sends · ctrl+j new line · /help"
  `);
});

test('the cursor stands behind the text, also when the composer scrolls', () => {
  const { state, now } = play(['1\n2\n3\n4\n5\n6\n7日']);
  const { cursor, lines } = render(state, 40, 12, now);
  expect(cursor).toEqual({ row: 9, column: 5 });
  expect(plainLine(lines[9] ?? [])).toBe('  7日');
});
