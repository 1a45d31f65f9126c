import { describe, expect, test } from 'vitest';
import { type ActivityMemory, initialMemory, stepActivity } from '../../../src/activity/step-activity.ts';
import type { Observation, Verdict } from '../../../src/activity/types.ts';
import { claudeSigns } from '../../../src/agents/claude/signs.ts';
import { codexSigns } from '../../../src/agents/codex/signs.ts';
import { piSigns } from '../../../src/agents/pi/signs.ts';
import type { AgentEvent, ScreenSigns } from '../../../src/agents/types.ts';

const RULE = '─'.repeat(80);
const composer = (text = '') => `${RULE}\n❯ ${text}\n${RULE}\n  ? for shortcuts`;
const idle = `❯ hello\n\n● Hi.\n\n✻ Baked for 1s\n\n${composer()}`;
const busy = (seconds: number, said = 'word') =>
  `❯ hello\n\n● ${said}\n\n✽ Brewing… (${seconds}s · ↓ 10 tokens)\n\n${RULE}\n❯ \n${RULE}\n  esc to interrupt`;
const asking = (command: string) =>
  `${RULE}\n Bash command\n\n   ${command}\n\n Do you want to proceed?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel · Tab to amend`;

type Look = Partial<Observation> & { readonly at: number };

/** Steps through looks, the memory through JSON between them; times in seconds from the start. */
function walk(looks: readonly Look[], signs: ScreenSigns | null = claudeSigns): readonly Verdict[] {
  let memory: ActivityMemory = initialMemory(0);
  return looks.map((look) => {
    const observation = {
      screen: '',
      title: '',
      size: '80x24',
      dead: false,
      events: [],
      ...look,
      at: look.at * 1000,
    };
    const step = stepActivity(memory, observation, { signs: signs ?? undefined });
    const stored = JSON.stringify(step.memory);
    expect(stored.length).toBeLessThan(4096);
    memory = JSON.parse(stored) as ActivityMemory;
    return step.verdict;
  });
}

const states = (verdicts: readonly Verdict[]) => verdicts.map(({ state }) => state).join(' ');
type WithoutTime<E> = E extends AgentEvent ? Omit<E, 'at'> : never;
const event = (at: number, told: WithoutTime<AgentEvent>) => ({ ...told, at: at * 1000 }) as AgentEvent;
const prompt = (at: number) => event(at, { kind: 'prompt', text: 'hello' });
const turnEnd = (at: number) => event(at, { kind: 'turn-end', message: 'Hi.' });
const tool = (at: number) => event(at, { kind: 'tool', name: 'Bash', input: 'npm test' });
const ask = (at: number, what = 'rm -rf build') => event(at, { kind: 'ask', question: 'approval', what });

describe('exit', () => {
  test('a dead pane is EXITED with its code, or unknown', () => {
    expect(walk([{ at: 1, screen: idle, dead: true, exit: 3 }])[0]).toMatchObject({
      state: 'EXITED',
      reason: 'exit 3',
    });
    expect(walk([{ at: 1, dead: true, exit: null }])[0]?.reason).toBe('exit unknown');
    expect(walk([{ at: 1, dead: true, exit: 0 }], null)[0]?.reason).toBe('exit 0');
  });

  test('death wins over everything reported, and a new life starts anew', () => {
    const verdicts = walk([
      { at: 1, screen: busy(1), events: [prompt(1), tool(1), ask(1)] },
      { at: 2, screen: busy(1), dead: true, exit: 137 },
      { at: 3, screen: '' },
      { at: 4, screen: idle },
    ]);
    expect(states(verdicts)).toBe('WAITING EXITED STARTING IDLE');
  });
});

