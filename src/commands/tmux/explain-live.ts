import { isBeating, parseHeartbeat } from '../../activity/heartbeat.ts';
import { judgePanes, type Tracking } from '../../activity/judge-panes.ts';
import { lookAtPanes, type PaneLook } from '../../activity/look.ts';
import { findReportFile, MAX_REPORT_BYTES } from '../../activity/read-reports.ts';
import { readScreen } from '../../activity/read-screen.ts';
import { type PaneState, readStored } from '../../activity/stored-state.ts';
import type { ScreenReading, Verdict } from '../../activity/types.ts';
import type { InspectedType } from '../../config/agent-types.ts';
import { AdrError } from '../../errors.ts';
import { findAgent, findOnlyAgent, findSession } from '../../session/find-session.ts';
import {
  type ObservedPane,
  type ObservedServer,
  type ObservedSession,
  observeServer,
} from '../../session/observed.ts';
import { readSize } from '../../system/files.ts';
import { findRunDirectory } from '../../system/paths.ts';
import { runLimited } from '../../system/run-limited.ts';
import type { TmuxContext } from './context.ts';
import { findOrigin, type PatternOrigin } from './explain-signs.ts';
import { toJudgeTools } from './judge-now.ts';

const READ_LIMIT_MS = 2_000;

/** A thing the screen shows, with the line and the sign that prove it. */
export interface ShownFact {
  readonly kind: string;
  readonly says: string;
  readonly line: string;
  readonly sign: PatternOrigin | undefined;
}

/** Everything behind the state of one agent. Times in ms since the epoch. */
export interface Explanation {
  readonly at: number;
  readonly session: string;
  readonly agent: string;
  readonly type: string;
  readonly run: string;
  readonly pane: string;
  readonly now: Verdict;
  /** What the monitor wrote last; undefined: nothing yet. */
  readonly stored: PaneState | undefined;
  readonly monitorBeats: boolean;
  readonly screen: {
    readonly size: string;
    readonly title: string;
    /** Undefined: the type has no signs. */
    readonly shown: readonly ShownFact[] | undefined;
    /** No progress for so long (ms). */
    readonly quietFor: number;
    readonly signsFile: string | undefined;
  };
  readonly reports: {
    readonly wanted: boolean;
    readonly bytes: number;
    readonly flooded: boolean;
    readonly facts: Tracking['memory']['facts'];
  };
  /** Why a file of the user's own does not count. */
  readonly problem: AdrError | undefined;
}

/** The pane of the agent that is meant. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND, USAGE. */
export async function findExplained(
  context: TmuxContext,
  session: string,
  agent: string | undefined,
): Promise<{
  readonly server: ObservedServer;
  readonly session: ObservedSession;
  readonly pane: ObservedPane;
}> {
  const server = await observeServer(context.tmux);
  const found = findSession(server, session);
  const pane = agent === undefined ? findOnlyAgent(found) : findAgent(found, agent);
  return { server, session: found, pane };
}

/** Judges one agent here and now, by the monitor's rules and from its memory, and writes nothing. */
export async function explainAgent(
  context: TmuxContext,
  wanted: { readonly session: string; readonly agent: string | undefined },
): Promise<Explanation> {
  const { server, session, pane } = await findExplained(context, wanted.session, wanted.agent);
  const { panes } = await lookAtPanes(context.tmux, [pane.pane]);
  const at = context.clock.now();
  const look = panes.get(pane.pane);
  const [judged] = look ? await judgePanes(server, panes, new Map(), at, toJudgeTools(context)) : [];
  if (!look || !judged) {
    throw new AdrError('AGENT_NOT_FOUND', `agent "${pane.agent}" of session "${session.name}" has just gone`);
  }
  const inspected = await context.types.inspect(pane.type);
  const { facts, quietFor } = judged.tracking.memory;
  const bytes = await readSize(findReportFile(findRunDirectory(context.env, pane.run)));
  const { agent, type, run } = pane;
  return {
    ...{ at, session: session.name, agent, type, run, pane: pane.pane },
    now: judged.verdict,
    stored: readStored(pane),
    monitorBeats: isBeating(parseHeartbeat(server.monitor), at),
    screen: {
      size: look.size,
      title: look.title,
      shown: listShown(inspected, look),
      quietFor,
      signsFile: inspected.type?.signsFrom?.file,
    },
    reports: {
      wanted: pane.reports && inspected.type?.hasReporter === true,
      bytes,
      flooded: bytes >= MAX_REPORT_BYTES,
      facts,
    },
    problem: inspected.problem,
  };
}

function listShown({ type }: InspectedType, look: PaneLook): readonly ShownFact[] | undefined {
  const signs = type?.signs;
  if (!type || !signs) return undefined;
  const read = runLimited(READ_LIMIT_MS, () => readScreen(signs, look.screen, look.title));
  if (!read.done) return [];
  const reading = read.value;
  return Object.entries(reading.evidence).map(([kind, line]) => {
    const pattern = reading.patterns?.[kind as keyof ScreenReading['evidence']];
    return {
      kind,
      line,
      says: nameFact(reading, kind as keyof ScreenReading['evidence']),
      sign: pattern === undefined ? undefined : findOrigin(type, kind, pattern),
    };
  });
}

function nameFact(reading: ScreenReading, kind: keyof ScreenReading['evidence']): string {
  if (kind === 'dialog') return [reading.dialog?.kind, reading.dialog?.what].filter(Boolean).join(': ');
  if (kind !== 'composer') return reading[kind] ?? '';
  const { mode = 'prompt', text = '' } = reading.composer ?? {};
  return `${text === '' ? 'empty' : 'holds text'}${mode === 'prompt' ? '' : `, ${mode} mode`}`;
}
