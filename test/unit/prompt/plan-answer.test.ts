import { describe, expect, test } from 'vitest';
import { readQuestion, type ShownQuestion } from '../../../src/activity/read-question.ts';
import type { AnswerSigns, ScreenSigns } from '../../../src/agents/types.ts';
import { planAnswer } from '../../../src/prompt/plan-answer.ts';
import { loadRecording, SIGNS } from '../activity/recordings.ts';

/** The last question of a recording, and how its agent's questions are answered. */
function ask(name: string): { readonly question: ShownQuestion; readonly signs: ScreenSigns } {
  const recording = loadRecording(name);
  const signs = SIGNS[recording.agent];
  const questions = recording.frames.map(({ screen }) => readQuestion(signs, screen));
  const question = questions.findLast((found) => found !== undefined);
  if (!signs || !question) throw new Error(`no question in ${name}`);
  return { question, signs };
}

function plan(name: string, answer: string) {
  const { question, signs } = ask(name);
  return planAnswer(question, answer, signs.answers);
}

describe('a permission', () => {
  test.each([
    ['claude/approve-80x24.json', 'yes', 0],
    ['claude/approve-80x24.json', 'Y', 0],
    ['claude/approve-40x12.json', 'always', 1],
    ['claude/approve-40x12.json', 'no', 2],
    ['claude/edit-60x15.json', 'always', 1],
    ['codex/approve-80x24.json', 'yes', 0],
    ['codex/approve-80x24.json', 'always', 1],
    ['codex/approve-80x24.json', '3', 2],
    ['codex/approve-80x24.json', 'yes,  proceed', 0],
    ['opencode/approve-40x12.json', 'yes', 0],
    ['opencode/approve-40x12.json', 'always', 1],
    ['opencode/approve-40x12.json', 'REJECT', 2],
    ['pi/extension-80x24.json', 'Name', undefined],
  ])('%s, answered %s', (name, answer, option) => {
    const planned = plan(name, answer);
    if (option === undefined) expect(planned).toMatchObject({ plan: { how: 'type', text: answer } });
    else expect(planned).toMatchObject({ plan: { how: 'choose', option } });
  });

  test('its refusal may be scrolled off: the key that refuses stands in for it', () => {
    expect(plan('codex/approve-40x12.json', 'no')).toEqual({
      plan: { how: 'key', key: 'Escape' },
      says: 'no (Escape)',
    });
    expect(plan('opencode/longcmd-40x12.json', 'no')).toMatchObject({ plan: { key: 'Escape' } });
  });

  test.each([
    ['opencode/longcmd-40x12.json', 'yes', 'no option means "yes": its options are not on the screen'],
    ['codex/multi-80x24.json', 'always', 'no option means "always": it offers 1 "Yes, proceed (y)" (yes), 2'],
    ['codex/approve-80x24.json', '4', 'no option 4: it offers'],
    ['codex/approve-80x24.json', 'sure', '"sure" is none of its options, and it takes no other words'],
    ['claude/approve-80x24.json', 'sure', '"sure" is none of its options'],
  ])('%s refuses %s and says what it offers', (name, answer, why) => {
    expect(plan(name, answer)).toEqual({ refused: expect.stringContaining(why) });
  });

  test("claude takes the user's words behind a refusal", () => {
    expect(plan('claude/edit-80x24.json', 'write it to two.txt')).toEqual({
      plan: { how: 'choose', option: 2, text: 'write it to two.txt', openKey: 'Tab' },
      says: 'no: write it to two.txt',
    });
  });
});

describe('a choice', () => {
  test.each([
    ['claude/ask-80x24.json', 'sqlite', { how: 'choose', option: 1 }],
    ['claude/ask-80x24.json', 'DuckDB', { how: 'choose', option: 2, text: 'DuckDB' }],
    ['opencode/ask-60x15.json', '2', { how: 'choose', option: 1 }],
    ['opencode/ask-60x15.json', 'DuckDB', { how: 'choose', option: 2, text: 'DuckDB' }],
    ['claude/ask-40x12.json', '4', { how: 'choose', option: 2 }],
  ])('%s, answered %s', (name, answer, expected) => {
    expect(plan(name, answer)).toMatchObject({ plan: expected });
  });

  test.each([
    ['claude/ask-80x24.json', 'yes', 'no option means "yes"'],
    ['claude/ask-80x24.json', 'no', 'no option means "no"'],
    ['claude/ask-80x24.json', '3', 'needs words: give them as the answer'],
    ['claude/ask-40x12.json', '3', 'some are not on its screen, a larger pane shows them'],
  ])('%s refuses %s', (name, answer, why) => {
    expect(plan(name, answer)).toEqual({ refused: expect.stringContaining(why) });
  });
});

describe('types of the user', () => {
  const menu = 'Overwrite config.yml?\n\n❯ 1. Yes\n  2. No\n';

  test.each<[AnswerSigns['press'], object]>([
    [undefined, { how: 'choose', option: 1 }],
    ['numbers', { how: 'key', key: '2' }],
    ['line', { how: 'type', text: '2' }],
  ])('press: %s', (press, expected) => {
    const question = readQuestion(undefined, menu);
    expect(question && planAnswer(question, 'no', press && { press })).toMatchObject({ plan: expected });
  });

  test.each([
    ['Proceed with the installation? [y/N]', 'yes', 'y'],
    ['Proceed? (yes/no): ', 'no', 'no'],
  ])('%s answered %s types %s', (screen, answer, text) => {
    const question = readQuestion(undefined, `$ install\n${screen}`);
    expect(question && planAnswer(question, answer, undefined)).toMatchObject({
      plan: { how: 'type', text },
    });
  });
});

describe('several that may be ticked', () => {
  test.each(['claude', 'opencode'])('%s: "submit" goes on with those that are', (agent) => {
    const recording = loadRecording(`${agent}/questions-80x24.json`);
    const frame = recording.frames.find(({ screen }) => screen.includes('[ ] Red'));
    const signs = SIGNS[agent];
    const question = readQuestion(signs, frame?.screen ?? '');
    expect(question && planAnswer(question, 'submit', signs?.answers)).toMatchObject({
      plan: { how: 'key', key: 'Right' },
      says: 'submit',
    });
  });

  test('the page that shows them once more is consented to; elsewhere the word means nothing', () => {
    const recording = loadRecording('claude/questions-80x24.json');
    const page = recording.frames.find(({ screen }) => screen.includes('Ready to submit'));
    const review = readQuestion(SIGNS.claude, page?.screen ?? '');
    expect(review && planAnswer(review, 'submit', SIGNS.claude?.answers)).toMatchObject({
      plan: { how: 'choose', option: 0 },
    });
    const lines = ['Review', '', 'Choice 1: Green', '', '⇆ tab  enter submit  esc dismiss', ''];
    const last = ['', ...lines.map((line) => `  ┃  ${line}`)].join('\n');
    const asked = readQuestion(SIGNS.opencode, `  ┃\n  ┃   Choice 1   Confirm\n  ┃\n${last.slice(1)}`);
    expect(asked && planAnswer(asked, 'submit', SIGNS.opencode?.answers)).toMatchObject({
      plan: { key: 'Enter' },
    });
    expect(plan('codex/approve-80x24.json', 'submit')).toMatchObject({ refused: expect.any(String) });
  });
});
