import type { Tracking } from '../../activity/judge-panes.ts';
import { lookAtPanes, type PaneLook } from '../../activity/look.ts';
import { findReportFile, readReports } from '../../activity/read-reports.ts';
import type { RecordedFrame, Recording } from '../../activity/recording.ts';
import type { AgentEvent } from '../../agents/types.ts';
import { AdrError } from '../../errors.ts';
import type { ObservedPane } from '../../session/observed.ts';
import { findRunDirectory } from '../../system/paths.ts';
import type { TmuxContext } from './context.ts';
import { findExplained } from './explain-live.ts';

const EVERY_MS = 1_000;
/** What is kept in memory and written: more than a day of a screen that changes every second at 80x24. */
const MAX_CHARS = 200_000_000;

/** What a recording came to. */
export interface Recorded {
  readonly recording: Recording & { readonly startedAt: number };
  /** `full`: it grew too large; `gone`: the pane is there no more. */
  readonly end: 'stopped' | 'time' | 'gone' | 'full';
}

/**
 * Takes a screen a second of one agent until `signal` fires, `forMs` have passed or its pane is gone, and all
 * that it has reported since its run began. `onBegin` is called when the agent is found. Throws SESSION_NOT_FOUND,
 * AGENT_NOT_FOUND, USAGE.
 */
export async function recordScreens(
  context: TmuxContext,
  wanted: {
    readonly session: string;
    readonly agent: string | undefined;
    readonly forMs: number | undefined;
  },
  signal: AbortSignal,
  onBegin: (pane: ObservedPane) => void,
): Promise<Recorded> {
  const { session, pane } = await findExplained(context, wanted.session, wanted.agent);
  onBegin(pane);
  const { clock } = context;
  const startedAt = clock.now();
  const readOn = followRun(context, pane);
  const stopped = waitForAbort(signal);
  const frames: RecordedFrame[] = [];
  const reports: AgentEvent[] = [...recallClosed(pane)];
  let size = pane.size;
  let chars = 0;
  let end: Recorded['end'] = 'stopped';
  do {
    const at = frames.length === 0 ? startedAt : clock.now();
    const look = (await lookAtPanes(context.tmux, [pane.pane])).panes.get(pane.pane);
    // What a run reported goes with the run.
    reports.push(...(await readOn()));
    if (!look) {
      end = 'gone';
      break;
    }
    if (frames.length === 0) size = look.size;
    const frame = toFrame(look, toSeconds(at - startedAt), size);
    frames.push(frame);
    chars += frame.screen.length;
    if (chars > MAX_CHARS) end = 'full';
    else if (wanted.forMs !== undefined && clock.now() - startedAt >= wanted.forMs) end = 'time';
    if (end !== 'stopped') break;
    await Promise.race([clock.sleep(Math.max(0, EVERY_MS - (clock.now() - at))), stopped]);
  } while (!signal.aborted);
  if (frames.length === 0) {
    throw new AdrError('AGENT_NOT_FOUND', `agent "${pane.agent}" of session "${session.name}" has gone`);
  }
  const events = reports.map((event) => ({ ...event, at: event.at - startedAt }));
  const started = toSeconds(session.createdAt - startedAt);
  return { end, recording: { agent: pane.type, size, started, startedAt, frames, reports: events } };
}

/**
 * Not every agent reports the end of every turn: where the monitor has seen by the screen that one is over, a replay
 * must know it too.
 */
function recallClosed(pane: ObservedPane): readonly AgentEvent[] {
  try {
    const { run, memory } = JSON.parse(pane.stored?.track ?? '') as Tracking;
    const { turn, turnAt } = memory.facts;
    return run === pane.run && turn === 'over' ? [{ kind: 'turn-end', message: '', at: turnAt }] : [];
  } catch {
    return [];
  }
}

function toFrame({ title, dead, exit, screen, size }: PaneLook, t: number, usual: string): RecordedFrame {
  return {
    ...{ t, title, dead, exit: dead ? exit : null, screen: screen.replace(/\n+$/, '') },
    ...(size !== usual && { size }),
  };
}

/** Reads what a run has reported since the call before; at first, since it began. */
function followRun(context: TmuxContext, pane: ObservedPane): () => Promise<readonly AgentEvent[]> {
  const file = findReportFile(findRunDirectory(context.env, pane.run));
  let offset = 0;
  return async () => {
    const type = await context.types.findUsable(pane.type);
    if (!type?.hasReporter) return [];
    const batch = await readReports(file, offset, type);
    offset = batch.offset;
    return batch.events;
  };
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function toSeconds(ms: number): number {
  return Math.round(ms) / 1000;
}
