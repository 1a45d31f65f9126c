import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pressKey, type Step } from '../../../src/ui/press.ts';
import type { Press } from '../../../src/ui/read-keys.ts';
import { openWatch, reduceWatch, type WatchState } from '../../../src/ui/watch-state.ts';
import { makeAgent, makeSnapshot, NOW } from './watched.ts';

const QUESTION = { kind: 'approval', what: 'rm -rf build', id: 'q1' } as const;
const start = openWatch(
  makeSnapshot([
    makeAgent('main', { state: 'IDLE' }),
    makeAgent('asks', { state: 'WAITING', question: QUESTION }),
    makeAgent('gone', { state: 'EXITED' }),
  ]),
);
const at = (name: string): WatchState => ({ ...start, selected: `refactor/${name}/run-${name}` });

/** Keys one after the other: characters, `<name>` for others, `[text]` for a paste. */
function press(state: WatchState, keys: string): Step {
  let step: Step = { state };
  for (const [key] of keys.matchAll(/<[^>]+>|\[[^\]]*\]|./gsu)) {
    step = pressKey(step.state, readPress(key), NOW);
  }
  return step;
}

function readPress(key: string): Press {
  if (/^<.+>$/.test(key)) return { kind: 'key', name: key.slice(1, -1) };
  return /^\[.*\]$/s.test(key) ? { kind: 'paste', text: key.slice(1, -1) } : { kind: 'char', char: key };
}

const main = { session: 'refactor', agent: 'main' };
const asks = { session: 'refactor', agent: 'asks' };

describe('a prompt', () => {
  test('Enter sends what was written, of several lines, at the agent that was selected', () => {
    const step = press(at('main'), 'sHelo<left>l<end><ctrl+j>[two\nthree]<return>');
    expect(step.effect).toEqual({ kind: 'send', to: main, text: 'Hello\ntwo\nthree' });
    expect(step.state.mode).toEqual({ kind: 'browse' });
  });

  test('keys of the list are text in it', () => {
    expect(press(at('main'), 'sqXj?/<return>').effect).toMatchObject({ text: 'qXj?/' });
  });

  test('Escape keeps the draft for that agent, an empty one sends nothing', () => {
    const left = press(at('main'), 'shalf<escape>');
    expect(left.effect).toBeUndefined();
    expect(press(left.state, 's done<return>').effect).toMatchObject({ text: 'half done' });
    expect(press(press(left.state, 's done<return>').state, 's<return>').effect).toBeUndefined();
  });

  test('not to one that asks or has exited: says what to do instead', () => {
    expect(press(at('asks'), 's').state.notice?.text).toBe('asks asks something: a answers it');
    expect(press(at('gone'), 's').state.notice?.text).toBe('gone has exited: r restarts it');
  });

  test('goes to its agent also when another is selected meanwhile', () => {
    const writing = press(at('main'), 'shi').state;
    const moved = reduceWatch(writing, { kind: 'move', by: 2 });
    expect(press(moved, '<return>').effect).toMatchObject({ to: main });
  });
});

