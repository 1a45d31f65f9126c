import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedFrame, Recording } from '../../../src/activity/recording.ts';
import type { ScreenReading, State } from '../../../src/activity/types.ts';
import { claudeSigns } from '../../../src/agents/claude/signs.ts';
import { codexSigns } from '../../../src/agents/codex/signs.ts';
import { opencodeSigns } from '../../../src/agents/opencode/signs.ts';
import { piSigns } from '../../../src/agents/pi/signs.ts';
import type { ScreenSigns } from '../../../src/agents/types.ts';
import { ROOT } from '../../support/program.ts';

const FOLDER = join(ROOT, 'fixtures/screens/');

export const SIGNS: Readonly<Record<string, ScreenSigns>> = {
  pi: piSigns,
  codex: codexSigns,
  opencode: opencodeSigns,
  claude: claudeSigns,
};

/** What is true of a frame, where the recording says so. */
export interface Truth {
  readonly state?: State;
  readonly composer?: ScreenReading['composer'];
  readonly what?: string;
  /** What a question offers: `>2 No = no`, `>` before the chosen one, behind the label what it means. */
  readonly options?: readonly string[];
}

export interface Screens extends Recording {
  readonly scenario: string;
  readonly frames: readonly (RecordedFrame & {
    readonly truth?: Truth;
    readonly label?: string;
    readonly styled?: string;
    readonly cursor?: { readonly x: number; readonly y: number };
  })[];
}

/** Every recording under fixtures/screens, with its file name. */
export function loadRecordings(): readonly (readonly [string, Screens])[] {
  return Object.keys(SIGNS).flatMap((agent) =>
    readdirSync(join(FOLDER, agent)).map(
      (file) => [`${agent}/${file}`, loadRecording(`${agent}/${file}`)] as const,
    ),
  );
}

export function loadRecording(name: string): Screens {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Screens;
}

/** The recording with its last frames repeated every `step` seconds for `seconds` more. */
export function prolong(recording: Screens, seconds: number, step = 3): Screens {
  const tail = recording.frames.slice(-4);
  const end = recording.frames.at(-1)?.t ?? 0;
  const more = Array.from({ length: Math.floor(seconds / step) }, (_, index) => {
    const frame = tail[index % tail.length];
    return { title: '', dead: false, screen: '', ...frame, t: end + (index + 1) * step };
  });
  return { ...recording, frames: [...recording.frames, ...more] };
}

/** The truth of the recordings that carry none in their frames, from `t` seconds on. */
const TRUTH: Readonly<Record<string, (agent: string, t: number) => State | undefined>> = {
  idle: () => 'IDLE',
  start: (_, t) => (t >= 12 ? 'IDLE' : undefined),
  hang: (_, t) => (t >= 2 ? 'RUNNING' : undefined),
  mid: (_, t) => (t >= 2 ? 'RUNNING' : undefined),
  slow: (_, t) => (t >= 2 ? 'RUNNING' : undefined),
  done: (_, t) => (t >= 6 ? 'IDLE' : undefined),
  tool: (agent, t) =>
    agent !== 'codex' ? (t >= 2 ? 'RUNNING' : undefined) : t < 8 ? 'RUNNING' : t > 13 ? 'IDLE' : undefined,
  approve: (agent, t) => (t < 4 ? undefined : agent === 'pi' ? 'IDLE' : 'WAITING'),
  429: (agent, t) =>
    agent === 'claude'
      ? t >= 3
        ? 'RUNNING'
        : undefined
      : t >= 22
        ? 'IDLE'
        : t < 3 && t > 1
          ? 'RUNNING'
          : undefined,
};

/** What is true of a frame; undefined: it lies in a transition. */
export function expectState(recording: Screens, index: number): State | undefined {
  const frame = recording.frames[index];
  if (frame === undefined || recording.frames.some(({ truth }) => truth)) return frame?.truth?.state;
  return TRUTH[recording.scenario]?.(recording.agent, frame.t);
}