describe('questions', () => {
  test('a dialog on the screen wins over a silent reporter', () => {
    const verdicts = walk([
      { at: 1, screen: busy(1), events: [prompt(1)] },
      { at: 4, screen: asking('rm -rf build') },
    ]);
    expect(verdicts[1]).toMatchObject({
      state: 'WAITING',
      witness: 'screen',
      question: { kind: 'approval', what: 'rm -rf build' },
      since: 4000,
    });
  });

  test('a reported question is exact in time and text, and holds while the screen is redrawn', () => {
    const verdicts = walk([
      { at: 3, screen: busy(1), events: [prompt(1), tool(2), ask(2.5)] },
      { at: 6, screen: asking('rm -rf build') },
      { at: 9, screen: 'half a dia' },
      { at: 12, screen: '' },
    ]);
    expect(states(verdicts)).toBe('WAITING WAITING WAITING WAITING');
    expect(verdicts.map(({ since }) => since)).toEqual([2500, 2500, 2500, 2500]);
    expect(verdicts[3]).toMatchObject({ witness: 'report', question: { what: 'rm -rf build' } });
  });

  test.each([
    ['the agent works on', busy(9), 'RUNNING'],
    ['its composer is empty', idle, 'RUNNING'],
  ])('it is answered when its dialog is gone and %s', (_, screen, state) => {
    const verdicts = walk([
      { at: 1, screen: asking('rm -rf build'), events: [prompt(0.5), ask(1)] },
      { at: 4, screen },
    ]);
    expect(states(verdicts)).toBe(`WAITING ${state}`);
  });

  test('its dialog may be drawn later than it is reported', () => {
    const verdicts = walk([
      { at: 1, screen: busy(1), events: [prompt(0.5), ask(0.9)] },
      { at: 2, screen: busy(2) },
      { at: 3, screen: asking('rm -rf build') },
    ]);
    expect(states(verdicts)).toBe('WAITING WAITING WAITING');
  });

  test('a new question begins a new time', () => {
    const verdicts = walk([
      { at: 1, screen: asking('rm -rf a') },
      { at: 4, screen: asking('rm -rf a') },
      { at: 7, screen: asking('rm -rf b') },
    ]);
    expect(verdicts.map(({ since }) => since)).toEqual([1000, 1000, 7000]);
  });

  test('one of the same words is new when the agent went on above it, or the last was answered', () => {
    const above = (text: string, screen: string) => `● ${text}\n\n${screen}`;
    const dialog = asking('rm -rf a');
    const moved = dialog.replace('❯ 1.', '  1.').replace('  2.', '❯ 2.');
    const verdicts = walk([
      { at: 1, screen: above('First', dialog) },
      { at: 4, screen: above('First', moved) },
      { at: 7, screen: above('First\n\n● Second', dialog) },
      { at: 10, screen: above('First\n\n● Second', dialog), answeredAt: 9000 },
      { at: 13, screen: above('First\n\n● Second', dialog), answeredAt: 9000 },
    ]);
    expect(verdicts.map(({ since }) => since)).toEqual([1000, 1000, 7000, 10_000, 10_000]);
    const ids = verdicts.map(({ question }) => question?.id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[4]).toBe(ids[3]);
  });
});

