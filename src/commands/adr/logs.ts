import { findReportFile, readReports } from '../../activity/read-reports.ts';
import type { AgentEvent, AgentType } from '../../agents/types.ts';
import type { Engine } from '../../container/engine.ts';
import { findOwnerState } from '../../container/labels.ts';
import type { RunSummary } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import { observeServer } from '../../session/observed.ts';
import type { Clock } from '../../system/clock.ts';
import { describePath } from '../../system/files.ts';
import { type Environment, findRunDirectory } from '../../system/paths.ts';
import { streamProcess } from '../../system/stream-process.ts';
import type { TmuxClient } from '../../tmux/client.ts';

/** Something known of a run: a piece of its output, what the agent reported, or what stands on its screen. */
export type LogEntry =
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'report'; readonly event: AgentEvent }
  | { readonly kind: 'screen'; readonly text: string }
  /** For the user, not of the run. */
  | { readonly kind: 'note'; readonly text: string };

export interface LogRequest {
  readonly run: RunSummary;
  readonly type: AgentType | undefined;
  readonly follow: boolean;
  /** Only so many lines or reports from the end; undefined: all. */
  readonly tail: number | undefined;
}

export interface LogTools {
  readonly env: Environment;
  readonly engine: Engine | undefined;
  readonly tmux: TmuxClient;
  readonly clock: Clock;
}

const LOOK_MS = 500;

/**
 * What is known of a run. A headless one prints to a log of the engine (rotated: three files of 10 MB); of one on a
 * terminal there are its reports and its screen, never the bytes it sent to the terminal. With `follow` until it ends.
 * Throws what the engine says.
 */
export async function* readLogs(request: LogRequest, tools: LogTools): AsyncGenerator<LogEntry> {
  const { container } = request.run;
  if (container && tools.engine && !(await isOnTerminal(tools.engine, container.id))) {
    yield* readOutput(tools.engine, container.id, request);
    return;
  }
  yield* readStory(request, tools);
}

async function isOnTerminal(engine: Engine, id: string): Promise<boolean> {
  const args = ['container', 'inspect', '--format', '{{.Config.Tty}}', '--', id];
  return (await engine.ask('inspect the container', args)).trim() === 'true';
}

async function* readOutput(engine: Engine, id: string, request: LogRequest): AsyncGenerator<LogEntry> {
  const { follow, tail } = request;
  const options = [...(follow ? ['--follow'] : []), ...(tail === undefined ? [] : ['--tail', `${tail}`])];
  const { output, ended } = streamProcess(engine.program, ['logs', ...options, id], { env: engine.env });
  for await (const piece of output) yield { kind: 'output', ...piece };
  if ((await ended) === 0) return;
  // What the engine's client said stands among the output; a container that went away meanwhile is an end.
  if (await engine.findState(id)) {
    throw new AdrError('ENGINE_FAILED', `${engine.program} could not read the log`, {
      hint: 'it says why above',
    });
  }
}

async function* readStory(request: LogRequest, tools: LogTools): AsyncGenerator<LogEntry> {
  const { run, type, follow, tail } = request;
  const directory = findRunDirectory(tools.env, run.run);
  const path = findReportFile(directory);
  const first = type ? await readReports(path, 0, type) : undefined;
  const events = first?.events ?? [];
  for (const event of tail === undefined ? events : events.slice(events.length - tail)) {
    yield { kind: 'report', event };
  }
  if (first?.flooded)
    yield { kind: 'note', text: 'the agent reported more than is read: the rest is left out' };
  if (follow && type) {
    yield* followReports({ ...request, type }, { directory, path, offset: first?.offset ?? 0 }, tools.clock);
    return;
  }
  const screen = await findScreen(run, tools.tmux);
  if (screen !== undefined) yield { kind: 'screen', text: screen };
  else if (events.length === 0) {
    yield { kind: 'note', text: 'nothing is reported, and its screen is the terminal it was started on' };
  }
}

async function* followReports(
  { run, type }: LogRequest & { readonly type: AgentType },
  from: { readonly directory: string; readonly path: string; readonly offset: number },
  clock: Clock,
): AsyncGenerator<LogEntry> {
  let { offset } = from;
  for (;;) {
    const over = findOwnerState(run.owner) === 'gone' || (await describePath(from.directory)) === 'missing';
    const batch = await readReports(from.path, offset, type);
    offset = batch.offset;
    for (const event of batch.events) yield { kind: 'report', event };
    if (over || batch.flooded) return;
    await clock.sleep(LOOK_MS);
  }
}

/** What stands on the run's pane now; undefined: it is in no session on this tmux server. */
async function findScreen(run: RunSummary, tmux: TmuxClient): Promise<string | undefined> {
  try {
    const { sessions } = await observeServer(tmux);
    const pane = sessions.flatMap(({ panes }) => panes).find((entry) => entry.run === run.run);
    if (!pane) return undefined;
    const answer = await tmux.run(['capture-pane', '-p', '-J', '-t', pane.pane]);
    return answer.ok ? answer.stdout.replace(/[ \t]+$/gm, '').trimEnd() : undefined;
  } catch (error) {
    // Without tmux there are no sessions.
    if (error instanceof AdrError) return undefined;
    throw error;
  }
}
