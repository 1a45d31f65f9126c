import {
  decodeServer,
  hasUnknownExit,
  LISTING,
  type ObservedServer,
  type ObservedSession,
  POKE,
} from '../session/observed.ts';
import type { Clock } from '../system/clock.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { formatCommand } from '../tmux/quote.ts';
import { compareVersions } from './compare-versions.ts';
import { type Change, findChanges, findLost, type Told, toTold } from './find-changes.ts';
import { ReportWatches } from './follow-reports.ts';
import {
  formatBeat,
  formatHeartbeat,
  formatNextBeat,
  type Heartbeat,
  isBeating,
  parseHeartbeat,
} from './heartbeat.ts';
import { type JudgedPane, type JudgeTools, judgePanes, type Tracking } from './judge-panes.ts';
import { lookAtPanes } from './look.ts';
import { createBell } from './monitor-bell.ts';
import { formatQuestion, formatStore } from './store-verdicts.ts';

/** Where a monitor tells what it sees. Nothing of it may keep the monitor from its next look for long. */
export interface Announcer {
  /** What was told of a session's runs before this monitor began, by run. */
  recall(session: ObservedSession): Promise<ReadonlyMap<string, Told>>;
  announce(changes: readonly Change[]): Promise<void>;
  /** Sessions that are there no more. */
  announceGone(sessions: readonly ObservedSession[]): Promise<void>;
}

export interface MonitorTools extends JudgeTools {
  readonly tmux: TmuxClient;
  readonly clock: Clock;
  readonly self: Omit<Heartbeat, 'at'>;
  readonly announcer: Announcer;
  /** Called now and then with the sessions there are: removes what dead panes left behind. */
  readonly reap: (server: ObservedServer) => Promise<void>;
  /** Told when somebody waits for a change. */
  readonly onNudge?: ((listener: () => void) => void) | undefined;
  readonly signal: AbortSignal;
}

const TICK_MS = 3_000;
/** Reports wake a tick, but not more often than this. */
const MIN_TICK_MS = 250;
/** A new verdict is written by the next tick: that one comes soon. */
const STORE_TICK_MS = 50;
/** Between two looks while a reported question is being drawn, and how long that may take. */
const DRAW_TICK_MS = 300;
const DRAW_LIMIT_MS = 5_000;
const REAP_EVERY_TICKS = 5;
const MAX_FAILURES = 5;

type MonitorEnd = 'no-sessions' | 'replaced' | 'stopped';

/**
 * Watches one tmux server: every 3 s, and whenever an agent reports, one tmux invocation lists everything, captures
 * the panes known from the tick before and writes the verdicts of that tick. Ends when the last session goes, when
 * another monitor has taken over, or when `signal` fires. Never throws for a single bad tick.
 */
export async function runMonitor(tools: MonitorTools): Promise<MonitorEnd> {
  const { clock, signal } = tools;
  const bell = createBell(clock, signal);
  tools.onNudge?.(bell.hurry);
  const watches = new ReportWatches(tools.findReports, bell.ring);
  let memory: MonitorMemory = NOTHING_KNOWN;
  let failures = 0;
  let reaping = false;
  let followed = false;
  try {
    for (let tick = 0; !signal.aborted; tick++) {
      const result = await runTick(tools, memory).catch(() => undefined);
      if (typeof result === 'string') return result;
      if (!result) {
        if (++failures > MAX_FAILURES) return 'stopped';
        await bell.wait(1000, 1000);
        continue;
      }
      failures = 0;
      memory = result;
      watches.follow(memory.server);
      if (tick % REAP_EVERY_TICKS === 1 && !reaping) {
        reaping = true;
        // An engine may take its time: the looks go on.
        void tools
          .reap(memory.server)
          .catch(() => undefined)
          .finally(() => {
            reaping = false;
          });
      }
      const soon: boolean = !followed && hasNews(memory);
      followed = soon;
      await (soon
        ? bell.wait(STORE_TICK_MS, STORE_TICK_MS)
        : bell.wait(
            bell.choosePace(isDrawing(memory, tools.clock.now()) ? DRAW_TICK_MS : TICK_MS),
            MIN_TICK_MS,
          ));
    }
    return 'stopped';
  } finally {
    watches.close();
  }
}

/** What a monitor carries from one tick to the next. */
interface MonitorMemory {
  readonly server: ObservedServer;
  /** The heartbeat that was written last. */
  readonly beat: string | undefined;
  readonly judged: readonly JudgedPane[];
  readonly tracked: ReadonlyMap<string, Tracking>;
  readonly told: ReadonlyMap<string, Told>;
  /** Runs that have ended, nobody knows how. */
  readonly unsure: ReadonlySet<string>;
}

const NOTHING_KNOWN: MonitorMemory = {
  server: { id: undefined, monitor: '', sessions: [] },
  beat: undefined,
  judged: [],
  tracked: new Map(),
  told: new Map(),
  unsure: new Set(),
};