describe('work', () => {
  test('the reported tool and its command are the reason', () => {
    const [verdict] = walk([{ at: 3, screen: busy(1), events: [prompt(1), tool(2)] }]);
    expect(verdict).toMatchObject({
      state: 'RUNNING',
      reason: 'Bash: npm test',
      witness: 'report',
      since: 1000,
    });
  });

  test('a spinner without progress is STALLED after 90 s, progress ends it', () => {
    const looks = Array.from({ length: 40 }, (_, index) => ({ at: index * 3, screen: busy(index * 3) }));
    const verdicts = walk([...looks, { at: 120, screen: busy(120, 'word word') }]);
    expect(verdicts.findIndex(({ state }) => state === 'STALLED')).toBe(30);
    expect(verdicts[35]?.since).toBe(90_000);
    expect(verdicts[35]?.progressAt).toBe(0);
    expect(verdicts.at(-1)).toMatchObject({ state: 'RUNNING', since: 120_000, progressAt: 120_000 });
  });

  test('a report is progress too', () => {
    const looks = Array.from({ length: 60 }, (_, index) => ({
      at: index * 3,
      screen: busy(1),
      events: index % 20 === 0 ? [prompt(index * 3)] : [],
    }));
    expect(states(walk(looks))).not.toContain('STALLED');
  });

  test('a tool has ten minutes', () => {
    const looks = Array.from({ length: 210 }, (_, index) => ({
      at: index * 3,
      screen: busy(index),
      events: index === 0 ? [prompt(0), tool(0)] : [],
    }));
    const stalled = walk(looks).findIndex(({ state }) => state === 'STALLED');
    expect(stalled).toBe(200);
  });

  test('a slept laptop has stalled nobody', () => {
    expect(
      states(
        walk([
          { at: 0, screen: busy(1) },
          { at: 3600, screen: busy(2) },
        ]),
      ),
    ).toBe('RUNNING RUNNING');
  });

  test('a resize is not progress', () => {
    const looks = Array.from({ length: 40 }, (_, index) => ({
      at: index * 3,
      size: index < 10 ? '80x24' : '40x12',
      screen: busy(1, index < 10 ? 'word word' : 'word\nword'),
    }));
    expect(walk(looks)[31]).toMatchObject({ state: 'STALLED', progressAt: 0 });
  });

  test('what the user types is not progress', () => {
    const typed = (text: string) => busy(1).replace('❯ \n', `❯ ${text}\n`);
    const looks = Array.from({ length: 40 }, (_, index) => ({
      at: index * 3,
      screen: typed('x'.repeat(index)),
    }));
    expect(walk(looks).at(-1)).toMatchObject({ state: 'STALLED', progressAt: 0 });
  });

  test('waiting out an API error is RUNNING, reported or seen', () => {
    const error = event(2, { kind: 'error', message: '429', retrying: true });
    expect(walk([{ at: 3, screen: '', events: [prompt(1), error] }])[0]?.reason).toBe('retrying: 429');
    const screen = `❯ hello\n\n✻ API error · Retrying in 4s · attempt 5/10\n\n${composer()}`;
    expect(walk([{ at: 3, screen }])[0]).toMatchObject({ state: 'RUNNING', reason: 'retrying: API error' });
  });
});

describe('rest', () => {
  test('a reported turn end is IDLE at its own time, whatever stays on the screen for a moment', () => {
    const verdicts = walk([
      { at: 1, screen: busy(1), events: [prompt(1)] },
      { at: 4, screen: busy(4), events: [turnEnd(3.5)] },
      { at: 7, screen: idle },
    ]);
    expect(states(verdicts)).toBe('RUNNING IDLE IDLE');
    expect(verdicts[1]).toMatchObject({ since: 3500, witness: 'report' });
  });

  test('a whole turn between two looks moves the time on', () => {
    const verdicts = walk([
      { at: 1, screen: idle, events: [turnEnd(1)] },
      { at: 9, screen: idle, events: [prompt(4), turnEnd(8)] },
    ]);
    expect(verdicts.map(({ since }) => since)).toEqual([1000, 8000]);
  });

  test('work that nobody reported shows on the screen after a reported end', () => {
    const verdicts = walk([
      { at: 1, screen: idle, events: [prompt(0.5), turnEnd(1)] },
      { at: 4, screen: busy(1) },
    ]);
    expect(states(verdicts)).toBe('IDLE RUNNING');
  });

  test('two looks at an empty composer close what reports left open', () => {
    const verdicts = walk([
      { at: 1, screen: busy(1), events: [prompt(1), tool(1)] },
      { at: 4, screen: idle },
      { at: 4.5, screen: idle },
      { at: 5, screen: idle },
    ]);
    expect(states(verdicts)).toBe('RUNNING RUNNING RUNNING IDLE');
    expect(verdicts[3]).toMatchObject({ witness: 'screen', since: 5000, reason: '' });
  });

  test('an interrupted turn that left its prompt in the composer closes a little later', () => {
    const left = composer('hello');
    const looks = [4, 7, 10].map((at) => ({ at, screen: left }));
    expect(states(walk([{ at: 1, screen: busy(1), events: [prompt(1)] }, ...looks]))).toBe(
      'RUNNING RUNNING RUNNING IDLE',
    );
  });

  test('a report between the two looks, or a change, begins the count anew', () => {
    const verdicts = walk([
      { at: 1, screen: busy(1), events: [prompt(1)] },
      { at: 4, screen: idle },
      { at: 5.5, screen: idle, events: [tool(5)] },
      { at: 6, screen: idle.replace('Hi.', 'Hi there.') },
      { at: 7.5, screen: idle.replace('Hi.', 'Hi there.') },
    ]);
    expect(states(verdicts)).toBe('RUNNING RUNNING RUNNING RUNNING IDLE');
  });

  test('an error as the last thing said is the reason, until the next prompt', () => {
    const error = event(2, { kind: 'error', message: '401 invalid key', retrying: false });
    const verdicts = walk([
      { at: 3, screen: idle, events: [prompt(1), error] },
      { at: 6, screen: idle, events: [] },
      { at: 9, screen: idle, events: [prompt(7), turnEnd(8)] },
    ]);
    expect(verdicts.map(({ reason }) => reason)).toEqual([
      'error: 401 invalid key',
      'error: 401 invalid key',
      '',
    ]);
    expect(verdicts[0]?.since).toBe(2000);
  });
});

