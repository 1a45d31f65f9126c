import { describe, expect, test } from 'vitest';
import { judgeLabel } from '../../../src/activity/judge-label.ts';
import { isAbout, isSameId, joinId, nameQuestion } from '../../../src/activity/merge-question.ts';
import { readQuestion } from '../../../src/activity/read-question.ts';
import { loadRecording, loadRecordings, SIGNS } from './recordings.ts';

const recordings = loadRecordings();
const summarise = (agent: string, screen: string, styled?: string) => {
  const question = readQuestion(SIGNS[agent], screen, styled);
  return question?.options.map(({ key, label, means = '-' }) => `${key} ${label} = ${means}`);
};

const CLAUDE_COMMAND = [
  '1 Yes = yes',
  '2 Yes, and always allow access to workspace/ from this project = always',
  '3 No = no',
];
const CLAUDE_EDIT = [
  '1 Yes = yes',
  '2 Yes, allow all edits during this session (shift+tab) = always',
  '3 No = no',
];
const OPENCODE = ['1 Allow once = yes', '2 Allow always = always', '3 Reject = no'];
const CODEX = [
  '1 Yes, proceed (y) = yes',
  "2 Yes, and don't ask again for commands that start with `rm -rf build` (p) = always",
  '3 No, and tell Codex what to do differently (esc) = no',
];

/** What each question offers, whatever the size of its pane; what a small one cuts off in a line of its own. */
const OFFERS: Readonly<Record<string, readonly string[]>> = {
  'claude/approve': CLAUDE_COMMAND,
  'claude/refuse': CLAUDE_COMMAND,
  'claude/edit': CLAUDE_EDIT,
  'claude/longcmd': ['1 Yes = yes', '2 No = no'],
  'claude/multi': ['1 Yes = yes', '2 No = no'],
  'claude/trust': ['1 Yes, I trust this folder = yes', '2 No, exit = no'],
  'claude/apikey': ['1 Yes = yes', '2 No (recommended) = no'],
  'claude/bypass': ['1 No, exit = no', '2 Yes, I accept = yes'],
  'claude/plan': ['1 Yes = yes', '2 No = no'],
  'claude/ask': ['1 Postgres = -', '2 SQLite = -', '3 Type something. = -', '4 Chat about this = -'],
  'claude/ask-40x12': ['1 Postgres = -', '2 SQLite = -', '4 Chat about this = -'],
  'codex/approve': CODEX,
  'codex/refuse': CODEX,
  'codex/longcmd': CODEX,
  'codex/multi': [CODEX[0] ?? '', '2 No, and tell Codex what to do differently (esc) = no'],
  'codex/trust': ['1 Trust and continue = yes', '2 Back to Agent Command Center = no'],
  'codex/login': [
    '1 Sign in with ChatGPT = -',
    '2 Sign in with Device Code = -',
    '3 Sign in another way = -',
  ],
  'opencode/approve': OPENCODE,
  'opencode/refuse': OPENCODE,
  'opencode/longcmd': OPENCODE,
  'opencode/multi': OPENCODE,
  'opencode/edit': OPENCODE,
  'opencode/ask': ['1 Postgres = -', '2 SQLite = -', '3 Type your own answer = -'],
  // Nothing of its options is drawn in so small a pane.
  ...Object.fromEntries(['edit', 'longcmd', 'multi'].map((name) => [`opencode/${name}-40x12`, []])),
};
/** codex 0.169.0 shows the first two of three. */
const CUT = /^codex\/(?:(?:approve|refuse|longcmd)-40x12|approve-60x15)/;

const asking = recordings.filter(([name]) => OFFERS[name.replace(/-\d+x\d+\.json$/, '')]);

test.each(asking)('%s: its options, in order, with what they mean', (name, { agent, frames }) => {
  const offered = OFFERS[name.replace('.json', '')] ?? OFFERS[name.replace(/-\d+x\d+\.json$/, '')] ?? [];
  const seen = frames.flatMap(({ screen, styled }) => {
    const options = summarise(agent, screen, styled);
    return options ? [options] : [];
  });
  expect(seen.length).toBeGreaterThan(0);
  for (const options of seen) {
    if (!CUT.test(name)) expect(options).toEqual(offered);
    else {
      expect(options).toHaveLength(2);
      options.forEach((option, index) => {
        const [label = '', means] = option.split(' = ');
        expect(offered[index]?.startsWith(label)).toBe(true);
        expect(offered[index]?.endsWith(` = ${means}`)).toBe(true);
      });
    }
  }
});

