import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RecordedFrame, Recording } from '../../../src/activity/recording.ts';
import type { ScreenReading, State } from '../../../src/activity/types.ts';
import { claudeSigns } from '../../../src/agents/claude/signs.ts';
import { codexSigns } from '../../../src/agents/codex/signs.ts';
import { opencodeSigns } from '../../../src/agents/opencode/signs.ts';
import { piSigns } from '../../../src/agents/pi/signs.ts';
import type { ScreenSigns } from '../../../src/agents/types.ts';

const ROOT = fileURLToPath(new URL('../../../fixtures/screens/', import.meta.url));

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
    readdirSync(`${ROOT}${agent}`).map(
      (file) => [`${agent}/${file}`, loadRecording(`${agent}/${file}`)] as const,
    ),
  );
}

export function loadRecording(name: string): Screens {
  return JSON.parse(readFileSync(`${ROOT}${name}`, 'utf8')) as Screens;
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
