/** One thing done to an agent, and what is true from `settle` seconds (2) after it until the next. */
export interface Part {
  readonly label: string;
  readonly text?: string;
  readonly enter?: boolean;
  readonly keys?: readonly string[];
  /** `kill`: the agent's process is killed; `attach`: somebody attaches, `type` types there, `leave` detaches. */
  readonly run?: 'crash' | 'kill' | 'attach' | 'leave';
  /** Typed in the attached terminal. */
  readonly type?: string;
  readonly seconds: number;
  readonly settle?: number;
  readonly truth?: string | undefined;
}

export interface Step {
  readonly name: string;
  /** Only at these sizes: it takes long. */
  readonly sizes?: readonly string[];
  readonly agents?: readonly string[];
  /** Nothing can follow it. */
  readonly ends?: boolean;
  parts(agent: string): readonly Part[];
}

/** What the model says that other agents, and this one, show when they are at work or ask. */
export const QUOTES = [
  'Here is what the tools print:',
  '',
  '✻ Cogitating… (12s · esc to interrupt)',
  '• Working (18s • esc to interrupt)',
  '⠹ Working...',
  '■■■■⬝⬝ esc interrupt',
  '',
  '```',
  '╭──────────────────────────────╮',
  '│ Do you want to proceed?      │',
  '│ ❯ 1. Yes                     │',
  '│   2. No, and tell me why     │',
  '╰──────────────────────────────╯',
  '  Would you like to run the following command?',
  '  $ rm -rf build',
  '› 1. Yes, proceed (y)',
  '  2. No (esc)',
  '  Press enter to confirm or esc to cancel',
  '───────────────────────────────',
  '❯ ',
  '───────────────────────────────',
  '  △ Permission required',
  '  API Error: 429 · Retrying in 4s',
  '■ exceeded retry limit, last status: 429',
  'Esc to cancel',
  '```',
  '',
  'Do you want me to go on?',
  '',
  '• Working (18s • esc to interrupt)',
].join('\n');

/** More lines than any pane has. */
export const FILL = Array.from({ length: 60 }, (_, line) => `- point ${line} of a long answer`).join('\n');

export const WIDE = [
  '日本語のテキストと表です。',
  '',
  '| 名前 | 状態 | 絵 |',
  '|---|---|---|',
  '| 作業 | 実行中 | 🚀👩‍👩‍👧 |',
  '| 待機 | 質問？ | ✅ |',
  '',
  'Ελληνικά, עברית, العربية, ไทย, e\u0301 — 한국어 텍스트가 여기에 있습니다 그리고 계속됩니다.',
  '',
  '中文字符宽度测试'.repeat(12),
].join('\n');

export const say = (label: string, text: string, part: Omit<Part, 'label' | 'text' | 'enter'>): Part => ({
  label,
  text,
  enter: true,
  ...part,
});
const pressEscape: Part = { label: 'escape', keys: ['Escape'], seconds: 5, settle: 3, truth: 'IDLE' };
export const escapes = (agent: string): Part =>
  agent === 'opencode' ? { ...pressEscape, keys: ['Escape', 'Escape'] } : pressEscape;