async function runTick(tools: MonitorTools, before: MonitorMemory): Promise<MonitorMemory | MonitorEnd> {
  const { tmux, clock, self, announcer } = tools;
  const at = clock.now();
  const beat = formatHeartbeat({ ...self, at });
  const panes = before.server.sessions.flatMap((session) => session.panes.map(({ pane }) => pane));
  const looks = await lookAtPanes(tmux, panes, [
    ...(before.beat === undefined ? [] : [formatNextBeat(self, beat)]),
    ...before.judged.map((judged) => formatStore(judged, beat)),
    ...(hasUnknownExit(before.server) ? POKE.map(formatCommand) : []),
    formatCommand(LISTING),
  ]);
  const server = looks.server === 'down' ? NOTHING_KNOWN.server : decodeServer(looks.printed);
  if (server.sessions.length === 0) {
    await announcer.announceGone(before.server.sessions);
    return 'no-sessions';
  }
  if (before.beat === undefined) {
    if (!(await claimServer(tools, server, beat))) return 'replaced';
  } else if (server.monitor !== beat) {
    // On a server that was started anew another monitor has begun, and our sessions are gone.
    if (server.id !== before.server.id) await announcer.announceGone(before.server.sessions);
    return 'replaced';
  }
  const judged = await judgePanes(server, looks.panes, before.tracked, at, tools);
  const told = await recallAll(announcer, before, server);
  const lost = findLost(before.server.sessions, server.sessions, told, at);
  const unsure = findUnsure(judged);
  const found = findChanges(judged, told);
  // How it ended may be known at the next look, which asks tmux for it.
  const changes = [
    ...lost,
    ...found.filter(({ pane }) => !unsure.has(pane.run) || before.unsure.has(pane.run)),
  ];
  if (changes.length > 0) await announcer.announce(changes);
  const gone = findGone(before.server, server);
  if (gone.length > 0) await announcer.announceGone(gone);
  return {
    server,
    beat,
    judged,
    tracked: new Map(judged.map(({ pane, tracking }) => [pane.pane, tracking])),
    told: keepTold(told, changes, server),
    unsure,
  };
}

function findUnsure(judged: readonly JudgedPane[]): ReadonlySet<string> {
  const unsure = judged.filter(({ pane }) => pane.dead && pane.exit === null);
  return new Set(unsure.map(({ pane }) => pane.run));
}

function findGone(before: ObservedServer, now: ObservedServer): readonly ObservedSession[] {
  const present = new Set(now.sessions.map(({ id }) => id));
  return before.sessions.filter(({ id }) => !present.has(id));
}

/** What was told so far; of sessions that are new to this monitor, what others told. */
async function recallAll(
  announcer: Announcer,
  before: MonitorMemory,
  server: ObservedServer,
): Promise<ReadonlyMap<string, Told>> {
  const known = new Set(before.server.sessions.map(({ id }) => id));
  const unknown = server.sessions.filter(({ id }) => !known.has(id));
  if (unknown.length === 0) return before.told;
  const recalled = await Promise.all(unknown.map((session) => announcer.recall(session)));
  return new Map([...before.told, ...recalled.flatMap((told) => [...told])]);
}

function keepTold(
  told: ReadonlyMap<string, Told>,
  changes: readonly Change[],
  server: ObservedServer,
): ReadonlyMap<string, Told> {
  const runs = new Set(server.sessions.flatMap(({ panes }) => panes.map(({ run }) => run)));
  const all = [...told, ...changes.map((change) => [change.pane.run, toTold(change)] as const)];
  return new Map(all.filter(([run]) => runs.has(run)));
}

/** A pane without a look yet, or a verdict that its pane does not show yet. */
function hasNews({ server, judged, told }: MonitorMemory): boolean {
  const panes = server.sessions.flatMap((session) => session.panes);
  if (panes.length > judged.length) return true;
  return judged.some(
    ({ pane, verdict }) =>
      told.get(pane.run)?.state !== verdict.state ||
      pane.stored?.state !== verdict.state ||
      pane.stored.since !== verdict.since ||
      pane.stored.question !== formatQuestion(verdict),
  );
}

/** A question was just reported and is not on the screen yet: its options are not known. */
function isDrawing({ judged }: MonitorMemory, at: number): boolean {
  return judged.some(
    ({ verdict: { question, since } }) => question && question.id === undefined && at - since < DRAW_LIMIT_MS,
  );
}

async function claimServer(tools: MonitorTools, server: ObservedServer, beat: string): Promise<boolean> {
  const other = parseHeartbeat(server.monitor);
  if (isBeating(other, tools.clock.now()) && compareVersions(other.version, tools.self.version) >= 0)
    return false;
  const answer = await tools.tmux.batch([
    formatBeat(server.monitor, beat),
    formatCommand(['show-options', '-s', '-v', '@adr_monitor']),
  ]);
  return answer.stdout.trim() === beat;
}
