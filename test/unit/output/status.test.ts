import { expect, test } from 'vitest';
import type { AgentStatus, StatusReport } from '../../../src/commands/tmux/status.ts';
import { formatStatusJson, formatStatusTree } from '../../../src/output/format-status.ts';
import { formatSpan } from '../../../src/output/format-time.ts';

const NOW = 1_000_000_000;
const agent = (name: string, state: AgentStatus['state'], more: Partial<AgentStatus> = {}): AgentStatus => ({
  agent: name,
  type: 'pi',
  run: 'aaaaaaaaaaaa',
  pane: '%1',
  state,
  reason: '',
  witness: 'report',
  since: NOW - 5000,
  progressAt: NOW - 45_000,
  lookedAt: NOW,
  ...more,
});
const report: StatusReport = {
  at: NOW,
  sessions: [
    {
      name: 'refactor',
      id: '0123456789ab',
      workspace: '/home/ann/projects/myapp',
      engine: 'docker',
      createdAt: NOW - (12 * 60 + 34) * 1000,
      attached: false,
      agents: [agent('main', 'RUNNING', { reason: 'model' }), agent('codex-1', 'STALLED')],
    },
  ],
};

test('the tree, to the letter', () => {
  expect(formatStatusTree(report, { HOME: '/home/ann' })).toBe(
    [
      'Sessions:',
      '─────────',
      'refactor [uptime: 12m 34s] [workspace: ~/projects/myapp]',
      '├─ main [RUNNING]',
      '└─ codex-1 [STALLED - last change: 45s ago]',
      '',
    ].join('\n'),
  );
});

test('every state with what goes with it; what an agent says cannot write to the terminal', () => {
  const agents = [
    agent('a', 'RUNNING', { reason: 'Bash: npm test' }),
    agent('b', 'WAITING', { question: { kind: 'approval', what: 'rm \x1b[31m-rf\nbuild\x07' } }),
    agent('c', 'IDLE', { reason: 'error: 401' }),
    agent('d', 'EXITED', { exit: 3 }),
    agent('e', 'EXITED', { exit: null }),
    agent('f', 'STARTING'),
  ];
  const [session] = report.sessions;
  const tree = formatStatusTree({ at: NOW, sessions: [{ ...session, agents } as never] }, {});
  expect(tree.split('\n').slice(3, 9)).toEqual([
    '├─ a [RUNNING - Bash: npm test]',
    '├─ b [WAITING - rm -rf build]',
    '├─ c [IDLE - error: 401]',
    '├─ d [EXITED - exit code 3]',
    '├─ e [EXITED - exit code unknown]',
    '└─ f [STARTING]',
  ]);
});

test('no sessions', () => {
  expect(formatStatusTree({ at: NOW, sessions: [] }, {})).toContain('adr-tmux start');
});

test('json is one versioned document', () => {
  expect(JSON.parse(formatStatusJson(report))).toMatchObject({
    v: 1,
    sessions: [{ name: 'refactor', uptimeMs: 754_000, agents: [{ agent: 'main', state: 'RUNNING' }, {}] }],
  });
});

test.each([
  [-5, '0s'],
  [59_999, '59s'],
  [60_000, '1m 0s'],
  [3_599_000, '59m 59s'],
  [3_600_000, '1h 0m'],
  [90_000_000, '1d 1h'],
])('formatSpan(%i) is %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

test('what agents have used and the ports that are open, where they are known', () => {
  const agents = [
    agent('a', 'IDLE', { usage: { input: 12_000, output: 300, context: 45_000 } }),
    agent('b', 'WAITING', {
      question: { kind: 'approval', what: 'ls', options: [{ key: '1', label: 'Yes', means: 'yes' }] },
      usage: { cost: 0.5 },
      ports: [
        { host: 8080, container: 3000 },
        { host: 9000, container: 9000 },
      ],
    }),
    agent('c', 'IDLE'),
  ];
  const [session] = report.sessions;
  const tree = formatStatusTree({ at: NOW, sessions: [{ ...session, agents } as never] }, {});
  expect(tree.split('\n').slice(3, -1)).toEqual([
    '├─ a [IDLE]',
    '│    12.3k tokens · 45k in context',
    '├─ b [WAITING - ls]',
    '│    1 Yes (yes)',
    '│    $0.50 · 127.0.0.1:8080 → 3000 · 127.0.0.1:9000 → 9000',
    '└─ c [IDLE]',
  ]);
});