describe('start and the base rule', () => {
  test('not ready yet is STARTING, until the time limit', () => {
    const looks = Array.from({ length: 25 }, (_, index) => ({ at: index * 3, screen: 'Loading' }));
    const verdicts = walk(looks);
    expect(verdicts[19]?.state).toBe('STARTING');
    expect(verdicts.at(-1)?.state).toBe('STALLED');
  });

  test('an unknown agent type: unchanged over two checks 3 s apart is STALLED', () => {
    const verdicts = walk(
      [0, 3, 6, 9, 12].map((at) => ({ at, screen: at < 9 ? 'a' : 'b' })),
      null,
    );
    expect(states(verdicts)).toBe('RUNNING RUNNING STALLED RUNNING RUNNING');
  });

  test('an unknown agent type: one long gap is one check', () => {
    expect(
      states(
        walk(
          [0, 600].map((at) => ({ at, screen: 'a' })),
          null,
        ),
      ),
    ).toBe('RUNNING RUNNING');
  });

  test.each([
    ['a spinner', (at: number) => `⠋⠙⠹⠸⠼⠴`[at % 6] ?? ''],
    ['a clock', (at: number) => `12:00:0${at}`],
    ['a timer', (at: number) => `working (${at}s)`],
  ])('an unknown agent type: %s is not progress', (_, draw) => {
    const looks = [0, 3, 6, 9].map((at) => ({ at, screen: `agent\n${draw(at)}` }));
    expect(states(walk(looks, null))).toBe('RUNNING RUNNING STALLED STALLED');
  });

  test('a known agent whose screen no sign explains falls back to it', () => {
    const looks = [1, 4, 7, 10].map((at) => ({ at, screen: at === 1 ? idle : 'a new kind of screen' }));
    expect(states(walk(looks))).toBe('IDLE RUNNING RUNNING STALLED');
  });

  test('reports carry an agent whose screen nobody can read', () => {
    const verdicts = walk([
      { at: 1, screen: 'x', events: [event(1, { kind: 'ready' })] },
      { at: 10, screen: 'x', events: [prompt(9)] },
      { at: 30, screen: 'x', events: [turnEnd(29)] },
    ]);
    expect(states(verdicts)).toBe('IDLE RUNNING IDLE');
  });
});

describe('a spinner that a reply only quotes', () => {
  const rule = '─'.repeat(40);
  const quoting = (glyph = '⠹') =>
    ` pi prints:\n\n ${glyph} Working...\n\n${rule}\n\n${rule}\n~/app\n1%/128k`;
  const looks = (draw: (index: number) => string) =>
    Array.from({ length: 8 }, (_, index) => ({ at: index * 3, screen: draw(index) }));

  test('stands still: IDLE after a few looks', () => {
    expect(
      walk(
        looks(() => quoting()),
        piSigns,
      ).at(-1)?.state,
    ).toBe('IDLE');
  });

  test('moves: at work', () => {
    const glyphs = '⠋⠙⠹⠸⠼⠴⠦⠧';
    expect(
      walk(
        looks((index) => quoting(glyphs[index])),
        piSigns,
      ).at(-1)?.state,
    ).toBe('RUNNING');
  });

  test('after a reported end it never counts', () => {
    const [first, ...rest] = looks(() => quoting());
    const verdicts = walk([{ at: 0, ...first, events: [prompt(0), turnEnd(0)] }, ...rest], piSigns);
    expect(states(verdicts)).not.toContain('RUNNING');
  });
});

