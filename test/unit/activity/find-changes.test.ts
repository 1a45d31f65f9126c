import { expect, test } from 'vitest';
import { findChanges, findLost, type Told, toTold } from '../../../src/activity/find-changes.ts';
import { foldEvent, NO_FACTS } from '../../../src/activity/fold-events.ts';
import type { JudgedPane } from '../../../src/activity/judge-panes.ts';
import { listPassed } from '../../../src/activity/list-passed.ts';
import { initialMemory } from '../../../src/activity/memory.ts';
import type { Verdict } from '../../../src/activity/types.ts';
import type { AgentEvent } from '../../../src/agents/types.ts';
import { makePane, makeSession } from './observed.ts';

const judge = (more: Partial<Verdict>): JudgedPane => ({
  session: makeSession(),
  pane: makePane(),
  verdict: {
    ...{ state: 'IDLE', reason: '', witness: 'report', rule: '', evidence: '', since: 10, progressAt: 10 },
    ...more,
  } as Verdict,
  tracking: { run: 'r1', offset: 0, memory: initialMemory(0) },
  passed: [],
});

const find = (more: Partial<Verdict>, told?: Told) =>
  findChanges([judge(more)], new Map(told ? [['r1', told]] : [])).map(({ from }) => from);

test('a change is another state, another time, or another question', () => {
  const told: Told = { state: 'WAITING', since: 10, asked: 'a?' };
  const asks = (what: string, since = 10): Partial<Verdict> => {
    return { state: 'WAITING', since, question: { kind: 'choice', what } };
  };
  expect(find(asks('a?'))).toEqual([undefined]);
  expect(find(asks('a?'), told)).toEqual([]);
  expect(find(asks('b?'), told)).toEqual(['WAITING']);
  expect(find(asks('a?', 11), told)).toEqual(['WAITING']);
  expect(find({ state: 'IDLE' }, told)).toEqual(['WAITING']);
});

test('what another monitor told is not told again, whenever it was', () => {
  expect(find({ since: 99 }, { state: 'IDLE' })).toEqual([]);
  expect(find({ since: 99, state: 'STALLED' }, { state: 'IDLE' })).toEqual(['IDLE']);
  const [change] = findChanges([judge({ since: 99, state: 'STALLED' })], new Map());
  expect(change && toTold(change)).toEqual({ state: 'STALLED', since: 99, asked: undefined });
});

test('an agent whose pane went has ended, once; not when its pane or its session tell of themselves', () => {
  const told = new Map<string, Told>([['r1', { state: 'IDLE', since: 1 }]]);
  const before = [makeSession()];
  const other = makePane({ pane: '%2', run: 'r2' });
  const lost = findLost(before, [makeSession({ panes: [other] })], told, 50);
  expect(lost).toMatchObject([
    { from: 'IDLE', verdict: { state: 'EXITED', since: 50 }, pane: { exit: null, ending: true } },
  ]);
  expect(findLost(before, before, told, 50)).toEqual([]);
  expect(findLost(before, [makeSession({ panes: [makePane({ run: 'r9' })] })], told, 50)).toEqual([]);
  expect(findLost(before, [], told, 50)).toEqual([]);
  const ended = new Map<string, Told>([['r1', { state: 'EXITED', since: 1 }]]);
  expect(findLost(before, [makeSession({ panes: [other] })], ended, 50)).toEqual([]);
});

test('what came and went between two looks is told too, by the reports of the agent', () => {
  const before = foldEvent(NO_FACTS, { kind: 'ready', at: 5 });
  const events: readonly AgentEvent[] = [
    { kind: 'prompt', text: 'x', at: 20 },
    { kind: 'ask', question: 'approval', what: 'rm', at: 30 },
    { kind: 'answered', at: 35 },
    { kind: 'turn-end', message: '', at: 40 },
  ];
  const passed = listPassed(before, events, 100);
  const changes = findChanges(
    [{ ...judge({ since: 40 }), passed }],
    new Map([['r1', { state: 'IDLE', since: 5 }]]),
  );
  expect(
    changes.map(({ from, verdict, passed: over }) => [from, verdict.state, verdict.since, over]),
  ).toEqual([
    ['IDLE', 'RUNNING', 20, true],
    ['RUNNING', 'WAITING', 30, true],
    ['WAITING', 'RUNNING', 35, true],
    ['RUNNING', 'IDLE', 40, undefined],
  ]);
  // Not what was told before, nor after a new beginning, when the same reports may be read again.
  const told = (since?: number) =>
    findChanges([{ ...judge({ since: 40 }), passed }], new Map([['r1', { state: 'RUNNING', since }]]));
  expect(told(35)).toHaveLength(1);
  expect(told()).toHaveLength(1);
});
