import { describe, expect, test } from 'vitest';
import { replayRecording } from '../../../src/activity/replay.ts';
import { expectState, loadRecordings, SIGNS } from './recordings.ts';
import { VARIANTS } from './variants.ts';

const names = Object.keys(VARIANTS);

/** The smallest and the largest in every way, what lies between in one way each. */
const listFor = (variant: string) =>
  loadRecordings().filter(
    ([name], index) => !/60x15|80x24|100x30/.test(name) || names[index % names.length] === variant,
  );

describe.each(Object.entries(VARIANTS))('recordings %s', (variant, vary) => {
  const recordings = listFor(variant);
  test.each(Object.keys(SIGNS))('%s: the true state in every frame', (agent) => {
    const wrong = recordings
      .filter(([, recording]) => recording.agent === agent)
      .flatMap(([name, recording]) => {
        const frames = recording.frames.map((frame) => vary(frame, agent));
        const replayed = replayRecording({ ...recording, frames, reports: [] }, SIGNS[agent]);
        return replayed.flatMap(({ t, state, rule }, index) => {
          const truth = expectState(recording, index);
          return truth === undefined || truth === state
            ? []
            : [`${name} ${t}: ${truth}, not ${state} (${rule})`];
        });
      });
    expect(wrong).toEqual([]);
  });
});
