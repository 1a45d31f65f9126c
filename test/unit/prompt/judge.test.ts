import { describe, expect, test } from 'vitest';
import type { PaneLook } from '../../../src/activity/look.ts';
import type { ScreenReading } from '../../../src/activity/types.ts';
import type { AgentEvent } from '../../../src/agents/types.ts';
import { type ConfirmRules, freshConfirmation, judgeConfirmation } from '../../../src/prompt/confirm.ts';
import { findDisturbance } from '../../../src/prompt/judge-composer.ts';
import { freshGate, type GateRules, judgeReadiness } from '../../../src/prompt/ready-gate.ts';
import { judgeReports } from '../../../src/prompt/wait-for-answer.ts';

const look: PaneLook = {
  pane: '%1',
  dead: false,
  exit: null,
  size: '80x24',
  inMode: false,
  inputOff: false,
  synchronized: false,
  cursor: { x: 0, y: 0 },
  title: '',
  screen: 'x',
};
const blank: ScreenReading = {
  composer: undefined,
  busy: undefined,
  retrying: undefined,
  tool: undefined,
  dialog: undefined,
  error: undefined,
  evidence: {},
};
const empty: ScreenReading = { ...blank, composer: { text: '', mode: 'prompt' } };
const holding: ScreenReading = { ...blank, composer: { text: 'hello', mode: 'prompt' } };

describe('ready gate', () => {
  const rules: GateRules = { when: 'now', reported: true, turnOpen: false, hasSigns: true };

  function judgeFor(
    reading: ScreenReading,
    ms: number,
    given: Partial<GateRules> = {},
    seen: Partial<PaneLook> = {},
  ) {
    let memory = freshGate;
    for (let at = 0; ; at += 50) {
      const answer = judgeReadiness(memory, { ...look, ...seen }, reading, at, { ...rules, ...given });
      if (answer.gate !== 'wait' || at >= ms) return { answer, at };
      memory = answer.memory;
    }
  }

  test('an empty composer opens it after a moment', () => {
    const { answer, at } = judgeFor(empty, 5000);
    expect(answer).toEqual({ gate: 'open', busy: false });
    expect(at).toBeGreaterThan(0);
  });

  test('an agent that has not reported yet must show its composer for longer', () => {
    expect(judgeFor(empty, 5000, { reported: false }).at).toBeGreaterThan(1000);
  });

  test('no composer: wait', () => {
    expect(judgeFor(blank, 5000).answer).toMatchObject({ gate: 'wait' });
  });

  test.each([
    [holding, 'composer-busy', '"hello"'],
    [{ ...blank, composer: { text: '', mode: 'shell' as const } }, 'composer-busy', 'shell mode'],
    [{ ...blank, composer: { text: '', mode: 'other' as const } }, 'composer-busy', 'not in prompt mode'],
    [{ ...blank, dialog: { kind: 'approval' as const, what: 'rm -rf build' } }, 'waiting', 'rm -rf build'],
  ])('%#: refused, but not on a single frame', (reading, outcome, words) => {
    const { answer, at } = judgeFor(reading, 5000);
    expect(answer).toMatchObject({ gate: 'refuse', outcome, detail: expect.stringContaining(words) });
    expect(at).toBeGreaterThan(100);
  });

  test('a running turn is no obstacle, unless the caller waits for idle', () => {
    const busy = { ...empty, busy: 'model' };
    expect(judgeFor(busy, 5000).answer).toEqual({ gate: 'open', busy: true });
    expect(judgeFor(busy, 5000, { when: 'idle' }).answer).toMatchObject({ gate: 'wait' });
  });

  test('a turn that only the reports know holds up who waits for idle, until its empty screen has stood', () => {
    const { at } = judgeFor(empty, 5000, { when: 'idle', turnOpen: true });
    expect(at).toBeGreaterThan(1000);
    expect(judgeFor(empty, 5000, { turnOpen: true }).at).toBeLessThan(1000);
  });

  test('a pane too small for a composer is named', () => {
    expect(judgeFor(blank, 0, {}, { size: '40x10' }).answer).toMatchObject({
      because: expect.stringContaining('its pane is only 40x10'),
    });
  });

  test('dead and input-off panes are refused at once', () => {
    expect(judgeFor(empty, 0, {}, { dead: true, exit: 3 }).answer).toMatchObject({ outcome: 'exited' });
    expect(judgeFor(empty, 0, {}, { inputOff: true }).answer).toMatchObject({ outcome: 'not-ready' });
    expect(judgeFor(empty, 0, {}, { synchronized: true }).answer).toMatchObject({ outcome: 'not-ready' });
  });

  test('a type without signs is ready once its screen is still', () => {
    const { answer, at } = judgeFor(blank, 5000, { hasSigns: false });
    expect(answer).toMatchObject({ gate: 'open' });
    expect(at).toBeGreaterThanOrEqual(1500);
  });
});

describe('what the composer shows after the paste', () => {
  test.each([
    ['hello', 'hello', undefined],
    ['two words', 'two\nwords', undefined],
    ['/help', '\u200b/help', undefined],
    ['hello', 'hello and what I typed', 'mixed'],
    ['hello', 'Hmhello', 'mixed'],
    ['line\n'.repeat(300), '[Pasted text #1 +300 lines]', undefined],
  ])('%j shown as %j', (text, shown, expected) => {
    expect(findDisturbance(text, { text: shown, mode: 'prompt' })).toBe(expected);
  });

  test('shell mode is somebody else, unless the prompt asks for it', () => {
    expect(findDisturbance('rm x', { text: 'rm x', mode: 'shell' })).toBe('shell');
    expect(findDisturbance('!ls', { text: 'ls', mode: 'shell' })).toBeUndefined();
    // What keeps pi from taking it as a command is not to be seen.
    expect(findDisturbance('\u200b!ls', { text: '!ls', mode: 'shell' })).toBeUndefined();
  });
});

