import { describe, expect, test } from 'vitest';
import { decideWait, type WaitedState, type WaitRule } from '../../../src/commands/tmux/decide-wait.ts';
import type { AgentStatus } from '../../../src/commands/tmux/status.ts';

const status = (state: AgentStatus['state'], since = 1): AgentStatus => ({
  agent: 'a',
  type: 'pi',
  run: 'r1',
  pane: '%0',
  state,
  reason: '',
  witness: 'report',
  since,
  progressAt: since,
  lookedAt: since,
});

const GONE = undefined;

function decide(
  states: readonly (AgentStatus['state'] | undefined)[],
  until: readonly WaitedState[],
  more: Partial<WaitRule> = {},
) {
  const agents = states.map((state, index) => ({
    name: `${index}`,
    first: status('RUNNING'),
    now: state && status(state, 2),
  }));
  return decideWait(agents, { until: new Set(until), mode: 'all', next: false, ...more });
}

describe('a wait', () => {
  test.each([
    [['IDLE', 'IDLE'], ['IDLE'], 'reached'],
    [['IDLE', 'RUNNING'], ['IDLE'], undefined],
    [['IDLE', 'STALLED'], ['IDLE'], undefined],
    [['STARTING'], ['IDLE'], undefined],
    [['RUNNING', 'WAITING'], ['IDLE'], 'waiting'],
    [['IDLE', 'WAITING'], ['IDLE', 'WAITING'], 'reached'],
    [['WAITING', 'EXITED'], ['IDLE'], 'gone'],
    [['RUNNING', GONE], ['IDLE'], 'gone'],
    [['EXITED', GONE], ['EXITED'], 'reached'],
    [['RUNNING', 'EXITED'], ['EXITED'], undefined],
  ] as const)('for all: %j until %j ends %j', (states, until, end) => {
    expect(decide(states, until)).toBe(end);
  });

  test.each([
    [['IDLE', 'RUNNING'], ['IDLE'], 'reached'],
    [['WAITING', 'RUNNING'], ['IDLE'], undefined],
    [['WAITING', 'EXITED'], ['IDLE'], 'waiting'],
    [['EXITED', GONE], ['IDLE'], 'gone'],
    [['RUNNING', 'WAITING'], ['WAITING', 'EXITED'], 'reached'],
  ] as const)('for any: %j until %j ends %j', (states, until, end) => {
    expect(decide(states, until, { mode: 'any' })).toBe(end);
  });

  test('for the next: only what began since it was first looked at', () => {
    const rule = { until: new Set<WaitedState>(['IDLE']), mode: 'all', next: true } as const;
    const wait = (first: AgentStatus, now: AgentStatus) => decideWait([{ name: 'a', first, now }], rule);
    expect(wait(status('IDLE', 1), status('IDLE', 1))).toBeUndefined();
    expect(wait(status('IDLE', 1), status('IDLE', 2))).toBe('reached');
    expect(wait(status('RUNNING', 1), status('IDLE', 2))).toBe('reached');
    expect(wait(status('IDLE', 1), { ...status('IDLE', 1), run: 'r2' })).toBe('reached');
  });
});