test.each(recordings.filter(([name]) => name.includes('/questions-')))(
  '%s: its options, the chosen one and what they mean',
  (_, { agent, frames }) => {
    for (const { screen, styled, truth, label } of frames) {
      const question = readQuestion(SIGNS[agent], screen, styled);
      const options = question?.options.map(
        ({ key, label: text, means, selected }) =>
          `${selected ? '>' : ''}${key} ${text}${means ? ` = ${means}` : ''}`,
      );
      expect(options, label).toEqual(truth?.options);
    }
  },
);

test.each(recordings.filter(([name]) => /\/q(?!uestions)/.test(name)))(
  '%s: what a reply quotes is no question',
  (_, { agent, frames }) => {
    for (const { screen } of frames) expect(readQuestion(SIGNS[agent], screen)).toBeUndefined();
  },
);

describe('menus of any program', () => {
  const read = (screen: string) => {
    const question = readQuestion(undefined, screen);
    return (
      question && [
        question.title,
        ...question.options.map((o) => `${o.selected ? '>' : ''}${o.key} ${o.label}`),
      ]
    );
  };

  test.each([
    ['numbers with a marker', 'Do it?\n\n❯ 1. Yes\n  2. No', ['Do it?', '>1 Yes', '2 No']],
    ['its second chosen', 'Do it?\n  1) Yes\n> 2) No\n\n enter selects', ['Do it?', '1 Yes', '>2 No']],
    ['a marker alone', 'Which one?\n\n → Postgres\n   SQLite\n', ['Which one?', '>1 Postgres', '2 SQLite']],
    ['descriptions', 'Which?\n❯ 1. One\n     first\n  2. Two\n     second', ['Which?', '>1 One', '2 Two']],
    [
      'wrapped labels',
      `${'─'.repeat(34)}\nWhich?\n❯ 1. One that is very long, so\n     long indeed\n  2. Two`,
      ['Which?', '>1 One that is very long, so long indeed', '2 Two'],
    ],
    [
      'ten and more',
      `Which?\n${Array.from({ length: 11 }, (_, n) => `${n === 9 ? '❯' : ' '}${`${n + 1}`.padStart(3)}. o${n}`).join('\n')}`,
      ['Which?', ...Array.from({ length: 11 }, (_, n) => `${n === 9 ? '>' : ''}${n + 1} o${n}`)],
    ],
    ['yes or no', 'Go on? [y/N] ', ['Go on?', 'y y', 'n n']],
  ])('%s', (_, screen, expected) => {
    expect(read(screen)).toEqual(expected);
  });

  test.each([
    ['a list that is only said', 'I would:\n1. read\n2. write\n\n> '],
    ['a menu that has scrolled up', `❯ 1. Yes\n  2. No\n${'line\n'.repeat(8)}`],
    ['an answered prompt', 'Go on? [y/N] y\ninstalling'],
    ['nothing', ''],
  ])('no question: %s', (_, screen) => {
    expect(read(screen)).toBeUndefined();
  });
});

