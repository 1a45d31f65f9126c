// Frames that are judged right, of all whose truth is known, beside the naive rule on the same frames:
//
//   node bench/run.mjs classifier [--wrong]      --wrong lists the frames that are not
import { parseArgs } from 'node:util';
import { replayRecording } from '../src/activity/replay.ts';
import type { State } from '../src/activity/types.ts';
import { judgeNaively } from '../test/unit/activity/naive-rule.ts';
import { expectState, loadRecordings, type Screens, SIGNS } from '../test/unit/activity/recordings.ts';
import { VARIANTS } from '../test/unit/activity/variants.ts';
import { printTable } from './measure.ts';

const { values } = parseArgs({ args: process.argv.slice(2), options: { wrong: { type: 'boolean' } } });

interface Judged {
  readonly agent: string;
  readonly scenario: string;
  readonly truth: State;
  readonly ours: State;
  readonly reported: State | undefined;
  readonly naive: State;
}

function judge(name: string, recording: Screens): readonly Judged[] {
  const { agent, frames } = recording;
  const ours = replayRecording({ ...recording, reports: [] }, SIGNS[agent]);
  const reported = recording.reports && replayRecording(recording, SIGNS[agent]);
  const naive = judgeNaively(frames);
  return frames.flatMap(({ t, label }, index) => {
    const truth = expectState(recording, index);
    const [screen, report, plain] = [ours[index]?.state, reported?.[index]?.state, naive[index]];
    if (truth === undefined || screen === undefined || plain === undefined) return [];
    if (values.wrong && (screen !== truth || (report ?? truth) !== truth)) {
      console.log(`${name} ${t} ${label ?? ''}: ${truth}, screen ${screen}, with reports ${report ?? '-'}`);
    }
    const scenario =
      recording.scenario === 'life' ? `life: ${(label ?? '').split(':', 1)[0]}` : recording.scenario;
    return [{ agent, scenario, truth, ours: screen, reported: report, naive: plain }];
  });
}

function printGroups(title: string, judged: readonly Judged[], group: (frame: Judged) => string): void {
  const names = [...new Set(judged.map(group))].sort();
  const row = (name: string, frames: readonly Judged[]): readonly string[] => {
    const count = (right: (frame: Judged) => boolean): string => `${frames.filter(right).length}`;
    const withReports = frames.filter(({ reported }) => reported !== undefined);
    const told = `${withReports.filter(({ reported, truth }) => reported === truth).length} of ${withReports.length}`;
    return [
      name,
      `${frames.length}`,
      count(({ ours, truth }) => ours === truth),
      withReports.length === 0 ? '-' : told,
      count(({ naive, truth }) => naive === truth),
    ];
  };
  printTable([
    [title, 'frames', 'screen alone', 'with reports', 'naive rule'],
    ...names.map((name) =>
      row(
        name,
        judged.filter((frame) => group(frame) === name),
      ),
    ),
    row('all', judged),
  ]);
  console.log('');
}

const recordings = loadRecordings();
const judged = recordings.flatMap(([name, recording]) => judge(name, recording));
console.log(`${recordings.length} recordings\n`);
printGroups('agent', judged, ({ agent }) => agent);
printGroups('true state', judged, ({ truth }) => truth);
printGroups('scenario', judged, ({ scenario }) => scenario);

const variants = Object.entries(VARIANTS).map(([name, vary]): readonly string[] => {
  const states = recordings.flatMap(([, recording]) => {
    const frames = recording.frames.map((frame) => vary(frame, recording.agent));
    const replayed = replayRecording({ ...recording, frames, reports: [] }, SIGNS[recording.agent]);
    return replayed.flatMap(({ state }, index) => {
      const truth = expectState(recording, index);
      return truth === undefined ? [] : [state === truth];
    });
  });
  return [name, `${states.length}`, `${states.filter((right) => right).length}`];
});
printTable([['the same screens', 'frames', 'screen alone'], ...variants]);
