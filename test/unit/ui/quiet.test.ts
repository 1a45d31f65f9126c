import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { showsSeconds } from '../../../src/ui/shows-seconds.ts';
import { createClockSource } from '../../../src/ui/sources.ts';
import { openWatch, reduceWatch } from '../../../src/ui/watch-state.ts';
import { makeAgent, makeSnapshot, NOW } from './watched.ts';

const HOUR = 3_600_000;

describe('a look that finds nothing new is no change', () => {
  const look = (more: Parameters<typeof makeAgent>[1], session: Parameters<typeof makeSnapshot>[1] = {}) => {
    const history = [] as const;
    const before = openWatch(makeSnapshot([makeAgent('main', { screen: 'a' })], { history }));
    const snapshot = makeSnapshot([makeAgent('main', { screen: 'a', ...more })], { history, ...session });
    return reduceWatch(before, { kind: 'look', snapshot: { ...snapshot, at: NOW + 1000 } }) !== before;
  };

  test('but for the time it was taken', () => {
    expect(look({})).toBe(false);
    expect(look({ lookedAt: NOW + 1000 })).toBe(false);
  });

  test('anything else is', () => {
    expect(look({ screen: 'b' })).toBe(true);
    expect(look({ styled: '\x1b[1ma' })).toBe(true);
    expect(look({ state: 'IDLE' })).toBe(true);
    expect(look({ usage: { input: 1 } })).toBe(true);
    expect(look({}, { branch: 'main' })).toBe(true);
    expect(look({}, { history: [] })).toBe(true);
  });
});

describe('the clock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.each([
    [true, 60],
    [false, 6],
  ])('ticks where seconds are shown (%s) %d times a minute', (fine, count) => {
    let ticks = 0;
    const clock = createClockSource(
      () => Date.now(),
      () => fine,
    );
    const stop = clock.subscribe(() => ticks++);
    vi.advanceTimersByTime(60_000);
    stop();
    expect(ticks).toBe(count);
  });

  test('seconds are shown of what is younger than a minute, and while a notice stands', () => {
    const old = { since: NOW - HOUR };
    const session = { createdAt: NOW - HOUR };
    const rest = openWatch(makeSnapshot([makeAgent('main', old)], session));
    expect(showsSeconds(rest, NOW)).toBe(false);
    const notice = { text: 'sent', bad: false, at: NOW };
    expect(showsSeconds(reduceWatch(rest, { kind: 'notice', notice }), NOW + 8000)).toBe(true);
    const shows = (agent: object, of: object) =>
      showsSeconds(
        openWatch(makeSnapshot([makeAgent('main', { ...old, ...agent })], { ...session, ...of })),
        NOW,
      );
    expect(shows({ since: NOW - 59_000 }, {})).toBe(true);
    expect(shows({}, { createdAt: NOW - 59_000 })).toBe(true);
  });
});
