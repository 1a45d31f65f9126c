import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createStore } from '../../../src/ui/create-store.ts';
import {
  getSelected,
  keyOf,
  listVisible,
  openWatch,
  reduceWatch,
  type WatchState,
} from '../../../src/ui/watch-state.ts';
import { makeAgent, makeSnapshot } from './watched.ts';

const snapshot = (...names: readonly string[]) => makeSnapshot(names.map((name) => makeAgent(name)));
const move = (state: WatchState, by: number): WatchState => reduceWatch(state, { kind: 'move', by });

test('opens on the agent that asks something, else on the first', () => {
  expect(openWatch(snapshot('a', 'b')).selected).toBe('refactor/a/run-a');
  const asking = makeSnapshot([makeAgent('a'), makeAgent('b', { state: 'WAITING' })]);
  expect(openWatch(asking).selected).toBe('refactor/b/run-b');
  expect(openWatch(makeSnapshot([])).selected).toBeUndefined();
});

test('moves and stops at both ends', () => {
  const start = openWatch(snapshot('a', 'b', 'c'));
  expect(move(start, 1).selected).toContain('/b/');
  expect(move(start, Infinity).selected).toContain('/c/');
  expect(move(move(start, Infinity), -10).selected).toContain('/a/');
  expect(move(start, -1)).toBe(start);
});

test('the selection stays with its agent while others come and go', () => {
  const start = move(openWatch(snapshot('a', 'b', 'c')), 1);
  const look = (...names: readonly string[]) =>
    reduceWatch(start, { kind: 'look', snapshot: snapshot(...names) }).selected;
  expect(look('x', 'a', 'b')).toContain('/b/');
  expect(look('a', 'c')).toContain('/c/');
  expect(look('a')).toContain('/a/');
  expect(look()).toBeUndefined();
});

test('an agent restarted under its name keeps the selection', () => {
  const start = move(openWatch(snapshot('a', 'b')), 1);
  const next = makeSnapshot([makeAgent('c'), makeAgent('a'), makeAgent('b', { run: 'another' })]);
  expect(reduceWatch(start, { kind: 'look', snapshot: next }).selected).toBe('refactor/b/another');
});

test('help opens, closes and keeps the selection', () => {
  const start = openWatch(snapshot('a'));
  const open = reduceWatch(start, { kind: 'panel', panel: 'help' });
  expect(open).toMatchObject({ panel: 'help', selected: start.selected });
  expect(reduceWatch(open, { kind: 'panel', panel: 'help' }).panel).toBe('preview');
  expect(reduceWatch(open, { kind: 'close' }).panel).toBe('preview');
  expect(reduceWatch(start, { kind: 'close' })).toBe(start);
});

test('a filter lists those with all of its words, and selects one of them', () => {
  const start = openWatch(
    makeSnapshot([
      makeAgent('main'),
      makeAgent('codex-1', { type: 'codex', state: 'IDLE' }),
      makeAgent('codex-2', { type: 'codex', session: 'review' }),
    ]),
  );
  const filtered = reduceWatch(start, { kind: 'filter', text: 'CODEX rev' });
  expect(listVisible(filtered).map(({ agent }) => agent)).toEqual(['codex-2']);
  expect(filtered.selected).toContain('/codex-2/');
  expect(move(filtered, 5).selected).toContain('/codex-2/');
  expect(listVisible(reduceWatch(filtered, { kind: 'close' }))).toHaveLength(3);
  const none = reduceWatch(start, { kind: 'filter', text: 'nobody' });
  expect([listVisible(none), getSelected(none)]).toEqual([[], undefined]);
});

test('next goes to who waits, then to the others that need the user, in a circle', () => {
  const states = ['IDLE', 'STALLED', 'WAITING', 'EXITED', 'WAITING'] as const;
  let state = openWatch(makeSnapshot(states.map((name, index) => makeAgent(`a${index}`, { state: name }))));
  const next = () => {
    state = reduceWatch(state, { kind: 'next' });
    return getSelected(state)?.agent;
  };
  expect([next(), next(), next()]).toEqual(['a4', 'a2', 'a4']);
  const calm = openWatch(snapshot('a', 'b'));
  expect(reduceWatch(calm, { kind: 'next' })).toBe(calm);
});

test('whatever comes, one agent is selected as long as there is one', () => {
  const names = fc.subarray(['a', 'b', 'c', 'd', 'e']);
  const action = fc.oneof(
    fc.integer({ min: -7, max: 7 }).map((by) => ({ kind: 'move', by }) as const),
    names.map((all) => ({ kind: 'look', snapshot: snapshot(...all) }) as const),
  );
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const end = actions.reduce(reduceWatch, openWatch(snapshot('a', 'b')));
      const keys = end.snapshot.agents.map(keyOf);
      if (keys.length === 0) expect(end.selected).toBeUndefined();
      else expect(keys).toContain(end.selected);
    }),
  );
});

test('the store wakes its listeners on a change only', () => {
  const store = createStore((state: number, by: number) => state + by, 1);
  const listener = vi.fn();
  const unsubscribe = store.subscribe(listener);
  store.dispatch(0);
  store.dispatch(2);
  unsubscribe();
  store.dispatch(5);
  expect(listener).toHaveBeenCalledTimes(1);
  expect(store.getState()).toBe(8);
});
