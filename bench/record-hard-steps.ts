import { clear, escapes, type Part, type Step, say } from './record-steps.ts';

const only = (types: readonly string[], agent: string, truth: string): string | undefined =>
  types.includes(agent) ? truth : undefined;
const close: Part = { label: 'closed', keys: ['Escape'], seconds: 4, settle: 3, truth: 'IDLE' };

/** A view or question that a command of the user opens. */
const opens = (name: string, agents: readonly string[], command: string): Step => ({
  name,
  agents,
  parts: () => [
    say(command, command, { seconds: 5, settle: 3, truth: 'WAITING' }),
    close,
    { ...close, truth: undefined },
  ],
});

/** Steps that are hard to judge. */
export const HARD_STEPS: readonly Step[] = [
  {
    name: 'start',
    parts: (agent) => [
      { label: 'start', seconds: 8, settle: 6, truth: only(['claude', 'codex'], agent, 'WAITING') },
      {
        label: 'trusted',
        keys: agent === 'claude' || agent === 'codex' ? ['Enter'] : [],
        seconds: 8,
        settle: 5,
        truth: 'IDLE',
      },
    ],
  },
  {
    name: 'fill',
    parts: () => [say('reply', 'RC-FILL please', { seconds: 10, settle: 8, truth: 'IDLE' })],
  },
  {
    name: 'longhang',
    sizes: ['40x12', '100x30'],
    parts: (agent) => [
      say('hang', 'SC-HANG', { seconds: 88, truth: 'RUNNING' }),
      { label: 'hung', seconds: 30, settle: 8, truth: 'STALLED' },
      escapes(agent),
      clear(agent),
    ],
  },
  {
    name: 'attached',
    parts: (agent) => [
      { label: 'attached', run: 'attach', seconds: 4, settle: 3, truth: 'IDLE' },
      { label: 'typing', type: 'what is esc to interrupt', seconds: 3, truth: 'IDLE' },
      { label: 'a question mark', type: '?', seconds: 3, truth: 'IDLE' },
      clear(agent),
      say('hang', 'SC-HANG', { seconds: 5, truth: 'RUNNING' }),
      { label: 'typing at work', type: 'error: nothing [y/N]', seconds: 4, truth: 'RUNNING' },
      escapes(agent),
      { ...escapes(agent), truth: undefined },
      clear(agent),
      { label: 'left', run: 'leave', seconds: 4, settle: 3, truth: 'IDLE' },
    ],
  },
  ...(['SC-QUOTA', 'SC-CREDIT'] as const).map(
    (word): Step => ({
      name: word.slice(3).toLowerCase(),
      parts: (agent) => [
        say(word, word, { seconds: 14 }),
        { ...escapes(agent), truth: undefined },
        { ...clear(agent), truth: undefined, seconds: 4 },
      ],
    }),
  ),
  {
    name: 'task',
    agents: ['claude', 'opencode'],
    parts: (agent) => [
      say('hanging sub-agent', 'SC-TASK SC-HANG', { seconds: 10, settle: 4, truth: 'RUNNING' }),
      escapes(agent),
      clear(agent),
    ],
  },
  {
    name: 'task-tool',
    agents: ['claude', 'opencode'],
    parts: (agent) => [
      say('tool of a sub-agent', 'SC-TASK SC-TOOL sleep 12', { seconds: 9, settle: 4, truth: 'RUNNING' }),
      { label: 'and its end', seconds: 12 },
      escapes(agent),
      clear(agent),
    ],
  },
  {
    name: 'background',
    agents: ['claude', 'codex'],
    parts: () => [
      say('shell behind the turn', 'SC-BACK sleep 40', { seconds: 14, settle: 10, truth: 'IDLE' }),
      say('turn beside it', 'SC-HANG', { seconds: 6, settle: 3, truth: 'RUNNING' }),
      escapes('claude'),
      clear('claude'),
      { label: 'idle beside it', seconds: 4, truth: 'IDLE' },
    ],
  },
  {
    name: 'background-list',
    agents: ['claude', 'codex'],
    parts: (agent) => [
      agent === 'claude'
        ? say('/bashes', '/tasks', { seconds: 5 })
        : say('/ps', '/ps', { seconds: 5, settle: 3, truth: 'IDLE' }),
      { ...close, truth: undefined },
      { ...close, truth: undefined },
    ],
  },
  opens('resume', ['claude', 'codex', 'pi'], '/resume'),
  opens('sessions', ['opencode'], '/sessions'),
  opens('model', ['claude', 'codex', 'pi'], '/model'),
  opens('models', ['opencode'], '/models'),
  opens('skills', ['codex'], '/skills'),
  opens('permissions', ['codex', 'claude'], '/permissions'),
  opens('login', ['pi'], '/login'),
  opens('tree', ['pi'], '/tree'),
  opens('settings', ['pi'], '/settings'),
  opens('theme', ['claude', 'codex'], '/theme'),
  opens('themes', ['opencode'], '/themes'),
  opens('agents', ['opencode', 'claude'], '/agents'),
  {
    name: 'config',
    agents: ['claude'],
    parts: () => [
      say('/config', '/config', { seconds: 5, settle: 3, truth: 'WAITING' }),
      { ...close, truth: undefined },
      close,
    ],
  },
  {
    name: 'mcp',
    agents: ['claude'],
    parts: () => [say('/mcp', '/mcp', { seconds: 4, settle: 3, truth: 'IDLE' })],
  },
  opens('rewind', ['claude'], '/rewind'),
  opens('review', ['codex'], '/review'),
  {
    name: 'new',
    agents: ['codex', 'pi', 'opencode'],
    parts: (agent) => [
      say('/new', '/new', { seconds: 6, settle: 4, truth: agent === 'codex' ? 'WAITING' : 'IDLE' }),
      { ...close, truth: undefined },
    ],
  },
  {
    name: 'full',
    parts: (agent) => [
      say('compaction in mid turn', 'SC-FULL echo hello', { seconds: 12 }),
      { label: 'allowed, if it asked', keys: agent === 'claude' ? ['Enter'] : [], seconds: 10 },
      { ...escapes(agent), truth: undefined },
      clear(agent),
    ],
  },
  {
    name: 'task-ask',
    agents: ['claude', 'opencode'],
    parts: (agent) => [
      say('question of a sub-agent', 'SC-TASK SC-ASK rm -rf build', {
        seconds: 8,
        settle: 5,
        truth: 'WAITING',
      }),
      {
        label: 'refusing',
        keys: ['Escape'],
        seconds: 5,
        settle: 2,
        truth: only(['opencode'], agent, 'WAITING'),
      },
      { label: 'refused', keys: agent === 'opencode' ? ['Enter'] : [], seconds: 8 },
      { ...escapes(agent), truth: undefined },
      clear(agent),
    ],
  },
  {
    name: 'kill',
    ends: true,
    parts: () => [
      say('hang', 'SC-HANG', { seconds: 4, truth: 'RUNNING' }),
      { label: 'killed', run: 'kill', seconds: 6, settle: 2, truth: 'EXITED' },
    ],
  },
];