describe('confirmation', () => {
  const rules: ConfirmRules = {
    text: 'hello',
    enterAt: 0,
    deadlineMs: 10_000,
    slowness: 1,
    shown: 'hello',
    busy: false,
    whileRunning: 'queues',
    reporter: 'alive',
    hasSigns: true,
  };
  const reported: AgentEvent = { kind: 'prompt', text: 'hello', at: 5 };

  function judge(
    reading: ScreenReading,
    given: Partial<ConfirmRules> = {},
    events: readonly AgentEvent[] = [],
  ) {
    let memory = freshConfirmation;
    let enters = 1;
    for (let at = 0; at < 60_000; at += 50) {
      const answer = judgeConfirmation(memory, look, reading, at === 0 ? events : [], at, {
        ...rules,
        ...given,
      });
      if (answer.next === 'done') return { ...answer.delivery, at, enters };
      if (answer.next === 'press-enter') enters++;
      memory = answer.memory;
    }
    throw new Error('no end');
  }

  test("the agent's own report is proof", () => {
    expect(judge(holding, {}, [reported])).toMatchObject({
      outcome: 'submitted',
      proof: 'agent',
      reportedAt: 5,
    });
  });

  test('a screen that lags behind the report is waited for, but not for ever', () => {
    expect(judge(holding, {}, [reported])).toMatchObject({
      outcome: 'submitted',
      proof: 'agent',
      at: 5000,
      enters: 1,
    });
  });

  test('while a turn runs the report means queued, or taken into the turn', () => {
    expect(judge(empty, { busy: true }, [reported])).toMatchObject({ outcome: 'queued', steered: false });
    expect(judge(empty, { busy: true, whileRunning: 'steers' }, [reported])).toMatchObject({
      outcome: 'submitted',
      steered: true,
    });
  });

  test('while a turn runs the screen is proof that it waits, also where the agent reports it only later', () => {
    for (const whileRunning of ['queues', 'steers'] as const) {
      const given = { busy: true, whileRunning };
      expect(judge(empty, given)).toMatchObject({ outcome: 'queued', proof: 'screen', steered: false });
    }
  });

  test('a reporter that works and says nothing: never submitted on the strength of the screen', () => {
    expect(judge(empty)).toMatchObject({ outcome: 'unconfirmed', proof: 'none' });
  });

  test('without a reporter the empty composer is proof, if our text was seen in it', () => {
    expect(judge(empty, { reporter: 'none' })).toMatchObject({ outcome: 'submitted', proof: 'screen' });
    expect(judge(empty, { reporter: 'none', shown: undefined })).toMatchObject({ outcome: 'unconfirmed' });
  });

  test('a command of the agent itself is never reported: the screen decides', () => {
    expect(judge(empty, { text: '/help' })).toMatchObject({ outcome: 'submitted', proof: 'screen' });
  });

  test('a report of another prompt is no proof', () => {
    const other: AgentEvent = { kind: 'prompt', text: 'hello and more', at: 5 };
    expect(judge(empty, { reporter: 'none' }, [other])).toMatchObject({ outcome: 'unconfirmed' });
  });

  test('text that stays in the composer gets one more Enter and is then called typed', () => {
    expect(judge(holding)).toMatchObject({ outcome: 'typed', enters: 2 });
  });

  test('an agent that was slow to draw the paste is given longer before the second Enter', () => {
    expect(judge(holding, { slowness: 5, deadlineMs: 7000 })).toMatchObject({ outcome: 'typed', enters: 1 });
  });

  test('what somebody types behind our prompt is not submitted by our second Enter', () => {
    const typing: ScreenReading = { ...blank, composer: { text: 'something else', mode: 'prompt' } };
    expect(judge(typing)).toMatchObject({ outcome: 'unconfirmed', enters: 1 });
    const wrapped: ScreenReading = { ...blank, composer: { text: 'hel\nlo', mode: 'prompt' } };
    expect(judge(wrapped)).toMatchObject({ outcome: 'typed', enters: 2 });
  });

  test('an agent that dies before it confirms', () => {
    const dead = { ...look, dead: true };
    expect(judgeConfirmation(freshConfirmation, dead, blank, [], 100, rules)).toMatchObject({
      delivery: { outcome: 'exited' },
    });
  });

  test('a type without signs or reports is never confirmed', () => {
    expect(judge(blank, { hasSigns: false, reporter: 'none' })).toMatchObject({ outcome: 'unconfirmed' });
  });
});

test("the answer is the first turn-end after the prompt's own report", () => {
  const events: readonly AgentEvent[] = [
    { kind: 'turn-end', message: 'of the turn before', at: 1 },
    { kind: 'prompt', text: 'hello', at: 2 },
    { kind: 'error', message: '429', retrying: true, at: 3 },
    { kind: 'turn-end', message: 'hi', at: 4 },
    { kind: 'turn-end', message: 'of the turn after', at: 5 },
  ];
  expect(judgeReports(events, 'hello')).toEqual({ ended: 'answered', text: 'hi', proof: 'agent' });
  expect(judgeReports(events.slice(0, 3), 'hello')).toBe('taken');
  expect(judgeReports(events, 'other')).toBeUndefined();
});