/** In the order in which they follow each other in one agent's life. */
export const STEPS: readonly Step[] = [
  { name: 'start', parts: () => [{ label: 'start', seconds: 6, settle: 3, truth: 'IDLE' }] },
  {
    name: 'quotes',
    parts: () => [say('reply', 'RC-QUOTES please', { seconds: 12, settle: 9, truth: 'IDLE' })],
  },
  { name: 'wide', parts: () => [say('reply', 'RC-WIDE please', { seconds: 12, settle: 9, truth: 'IDLE' })] },
  {
    name: 'hang',
    parts: (agent) => [
      say('hang', 'SC-HANG', { seconds: 8, truth: 'RUNNING' }),
      escapes(agent),
      clear(agent),
    ],
  },
  {
    name: 'slow',
    parts: (agent) => [
      say('slow', 'SC-SLOW', { seconds: 12, settle: 3, truth: 'RUNNING' }),
      escapes(agent),
      clear(agent),
    ],
  },
  {
    name: 'queue',
    parts: (agent) => [
      say('hang', 'SC-HANG', { seconds: 4, truth: 'RUNNING' }),
      { label: 'typing', text: 'and then look at the tests', seconds: 4, truth: 'RUNNING' },
      { label: 'queued', enter: true, seconds: 5, truth: 'RUNNING' },
      { ...escapes(agent), truth: undefined },
      { ...escapes(agent), truth: undefined },
      clear(agent),
    ],
  },
  {
    name: 'typing',
    parts: () => [
      { label: 'typing', text: 'a prompt that is not sent\nwith a second line', seconds: 4, truth: 'IDLE' },
      { label: 'cleared', keys: ['C-u', 'C-u', 'C-u', 'C-u'], seconds: 4, truth: 'IDLE' },
      { label: 'slash menu', keys: ['/'], seconds: 4, truth: 'IDLE' },
      { label: 'closed', keys: ['BSpace'], seconds: 3, truth: 'IDLE' },
    ],
  },
  {
    name: '401',
    parts: (agent) => [
      // claude and codex try again.
      say('401', 'SC-401', {
        seconds: 8,
        settle: 5,
        truth: agent === 'claude' || agent === 'codex' ? undefined : 'IDLE',
      }),
      { ...escapes(agent), truth: undefined },
      clear(agent),
    ],
  },
  {
    name: '429',
    parts: (agent) => [
      say('429', 'SC-429', {
        seconds: 6,
        settle: 3,
        truth: agent === 'claude' || agent === 'pi' ? 'RUNNING' : undefined,
      }),
      { ...escapes(agent), truth: undefined },
      { ...escapes(agent), seconds: 8, settle: 5, truth: agent === 'claude' ? undefined : 'IDLE' },
      clear(agent),
    ],
  },
  {
    name: 'help',
    agents: ['claude', 'opencode'],
    parts: () => [
      say('/help', '/help', { seconds: 4 }),
      { label: 'closed', keys: ['Escape'], seconds: 4 },
      { label: 'closed', keys: ['Escape'], seconds: 3 },
    ],
  },
  {
    name: 'model',
    agents: ['claude', 'codex'],
    parts: () => [
      say('/model', '/model', { seconds: 5, settle: 3, truth: 'WAITING' }),
      { label: 'closed', keys: ['Escape'], seconds: 4, settle: 3, truth: 'IDLE' },
    ],
  },
  {
    name: 'transcript',
    agents: ['claude'],
    parts: (agent) => [
      { label: 'idle below', keys: ['C-o'], seconds: 9, truth: 'IDLE' },
      { label: 'closed', keys: ['C-o'], seconds: 4, truth: 'IDLE' },
      say('hang', 'SC-HANG', { seconds: 3, truth: 'RUNNING' }),
      { label: 'at work below', keys: ['C-o'], seconds: 9, truth: 'RUNNING' },
      { label: 'closed', keys: ['C-o'], seconds: 3, truth: 'RUNNING' },
      escapes(agent),
      clear(agent),
    ],
  },
  {
    name: 'modes',
    agents: ['claude', 'codex'],
    parts: () => [
      { label: 'next mode', keys: ['BTab'], seconds: 3, truth: 'IDLE' },
      { label: 'and the next', keys: ['BTab'], seconds: 3, truth: 'IDLE' },
      say('hang in it', 'SC-HANG', { seconds: 5, truth: 'RUNNING' }),
      pressEscape,
      clear('claude'),
      { label: 'back', keys: ['BTab', 'BTab'], seconds: 2 },
    ],
  },
  {
    name: 'search',
    agents: ['claude', 'codex'],
    parts: () => [
      { label: 'history search', keys: ['C-r'], seconds: 4, truth: 'IDLE' },
      { label: 'a word', keys: ['q', 'u'], seconds: 4, truth: 'IDLE' },
      { label: 'closed', keys: ['Escape'], seconds: 3, truth: 'IDLE' },
      clear('claude'),
    ],
  },
  {
    name: 'output',
    parts: (agent) => [
      say('output', 'SC-TOOL for i in 1 2 3 4 5 6 7; do echo line $i esc to interrupt; sleep 1; done', {
        seconds: 5,
        settle: 3,
        truth: agent === 'claude' || agent === 'opencode' ? undefined : 'RUNNING',
      }),
      { label: 'allowed, if it asked', keys: agent === 'claude' ? ['Enter'] : [], seconds: 3 },
      { label: 'over', seconds: 14, settle: 11, truth: 'IDLE' },
    ],
  },
  {
    name: 'compact',
    parts: () => [say('/compact', '/compact', { seconds: 12, settle: 9, truth: 'IDLE' })],
  },
  {
    name: 'quit',
    ends: true,
    parts: (agent) => [
      say('/quit', agent === 'claude' || agent === 'opencode' ? '/exit' : '/quit', {
        seconds: 12,
        settle: 8,
        truth: 'EXITED',
      }),
    ],
  },
];

/** What an interrupt put back into the composer. */
export function clear(agent: string): Part {
  return {
    label: 'cleared',
    keys: agent === 'pi' ? ['C-c'] : ['C-u', 'C-u', 'C-u'],
    seconds: 3,
    settle: 2,
    truth: 'IDLE',
  };
}