describe('what hides the composer', () => {
  const transcript = `❯ hello\n\n● Hi.\n\n${RULE}\n  Showing detailed transcript · ctrl+o to toggle`;
  const over = (before: string, title = '') =>
    walk([
      { at: 1, screen: before },
      { at: 3, screen: transcript, title },
      { at: 60, screen: transcript, title },
    ]);

  test('leaves the state as it was, however long it stands there', () => {
    expect(states(over(idle))).toBe('IDLE IDLE IDLE');
    expect(states(over(busy(1)))).toBe('RUNNING RUNNING RUNNING');
    expect(states(over(asking('make')))).toBe('WAITING WAITING WAITING');
    expect(over(idle).at(-1)).toMatchObject({
      rule: 'view',
      evidence: expect.stringContaining('transcript'),
    });
  });

  test('the title, and what is reported, know better', () => {
    expect(states(over(busy(1), '✳ Claude Code'))).toBe('RUNNING IDLE IDLE');
    expect(states(over(idle, '⠂ Claude Code'))).toBe('IDLE RUNNING RUNNING');
    const reported = walk([
      { at: 1, screen: busy(1), events: [prompt(1)] },
      { at: 3, screen: transcript, events: [turnEnd(2)] },
    ]);
    expect(states(reported)).toBe('RUNNING IDLE');
  });

  test('seen first of all, it hides an agent at rest', () => {
    expect(states(walk([{ at: 1, screen: transcript }]))).toBe('IDLE');
  });
});

test('an interrupted prompt back in the composer is over at once where the title says so', () => {
  const back = `❯ hello\n\n${composer('hello')}`;
  const [title, at] = ['✳ Claude Code', [2, 3, 4]] as const;
  const after = (named: string) =>
    states(
      walk([
        { at: 1, screen: busy(1), events: [prompt(1)] },
        ...at.map((time) => ({ at: time, screen: back, title: named })),
      ]),
    );
  expect(after(title)).toBe('RUNNING RUNNING IDLE IDLE');
  expect(after('')).toBe('RUNNING RUNNING RUNNING RUNNING');
});

describe('a reply that streams beside an empty composer', () => {
  const streaming = (said: string) =>
    `› hello\n\n\n• ${said}\n\n\n› Ask Codex to do anything\n\n  m1 · ~/work`;
  const look = (at: number, said: string, title = '') => ({ at, screen: streaming(said), title });
  const read = (looks: readonly Look[]) => states(walk(looks, codexSigns));

  test('is work while it grows, where no title tells', () => {
    const looks = [look(1, 'a'), look(2, 'a b'), look(3, 'a b c'), look(5, 'a b c'), look(9, 'a b c')];
    expect(read(looks)).toBe('IDLE IDLE RUNNING RUNNING IDLE');
  });

  test('goes on from the busy sign', () => {
    const working = `› hello\n\n\n• Working (3s • esc to interrupt)\n\n\n› Ask Codex to do anything\n\n  m1 · ~/work`;
    expect(read([{ at: 1, screen: working }, look(2, 'a'), look(3, 'a b'), look(8, 'a b')])).toBe(
      'RUNNING RUNNING RUNNING IDLE',
    );
  });

  test('is over where the title rests, and one new line is no stream', () => {
    const titled = [look(1, 'a', '⠋ work'), look(2, 'a b', 'work'), look(3, 'a b c', 'work')];
    expect(read(titled)).toBe('RUNNING IDLE IDLE');
    expect(read([look(1, 'a'), look(2, 'a'), look(3, 'b'), look(4, 'b')])).toBe('IDLE IDLE IDLE IDLE');
  });
});

test('an interrupted retry that stays on the screen is no retry', () => {
  const retry = (seconds: number) =>
    `❯ hello\n\n✻ API error · Retrying in ${seconds}s · attempt 4/10\n\n${composer()}`;
  const frozen = [3, 4, 5, 6, 7, 8, 9].map((at) => ({ at, screen: retry(3) }));
  const looks = [{ at: 1, screen: retry(5) }, { at: 2, screen: retry(4) }, ...frozen];
  expect(walk(looks).at(-1)?.state).toBe('IDLE');
  const titled = looks.map((look) => ({ ...look, title: look.at < 3 ? '⠂ Claude Code' : '✳ Claude Code' }));
  expect(states(walk(titled))).toBe(`RUNNING RUNNING ${'IDLE '.repeat(7).trim()}`);
});
