import type { Screens } from './recordings.ts';

type Frame = Screens['frames'][number];

/** What the agents, this one and others, show when they are at work, ask, or fail. */
const QUOTES = [
  '✻ Cogitating… (12s · esc to interrupt)',
  '• Working (18s • esc to interrupt)',
  '⠹ Working...',
  '■■■⬝⬝⬝  esc interrupt',
  'Do you want to proceed?',
  '❯ 1. Yes',
  '  2. No, exit',
  'Esc to cancel',
  '⎿  Running…',
  '■ exceeded retry limit, last status: 429',
  'API Error: 429',
  'Would you like to run the following command?',
  '$ rm -rf build',
  '› 1. Yes, proceed (y)',
  '△ Permission required',
  'Press enter to confirm or esc to cancel',
];

/** Where an agent puts what its model said. */
const INDENT: Readonly<Record<string, string>> = { pi: ' ', codex: '  ', claude: '  ', opencode: '     ' };

/** Ways to change a recording that change nothing of what is true of it. */
export const VARIANTS: Readonly<Record<string, (frame: Frame, agent: string) => Frame>> = {
  'without titles': (frame) => ({ ...frame, title: '' }),
  'under a title of the user': (frame) => ({ ...frame, title: 'me@host: ~/work' }),
  'without its first line': (frame) => ({ ...frame, screen: frame.screen.split('\n').slice(1).join('\n') }),
  'below blank lines': (frame) => ({
    ...frame,
    screen: `\n\n\n\n\n${frame.screen}`,
    cursor: undefined,
    styled: undefined,
  }),
  'above blank lines': (frame) => ({ ...frame, screen: `${frame.screen}\n\n\n\n\n` }),
  'with no-break blanks': (frame) => ({ ...frame, screen: frame.screen.replaceAll(' ', '\u00a0') }),
  'with trailing blanks': (frame) => ({
    ...frame,
    screen: frame.screen
      .split('\n')
      .map((line) => line.padEnd(250))
      .join('\n'),
  }),
  'with CRLF': (frame) => ({ ...frame, screen: frame.screen.replaceAll('\n', '\r\n') }),
  'below quotes of every agent': (frame, agent) => ({
    ...frame,
    screen: [...QUOTES.map((line) => `${INDENT[agent]}${line}`), frame.screen].join('\n'),
  }),
  'with wide characters above': (frame, agent) => ({
    ...frame,
    screen: [
      `${INDENT[agent]}日本語 🚀👩‍👩‍👧 ✅ e\u0301 עברית`,
      `${INDENT[agent]}${'宽'.repeat(40)}`,
      frame.screen,
    ].join('\n'),
  }),
};