describe('a question', () => {
  test.each([
    ['y', 'yes'],
    ['n', 'no'],
    ['a', 'always'],
    ['2', '2'],
    ['tdo it otherwise<return>', 'do it otherwise'],
  ])('%s', (keys, answer) => {
    const step = press(at('asks'), `a${keys}`);
    expect(step.effect).toEqual({ kind: 'answer', to: asks, id: 'q1', answer });
    expect(step.state.mode.kind).toBe('browse');
  });

  test('a paste, Escape and other keys answer nothing', () => {
    for (const keys of ['[y]', '<escape>', 'q', '<return>', 'ty<escape><escape>', 't<return>']) {
      expect(press(at('asks'), `a${keys}`).effect).toBeUndefined();
    }
  });

  test('with options: Enter takes the one that is selected, at first the one the agent offers', () => {
    const options = [
      { key: '1', label: 'Red' },
      { key: '2', label: 'Green', selected: true },
      { key: '3', label: 'Blue' },
    ] as const;
    const question = { ...QUESTION, options };
    const state = openWatch(makeSnapshot([makeAgent('asks', { state: 'WAITING', question })]));
    const answer = (keys: string) => press(state, `a${keys}`).effect;
    expect(answer('<return>')).toMatchObject({ answer: '2' });
    expect(answer('<up><return>')).toMatchObject({ answer: '1' });
    expect(answer('jjj<return>')).toMatchObject({ answer: '3' });
    expect(answer('k1')).toMatchObject({ answer: '1' });
    expect(answer('<down>')).toBeUndefined();
  });

  test('answered elsewhere: it is answered no more, but what was begun stays', () => {
    const later = makeSnapshot([makeAgent('asks', { state: 'RUNNING' })]);
    const look = (keys: string) =>
      reduceWatch(press(at('asks'), keys).state, { kind: 'look', snapshot: later }).mode.kind;
    expect(look('a')).toBe('browse');
    expect(look('atmy own')).toBe('answer');
  });

  test('options that are seen only later are there to choose from', () => {
    const question = { ...QUESTION, options: [{ key: '1', label: 'Yes', means: 'yes' }] } as const;
    const later = makeSnapshot([makeAgent('asks', { state: 'WAITING', question })]);
    const state = reduceWatch(press(at('asks'), 'a').state, { kind: 'look', snapshot: later });
    expect(press(state, '<return>').effect).toMatchObject({ answer: '1' });
  });

  test('none asked: nothing to answer', () => {
    expect(press(at('main'), 'a').state.notice?.text).toBe('main asks nothing');
  });
});

describe('what cannot be undone', () => {
  test.each([
    ['r', { kind: 'restart', to: main }],
    ['X', { kind: 'stop', session: 'refactor' }],
  ])('%s asks first', (key, effect) => {
    const asked = press(at('main'), key);
    expect([asked.effect, asked.state.mode.kind]).toEqual([undefined, 'confirm']);
    expect(press(asked.state, 'y').effect).toEqual(effect);
    for (const no of ['n', '<escape>', '<return>', 'x']) {
      expect(press(asked.state, no)).toMatchObject({ state: { mode: { kind: 'browse' } } });
      expect(press(asked.state, no).effect).toBeUndefined();
    }
  });

  test('a paste is no yes, and no key of the list', () => {
    expect(press(at('main'), 'X[y]').effect).toBeUndefined();
    expect(press(at('main'), '[q]').effect).toBeUndefined();
  });
});

test('i interrupts, o opens the pane, q and Ctrl+C leave', () => {
  expect(press(at('main'), 'i').effect).toEqual({ kind: 'interrupt', to: main });
  expect(press(at('main'), 'o').effect).toEqual({ kind: 'attach', to: main });
  expect(press(at('main'), 'q').effect).toEqual({ kind: 'leave' });
  expect(press(at('main'), '<ctrl+c>').effect).toEqual({ kind: 'leave' });
});

test('the filter is written in place, Enter keeps it, Escape shows all', () => {
  expect(press(start, '/wait').state).toMatchObject({ filter: 'wait', selected: 'refactor/asks/run-asks' });
  expect(press(start, '/wait<return>').state).toMatchObject({ filter: 'wait', mode: { kind: 'browse' } });
  expect(press(start, '/wait<escape>').state.filter).toBe('');
  expect(press(start, '/wait<return>/<backspace><ctrl+c>').state.filter).toBe('wait');
});

test('Escape and a key in one breath are both', () => {
  expect(press(press(start, '?').state, '<alt+q>')).toMatchObject({
    state: { panel: 'preview' },
    effect: { kind: 'leave' },
  });
});

test('with nobody to act on, keys do nothing', () => {
  const empty = openWatch(makeSnapshot([]));
  for (const key of 'saiorXnej/') expect(press(empty, key).effect).toBeUndefined();
});

test('whatever is pressed, nothing is sent, answered or stopped without its last key', () => {
  const key = fc.constantFrom('s', 'a', 'X', 'r', 'j', 'k', 'e', '?', '/', '<escape>', '<up>', '[text]', 'z');
  fc.assert(
    fc.property(fc.array(key), (keys) => {
      let step: Step = { state: start };
      for (const one of keys) {
        const { mode } = step.state;
        step = pressKey(step.state, readPress(one), NOW);
        if (step.effect) expect([mode.kind, one]).toEqual(['answer', 'a']);
      }
    }),
  );
});
