import { describe, expect, test } from 'vitest';
import { hasNewWords, printWords } from '../../../src/activity/find-progress.ts';
import { initialMemory, stepActivity } from '../../../src/activity/step-activity.ts';
import { SIGNS } from './recordings.ts';

const isNew = (before: string, now: string): boolean => hasNewWords(printWords(before), printWords(now));

describe('what is new on a screen', () => {
  test.each([
    ['a line below', 'one\ntwo', 'one\ntwo\nthree'],
    ['a line below, the first gone', 'one\ntwo\nthree', 'two\nthree\nfour'],
    ['a word more', 'counting 1, 2,', 'counting 1, 2, 3,'],
    ['a counter', '3 of 10 done', '4 of 10 done'],
    ['another screen', 'one two three', 'four five'],
    ['output between what stays', 'one\nlist of tasks', 'two\nthree\nlist of tasks'],
    ['the same words in turn, scrolling', 'tick\ntock\ntick\ntock', 'tock\ntick\ntock\ntick'],
    ['the same line once more', 'make\ntick\ntick', 'make\ntick\ntick\ntick'],
    ['anything after nothing', '', 'one'],
  ])('%s', (_, before, now) => {
    expect(isNew(before, now)).toBe(true);
  });

  test.each([
    ['nothing', 'one\ntwo', 'one\ntwo'],
    ['a line at the end gone', 'one\ntwo\nthree', 'one\ntwo'],
    ['the first line scrolled away', 'one\ntwo\nthree', 'two\nthree'],
    ['a line in the middle gone', 'one\ntwo\nthree', 'one\nthree'],
    ['older text in sight again', 'three\nfour', 'one\ntwo\nthree\nfour'],
    ['other lines', 'one two three four five', 'one two\nthree four\nfive'],
    ['the end of it in other lines', 'one two three four five', 'three four\nfive'],
    ['an empty screen', 'one two', ''],
    ['a marker that moves', '❯ one\n  two', '  one\n❯ two'],
    ['a spinner nobody knows', '◢ one', '◣ one'],
  ])('not: %s', (_, before, now) => {
    expect(isNew(before, now)).toBe(false);
  });
});

describe('a model that hangs on a full screen is STALLED 90 s later', () => {
  const long = Array.from({ length: 40 }, (_, line) => `point ${line} of a long answer`);
  const rows = 30;
  const screens: Readonly<Record<string, (second: number) => readonly string[]>> = {
    codex: (second) => [
      ...long.map((line) => `  ${line}`),
      '',
      `• Working (${second}s • esc to interrupt)`,
      ...(second < 30 ? [] : ['  └ Tip: Press ^t to open the full transcript.']),
      ...['', '', '› Ask Codex to do anything', '', '  m1 default · /tmp/workspace'],
      ...(second < 50 ? [] : ['  ← for agents                       ⚠ 1 warning · f2 to view']),
    ],
    claude: (second) => [
      ...long.map((line) => `  ${line}`),
      '',
      `✻ Galloping… (${second}s · ↓ 12 tokens)`,
      ...(second < 30
        ? []
        : ['  ⎿  Tip: Use /btw to ask a quick side question without', '     interrupting']),
      ...['', '─'.repeat(60), '❯ ', '─'.repeat(60), '  ? for shortcuts'],
    ],
  };

  test.each(Object.keys(screens))('%s, with tips that push lines out of sight', (agent) => {
    let memory = initialMemory(0);
    const stalled: number[] = [];
    for (let second = 0; second < 140; second += 3) {
      const screen = (screens[agent]?.(second) ?? []).slice(-rows).join('\n');
      const look = { at: second * 1000, screen, title: '', size: '60x30', dead: false, events: [] };
      const step = stepActivity(memory, look, { signs: SIGNS[agent] });
      memory = step.memory;
      if (step.verdict.state === 'STALLED') stalled.push(second);
    }
    expect(Math.min(...stalled)).toBeLessThan(96);
  });
});
