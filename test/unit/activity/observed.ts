import type { ObservedPane, ObservedSession } from '../../../src/session/observed.ts';

/** A pane as tmux might show it. */
export const makePane = (more: Partial<ObservedPane> = {}): ObservedPane => ({
  pane: '%1',
  pid: 1,
  agent: 'main',
  type: 'demo',
  index: 0,
  run: 'r1',
  workspace: '/work',
  startedAt: 0,
  reports: true,
  ports: [],
  dead: false,
  away: false,
  ending: false,
  exit: null,
  size: '80x24',
  inMode: false,
  cursor: { x: 0, y: 0 },
  title: '',
  stored: undefined,
  ...more,
});

/** A session of these panes. */
export const makeSession = (more: Partial<ObservedSession> = {}): ObservedSession => ({
  key: '$1',
  id: 's1',
  name: 'one',
  workspace: '/work',
  engine: 'host',
  context: undefined,
  layout: 'tiled',
  stopping: false,
  createdAt: 0,
  attached: false,
  panes: [makePane()],
  ...more,
});
