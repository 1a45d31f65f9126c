import { describe, expect, test } from 'vitest';
import { readScreen } from '../../../src/activity/read-screen.ts';
import { replayRecording } from '../../../src/activity/replay.ts';
import { expectState, loadRecording, loadRecordings, prolong, SIGNS } from './recordings.ts';

const recordings = loadRecordings();
const told = recordings.filter(([, recording]) => recording.frames.some((frame) => frame.truth));

test.each(recordings)('%s: the true state in every frame', (_, recording) => {
  const replayed = replayRecording(recording, SIGNS[recording.agent]);
  const wrong = replayed.filter((frame, index) => {
    const truth = expectState(recording, index);
    return truth !== undefined && truth !== frame.state;
  });
  expect(wrong).toEqual([]);
});

test.each(told)('%s: the true composer and question', (_, recording) => {
  for (const { truth, screen, title, cursor, styled, label, t } of recording.frames) {
    const reading = readScreen(SIGNS[recording.agent] ?? fail(), screen, title, { cursor, styled });
    const where = `${t} ${label ?? ''}\n${screen}`;
    if (truth?.composer) expect(reading.composer, where).toEqual(truth.composer);
    if (truth?.what !== undefined) expect(reading.dialog?.what, where).toContain(truth.what);
  }
});

function fail(): never {
  throw new Error('a recording of an unknown agent');
}

describe('what a recording says besides the state', () => {
  const last = (name: string) => {
    const recording = loadRecording(name);
    return replayRecording(recording, SIGNS[recording.agent]).at(-1);
  };

  test.each([
    ['claude/approve-120x40.json', 'rm -rf build'],
    ['codex/approve-120x40.json', 'rm -rf build'],
    ['opencode/approve-120x40.json', 'rm -rf build'],
    ['pi/tool-120x40.json', 'bash: sleep 300'],
    ['claude/tool-120x40.json', 'Bash: sleep 300'],
    ['opencode/tool-120x40.json', 'sleep 300'],
    ['claude/429-120x40.json', 'retrying: API error'],
    ['pi/429-120x40.json', 'error: Retry failed after 3 attempts: 429 Rate limit exceeded'],
    ['codex/429-120x40.json', 'error: exceeded retry limit, last status: 429 Too Many Requests'],
    ['opencode/429-120x40.json', 'error: Rate limit exceeded'],
  ])('%s ends with the reason %s', (name, reason) => {
    expect(last(name)?.reason).toContain(reason);
  });

  test.each(['pi', 'codex', 'opencode', 'claude'])('%s retrying gives the reason while it lasts', (agent) => {
    const recording = loadRecording(`${agent}/429-120x40.json`);
    const reasons = replayRecording(recording, SIGNS[agent]).map((frame) => frame.reason);
    expect(reasons.some((reason) => reason.startsWith('retrying: '))).toBe(true);
  });
});

describe('waiting long', () => {
  const hangs = ['hang', 'mid'].flatMap((scenario) =>
    Object.keys(SIGNS).map((agent) => `${agent}/${scenario}-120x40.json`),
  );

  test.each(hangs)('%s: STALLED after 90 s without progress, not before', (name) => {
    const recording = prolong(loadRecording(name), 200);
    const replayed = replayRecording(recording, SIGNS[recording.agent]);
    const stalled = replayed.filter((frame) => frame.state === 'STALLED').map((frame) => frame.t);
    expect(Math.min(...stalled)).toBeGreaterThanOrEqual(90);
    expect(Math.min(...stalled)).toBeLessThan(100);
    expect(replayed.at(-1)?.state).toBe('STALLED');
  });

  test.each(['pi', 'opencode', 'claude'])('%s: a tool without output has ten minutes', (agent) => {
    const recording = prolong(loadRecording(`${agent}/tool-120x40.json`), 700);
    const replayed = replayRecording(recording, SIGNS[agent]);
    expect(replayed.findLast((frame) => frame.t < 500)?.state).toBe('RUNNING');
    expect(replayed.at(-1)?.state).toBe('STALLED');
  });

  test.each(Object.keys(SIGNS))('%s: idle and asking agents never stall', (agent) => {
    for (const scenario of ['idle', 'approve', 'done']) {
      const recording = prolong(loadRecording(`${agent}/${scenario}-120x40.json`), 3600, 30);
      const states = replayRecording(recording, SIGNS[agent]).map((frame) => frame.state);
      expect(states).not.toContain('STALLED');
    }
  });
});