test('the ground tells the chosen one where no marker does', () => {
  const row = (at: number) =>
    ['Allow once', 'Allow always', 'Reject']
      .map((label, index) => (index === at ? `\u001b[48;5;215m ${label} \u001b[48;5;234m` : ` ${label} `))
      .join(' ');
  const draw = (at: number) =>
    `\u001b[48;5;233m  ┃  △ Permission required\n  ┃\n  ┃  $ make\n  ┃\n  ┃\u001b[48;5;234m  ${row(at)}      \u001b[0m`;
  for (const at of [0, 1, 2]) {
    const styled = draw(at);
    const plain = styled.replace(/\u001b\[[\d;]*m/g, '');
    expect(readQuestion(SIGNS.opencode, plain, styled)?.options.findIndex(({ selected }) => selected)).toBe(
      at,
    );
  }
});

test.each([
  ['Yes, and auto-accept edits', 'always'],
  ['Yes, and manually approve edits', 'yes'],
  ['No, keep planning', 'no'],
  ["No, and don't ask again", 'no'],
  ['Always deny', 'no'],
  ['Allow for this session', 'always'],
  ['Skip until next version', 'no'],
  ['Northern mirror', undefined],
  ['Yesterday', undefined],
  ['Never ask again', undefined],
])('"%s" means %s', (label, means) => {
  expect(judgeLabel(label)).toBe(means);
});

test('the name of a question: its words, and when it was asked where that is known', () => {
  const print = readQuestion(undefined, 'Do it?\n❯ 1. Yes\n  2. No')?.id ?? '';
  expect(readQuestion(undefined, 'Do it?\n  1. Yes\n❯ 2. No')?.id).toBe(print);
  expect(readQuestion(undefined, 'Do that?\n❯ 1. Yes\n  2. No')?.id).not.toBe(print);
  const [reported, seen] = [{ reportedAt: 10_000 }, { seenAt: 10_000 }];
  expect(isSameId(joinId(print, reported), joinId(print, { reportedAt: 12_000 }))).toBe(false);
  expect(isSameId(joinId(print, seen), joinId(print, { seenAt: 12_000 }))).toBe(false);
  expect(isSameId(joinId(print, seen), joinId(print, seen))).toBe(true);
  // It was seen a little before it was reported, or after.
  expect(isSameId(joinId(print, seen), joinId(print, { reportedAt: 12_000 }))).toBe(true);
  expect(isSameId(joinId(print, seen), joinId(print, { reportedAt: 20_000 }))).toBe(false);
  // Nobody but the one who saw it first knows when it began: what stands there without a time is another one.
  expect(isSameId(joinId(print, seen), print)).toBe(false);
  expect(isSameId(print, joinId(print, reported))).toBe(true);
  expect(isSameId('', print)).toBe(false);
});

test.each([
  ['Bash: rm -rf build', 'rm -rf build removes it', true],
  ['Bash: rm -rf build', '… rm -rf build', true],
  ['Bash: rm -rf build', 'curl example.org', false],
  ['Write: /w/hello.txt', 'Do you want to create hello.txt?', true],
  ['Write: /w/hello.txt', 'Do you want to create other.txt?', false],
  ['Bash: make', 'Do you want to proceed?', true],
  ['', 'rm -rf build', true],
])('reported "%s", shown "%s": the same: %s', (reported, shown, same) => {
  expect(isAbout(reported, shown)).toBe(same);
});

test.each([
  ['Bash: make\nall of it', 'make', 'Bash: make\nall of it'],
  ['', 'rm -rf build', 'rm -rf build'],
  ['Which colour?\nWhich size?', 'Which size?', 'Which size?'],
  ['Which colour?', '5. Chat about this', 'Which colour?'],
])('reported "%s", shown "%s": it is about "%s"', (what, shown, expected) => {
  expect(nameQuestion({ kind: 'choice', what }, { what: shown })).toEqual({ kind: 'choice', what: expected });
});

describe('selectors: their own words, nothing of what stands above them', () => {
  const WORDS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
    'codex/hard-100x30.json': [
      ['skills', 'Skills Choose an action'],
      ['permissions', 'Update Model Permissions'],
      ['review', 'Select a review preset'],
      ['new', 'Where should the new conversation run?'],
    ],
    'claude/hard-100x30.json': [
      ['model', 'Select model'],
      ['permissions', 'Permissions'],
      ['config', 'Settings'],
    ],
    'pi/hard-40x12.json': [
      ['login', 'Select authentication method:'],
      ['settings', 'Settings'],
      ['model', 'Select a model'],
    ],
    'opencode/more-40x12.json': [
      ['sessions', 'Sessions'],
      ['themes', 'Themes'],
    ],
  };

  test.each(
    Object.entries(WORDS).flatMap(([name, selectors]) => selectors.map((one) => [name, ...one] as const)),
  )('%s: %s is "%s"', (name, command, words) => {
    const { agent, frames } = loadRecording(name);
    const frame = frames.findLast(({ label }) => label?.startsWith(`${command}: /`));
    expect(readQuestion(SIGNS[agent], frame?.screen ?? '')).toMatchObject({ what: words, title: words });
  });
});
