import { describe, expect, test } from 'vitest';
import { hideDim } from '../../../src/activity/hide-dim.ts';
import { readScreen } from '../../../src/activity/read-screen.ts';
import { loadRecording, SIGNS } from './recordings.ts';

const read = (agent: string, screen: string, title = '') => {
  const signs = SIGNS[agent];
  if (signs === undefined) throw new Error(`no signs for ${agent}`);
  return readScreen(signs, screen, title);
};

/** The idle screen of an agent after a turn, with the last reply replaced by lines in the reply's own columns. */
function reply(agent: string, ...lines: readonly string[]): string {
  const recording = loadRecording(`${agent}/done-120x40.json`);
  const screen = recording.frames.at(-1)?.screen ?? '';
  const text = { pi: ' ', codex: '  ', opencode: '     ', claude: '  ' }[agent] ?? '';
  const first = { pi: ' ', codex: '• ', opencode: '     ', claude: '● ' }[agent] ?? '';
  const said = lines
    .map((line, index) => (line === '' ? '' : `${index === 0 ? first : text}${line}`))
    .join('\n');
  return screen.replace(/^[^\n]*\bword0\b.*\bword299$/msu, said);
}

const QUOTES = [
  'Working (3s • esc to interrupt)',
  'esc to interrupt',
  '• Working (3s • esc to interrupt)',
  '✽ Fermenting… (14s · ↓ 10 tokens)',
  '✻ API error · Retrying in 4s · attempt 5/10',
  '⬝⬝⬝⬝■■■■  esc interrupt',
  '■■■⬝⬝⬝ Rate limit exceeded [retrying in 1s attempt #2]',
  '⎿  Running… (3s)',
  '❯ 1. Yes',
  '› 1. Yes, proceed (y)',
  'Press enter to confirm or esc to cancel',
  'Esc to cancel · Tab to amend',
  '┃  △ Permission required',
  '■ exceeded retry limit, last status: 429',
] as const;

const DIALOGS = [
  ' Bash command\n\n   rm -rf build\n\n Do you want to proceed?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel · Tab to amend',
  '  Would you like to run the following command?\n\n  $ rm -rf build\n\n› 1. Yes, proceed (y)\n  2. No\n\n  Press enter to confirm or esc to cancel',
  '  ┃  △ Permission required\n  ┃    # Shell command\n  ┃\n  ┃  $ rm -rf build\n  ┃\n  ┃   Allow once   Allow always   Reject',
  '────────────────\n\n Deploy?\n\n → Yes\n   No\n\n ↑↓ navigate  enter select\n\n────────────────',
] as const;

describe.each(['pi', 'codex', 'opencode', 'claude'])('what %s only quotes does not count', (agent) => {
  const title = { claude: '✳ Claude Code', codex: 'workspace' }[agent];

  test.each(QUOTES)('alone: %s', (quote) => {
    const reading = read(agent, reply(agent, quote), title);
    expect(reading).toMatchObject({
      composer: { text: '', mode: 'prompt' },
      busy: undefined,
      retrying: undefined,
    });
    expect(reading.dialog).toBeUndefined();
  });

  test.each(QUOTES)('as the last of several lines: %s', (quote) => {
    const reading = read(agent, reply(agent, 'It prints this:', '', quote), title);
    expect(reading).toMatchObject({
      composer: { text: '', mode: 'prompt' },
      busy: undefined,
      dialog: undefined,
    });
  });

  test.each(DIALOGS)('a whole dialog: %s', (dialog) => {
    const reading = read(agent, reply(agent, 'It asks:', '', ...dialog.split('\n')), title);
    expect(reading).toMatchObject({
      composer: { text: '', mode: 'prompt' },
      busy: undefined,
      dialog: undefined,
    });
  });

  test.each([...QUOTES, ...DIALOGS])('in the composer: %s', (quote) => {
    const screen = loadRecording(`${agent}/idle-120x40.json`).frames.at(-1)?.screen ?? '';
    const typed = type(agent, screen, quote);
    const reading = read(agent, typed, title);
    expect(reading.busy).toBeUndefined();
    expect(reading.dialog).toBeUndefined();
    expect(reading.composer?.text).not.toBe('');
  });
});

/** The idle screen with text in its composer, as the agent would draw it. */
function type(agent: string, screen: string, text: string): string {
  const lines = text.split('\n');
  if (agent === 'claude') return screen.replace(/^❯.*$/mu, `❯ ${lines.join('\n  ')}`);
  if (agent === 'codex') return screen.replace(/^›.*$/mu, `› ${lines.join('\n  ')}`);
  if (agent === 'pi') return screen.replace(/^(─{9,})\n\n(?=─{9,}$)/mu, `$1\n${text}\n`);
  return screen.replace(/^( *)┃ {2}Ask anything.*$/mu, (_, bar) =>
    lines.map((line) => `${bar}┃  ${line}`).join('\n'),
  );
}

describe('a suggestion in the composer of Claude Code', () => {
  const rule = '─'.repeat(40);
  const plain = `● Done.\n\n${rule}\n❯ run the tests\n${rule}\n  ? for shortcuts`;
  const styled = plain.replace('run the tests', '\u001b[7mr\u001b[0;2mun the tests\u001b[0m');
  const signs = SIGNS.claude;

  test('looks like text, unless the styles are known', () => {
    if (signs === undefined) return;
    expect(readScreen(signs, plain, '').composer?.text).toBe('run the tests');
    expect(readScreen(signs, plain, '', { styled }).composer?.text).toBe('');
    expect(readScreen(signs, plain, '', { styled: plain }).composer?.text).toBe('run the tests');
  });
});

describe('a placeholder and the same words typed', () => {
  const screen = '• Hi.\n\n  Worked for 1s • 15:59\n\n\n› Ask Codex to do anything\n\n  m1 default · ~/app';

  test('are told apart by the cursor', () => {
    const signs = SIGNS.codex;
    if (signs === undefined) return;
    expect(readScreen(signs, screen, '').composer?.text).toBe('');
    expect(readScreen(signs, screen, '', { cursor: { x: 2, y: 5 } }).composer?.text).toBe('');
    expect(readScreen(signs, screen, '', { cursor: { x: 26, y: 5 } }).composer?.text).toBe(
      'Ask Codex to do anything',
    );
  });
});

test('hiding what is dim keeps the columns and knows colours from styles', () => {
  expect(hideDim('a\u001b[2mb\u001b[22mc\u001b[38;2;1;2;3md\u001b[48;5;2me')).toBe('a cde');
  expect(hideDim('\u001b[2ma\nb\u001b[0mc')).toBe(' \n c');
  expect(hideDim('\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\')).toBe('link');
});

test('a sign that does not compile proves nothing and throws nothing', () => {
  const signs = SIGNS.pi;
  if (signs === undefined) return;
  const broken = { ...signs, busy: [{ pattern: '(', says: 'model' }], noise: ['['] };
  expect(readScreen(broken, 'x', '').busy).toBeUndefined();
});
