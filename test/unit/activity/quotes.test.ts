import { describe, expect, test } from 'vitest';
import { readScreen } from '../../../src/activity/read-screen.ts';
import { initialMemory, stepActivity } from '../../../src/activity/step-activity.ts';
import type { AgentEvent } from '../../../src/agents/types.ts';
import { loadRecording, SIGNS } from './recordings.ts';

/** What the four agents show when they fail, work, ask: as the user, or the agent, may write it. */
const WORDS = [
  'error: invalid key',
  'Error: 429 Rate limit exceeded',
  'API Error: 401 invalid key',
  'Please run /login · API Error: 401 invalid key',
  'Credit balance is too low',
  '⎿  API Error: 500 overloaded',
  '■ exceeded retry limit, last status: 429',
  '■ Conversation interrupted',
  '• Working (3s • esc to interrupt)',
  '◦ Reconnecting 2/5 (3s • esc to interrupt)',
  '✽ Fermenting… (14s · ↓ 10 tokens)',
  '✻ API error · Retrying in 4s · attempt 5/10',
  '■■■⬝⬝⬝  esc interrupt',
  '▣  Build · m1',
  '⎿  Running… (3s)',
  '$ rm -rf build',
  'Elapsed 3s',
  '┃  △ Permission required',
  '△ Permission required\n\n$ rm -rf build\n\nAllow once   Allow always   Reject',
  'Do you want to proceed?\n\n❯ 1. Yes\n  2. No\n\nEsc to cancel · Tab to amend',
  'Would you like to run the following command?\n\n$ rm -rf build\n\n› 1. Yes, proceed (y)\n  2. No\n\nPress enter to confirm or esc to cancel',
  'Trust this folder?\n\n› 1. Yes\n  2. No\n\nenter continue · esc quit',
  'Which one?\n\n→ Yes\n  No\n\n↑↓ navigate  enter select',
  'Do it? [y/N]',
] as const;

/** The lines of a prompt in an agent's own frame, as the last thing above its empty composer. */
const FRAMES: Readonly<Record<string, (lines: readonly string[]) => readonly string[]>> = {
  claude: (lines) => [
    ...lines.map((line, index) => `${index === 0 ? '❯ ' : '  '}${line}`),
    '',
    ...['─'.repeat(80), '❯ ', '─'.repeat(80), '  ? for shortcuts'],
  ],
  codex: (lines) => [
    ...lines.map((line, index) => `${index === 0 ? '› ' : '  '}${line}`),
    ...['', '', '› Ask Codex to do anything', '', '  m1 default · /tmp/workspace'],
  ],
  opencode: (lines) => [
    ...['  ┃', ...lines.map((line) => `  ┃  ${line}`), '  ┃', '', '     ▣  Build · m1', ''],
    ...['  ┃', '  ┃', '  ┃', '  ┃  Build · m1 mock', `  ╹${'▀'.repeat(77)}`, '   /tmp/workspace'],
  ],
  pi: (lines) => [
    ...lines.map((line) => ` ${line}`),
    ...['', '', '─'.repeat(80), '', '─'.repeat(80), '/tmp/workspace (master)', '0.0%/128k (auto)'],
  ],
};

describe.each(Object.keys(FRAMES))('a prompt that nobody answered yet is nothing that %s says', (agent) => {
  const signs = SIGNS[agent];
  const draw = FRAMES[agent];
  const words = WORDS.flatMap((word) => [word, `look at this\n\n${word}`, `${word}\n\nwhat does it mean?`]);

  test.each(words)('%s', (word) => {
    if (!signs || !draw) throw new Error('no such agent');
    const screen = ['', ...draw(word.split('\n'))].join('\n');
    const reading = readScreen(signs, screen, '');
    expect(reading).toMatchObject({ composer: { text: '', mode: 'prompt' } });
    expect(reading).toMatchObject({ busy: undefined, retrying: undefined, dialog: undefined });
    // pi draws a prompt as it draws its own lines: whose they are is known from its reports only.
    if (agent !== 'pi') expect(reading).toMatchObject({ error: undefined, tool: undefined });
  });
});

describe('an error that the agent shows is still read', () => {
  test.each([
    ['claude/fail-80x24.json', 'Please run /login · API Error: 401 invalid key'],
    ['codex/429-80x24.json', 'exceeded retry limit'],
    ['opencode/429-120x40.json', 'Rate limit exceeded'],
    ['pi/429-120x40.json', '429 Rate limit exceeded'],
  ])('%s', (name, error) => {
    const { agent, frames } = loadRecording(name);
    const signs = SIGNS[agent];
    const told = frames.map(({ screen, title }) => signs && readScreen(signs, screen, title).error);
    expect(told.some((text) => text?.includes(error))).toBe(true);
  });
});

describe("what the reports call the user's words, or the answer, is no error and no tool", () => {
  const judge = (agent: string, lines: readonly string[], events: readonly AgentEvent[], at = 5000) => {
    const screen = FRAMES[agent]?.(lines).join('\n') ?? '';
    const look = { at, screen, title: '', size: '80x24', dead: false, events };
    return stepActivity(initialMemory(0), look, { signs: SIGNS[agent] }).verdict;
  };
  const error = 'Error: 429 Rate limit exceeded';

  test('a prompt that was interrupted', () => {
    const events: AgentEvent[] = [
      { kind: 'prompt', at: 1000, text: `look at this\n\n${error}` },
      { kind: 'turn-end', at: 2000, message: '' },
    ];
    expect(judge('pi', ['look at this', '', error], events)).toMatchObject({ state: 'IDLE', reason: '' });
    expect(judge('pi', [error], [])).toMatchObject({ state: 'IDLE', reason: `error: ${error.slice(7)}` });
  });

  test('an answer', () => {
    const said: AgentEvent = { kind: 'turn-end', at: 2000, message: `The log says:\n\n${error}` };
    expect(judge('pi', ['The log says:', '', error], [said])).toMatchObject({ state: 'IDLE', reason: '' });
    const claude = [
      '● API Error: 429 means that too much was asked',
      '',
      ...(FRAMES.claude?.([]) ?? []),
    ].join('\n');
    const message = 'API Error: 429 means that too much was asked';
    const look = { at: 5000, screen: claude, title: '', size: '80x24', dead: false };
    const told = (events: readonly AgentEvent[]) =>
      stepActivity(initialMemory(0), { ...look, events }, { signs: SIGNS.claude }).verdict.reason;
    expect(told([{ kind: 'turn-end', at: 2000, message }])).toBe('');
    expect(told([])).toBe(`error: ${message}`);
  });

  test('an error that was reported counts, whoever quotes it', () => {
    const events: AgentEvent[] = [
      { kind: 'prompt', at: 1000, text: error },
      { kind: 'error', at: 2000, message: '429 Rate limit exceeded', retrying: false },
    ];
    expect(judge('pi', [error], events).reason).toBe('error: 429 Rate limit exceeded');
  });

  test('a tool', () => {
    const events: AgentEvent[] = [{ kind: 'prompt', at: 1000, text: 'what is\nElapsed 3s' }];
    expect(judge('pi', ['what is', 'Elapsed 3s'], events)).toMatchObject({
      state: 'RUNNING',
      reason: 'model',
    });
  });
});
