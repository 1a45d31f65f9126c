import { parseRecording } from '../../activity/parse-recording.ts';
import type { RecordingFile } from '../../activity/recording.ts';
import { type ReplayedFrame, replayRecording } from '../../activity/replay.ts';
import type { AgentEvent, AgentType } from '../../agents/types.ts';
import type { AgentTypes, InspectedType } from '../../config/agent-types.ts';
import { AdrError } from '../../errors.ts';
import { runLimited } from '../../system/run-limited.ts';

/** Signs of the user's own may be slow on a screen that no check thought of. */
const LIMIT_MS = { start: 2_000, frame: 100 };

export interface Replay {
  readonly frames: readonly ReplayedFrame[];
  /** What the reader should know beside the verdicts, a line each. */
  readonly notes: readonly string[];
}

/**
 * Judges every frame of a recording as the monitor would have. `type` stands in for the agent type that it names; one
 * that nobody knows is judged by the base rule. Throws RECORDING_INVALID with the place, CONFIG_INVALID for signs that
 * take too long.
 */
export async function replayText(
  types: Pick<AgentTypes, 'inspect'>,
  {
    text,
    file,
    type: named,
  }: { readonly text: string; readonly file: string; readonly type?: string | undefined },
): Promise<Replay> {
  const recording = parseRecording(text, file);
  const name = named ?? recording.agent;
  const inspected = await types.inspect(name);
  const frames = judgeFrames(recording, inspected.type);
  return { frames, notes: listNotes(recording, name, inspected) };
}

function judgeFrames(recording: RecordingFile, type: AgentType | undefined): readonly ReplayedFrame[] {
  const reports = recording.reports.flatMap((report): readonly AgentEvent[] =>
    'kind' in report ? [report] : (type?.parseReport(report) ?? []),
  );
  const judge = () => replayRecording({ ...recording, reports }, type?.signs);
  if (type?.signsFrom === undefined) return judge();
  const judged = runLimited(LIMIT_MS.start + LIMIT_MS.frame * recording.frames.length, judge);
  if (judged.done) return judged.value;
  throw new AdrError(
    'CONFIG_INVALID',
    `the signs in "${type.signsFrom.file}" take too long on these screens`,
    {
      hint: 'avoid a repetition inside a repetition, like (a+)+ or (.*x)*',
    },
  );
}

function listNotes(
  recording: RecordingFile,
  name: string,
  { type, problem }: InspectedType,
): readonly string[] {
  const shown = name === '' ? 'the recording names no agent type' : `no agent type "${name}"`;
  return [
    ...(problem
      ? [`warning: ${problem.message}; ${type ? 'its own signs do not count' : 'judged without signs'}`]
      : []),
    ...(type || problem
      ? []
      : [`note: ${shown}: judged by the base rule (a screen that does not change is STALLED)`]),
    ...(recording.unknownReports > 0
      ? [`note: ${recording.unknownReports} reports of an unknown kind left out`]
      : []),
  ];
}
