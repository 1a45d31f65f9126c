import { dirname } from 'node:path';
import { decodeServer, hasUnknownExit, LISTING, type ObservedServer, POKE } from '../session/observed.ts';
import type { Clock } from '../system/clock.ts';
import { watchDirectory } from '../system/watch.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { formatCommand } from '../tmux/quote.ts';
import { compareVersions } from './compare-versions.ts';
import { formatBeat, formatHeartbeat, type Heartbeat, isFresh, parseHeartbeat } from './heartbeat.ts';
import { type JudgeTools, judgePanes, type Tracking } from './judge-panes.ts';
import { lookAtPanes } from './look.ts';
import { formatStore } from './store-verdicts.ts';

export interface MonitorTools extends JudgeTools {
  readonly tmux: TmuxClient;
  readonly clock: Clock;
  readonly self: Omit<Heartbeat, 'at'>;
  /** Called now and then with the sessions there are: removes what dead panes left behind. */
  readonly reap: (server: ObservedServer) => Promise<void>;
  readonly signal: AbortSignal;
}

const TICK_MS = 3_000;
/** Reports wake a tick, but not more often than this. */
const MIN_TICK_MS = 250;
const REAP_EVERY_TICKS = 5;

/**
 * Watches one tmux server: every 3 s, and whenever an agent reports, one tmux invocation lists everything, captures
 * the panes known from the tick before and writes the verdicts of that tick. Ends when the last session goes, when
 * another monitor has taken over, or when `signal` fires. Never throws for a single bad tick.
 */
export async function runMonitor(tools: MonitorTools): Promise<'no-sessions' | 'replaced' | 'stopped'> {
  const { tmux, clock, self, signal } = tools;
  const bell = createBell(clock, signal);
  const watches = new Map<string, { close(): void }>();
  let tracked = new Map<string, Tracking>();
  let stores: readonly string[] = [];
  let panes: readonly string[] = [];
  let beat: string | undefined;
  let poke = false;
  let failures = 0;
  try {
    for (let tick = 0; !signal.aborted; tick++) {
      const at = clock.now();
      const next = formatHeartbeat({ ...self, at });
      const looks = await lookAtPanes(tmux, panes, [
        ...(beat === undefined ? [] : [formatBeat(beat, next)]),
        ...stores,
        ...(poke ? POKE.map(formatCommand) : []),
        formatCommand(LISTING),
      ]).catch(() => undefined);
      if (looks?.server === 'down') return 'no-sessions';
      if (!looks) {
        if (++failures > 5) return 'stopped';
        await clock.sleep(1000);
        continue;
      }
      failures = 0;
      const server = decodeServer(looks.printed);
      if (server.sessions.length === 0) return 'no-sessions';
      if (beat === undefined) {
        if (!(await claimServer(tools, server, next))) return 'replaced';
      } else if (server.monitor !== next) return 'replaced';
      beat = next;
      const judged = await judgePanes(server, looks.panes, tracked, at, tools);
      tracked = new Map(judged.map(({ pane, tracking }) => [pane.pane, tracking]));
      stores = judged.map(formatStore);
      poke = hasUnknownExit(server);
      panes = server.sessions.flatMap((session) => session.panes.map(({ pane }) => pane));
      followReports(watches, server, tools, bell.ring);
      if (tick % REAP_EVERY_TICKS === 1) await tools.reap(server).catch(() => undefined);
      const unseen = panes.some((pane) => !tracked.has(pane));
      const unstored = judged.some(({ pane, verdict }) => pane.stored?.state !== verdict.state);
      // A new verdict is written at once, not with the next regular tick.
      await bell.wait(unseen || unstored ? MIN_TICK_MS : TICK_MS);
    }
    return 'stopped';
  } finally {
    for (const watch of watches.values()) watch.close();
  }
}

async function claimServer(tools: MonitorTools, server: ObservedServer, beat: string): Promise<boolean> {
  const other = parseHeartbeat(server.monitor);
  if (other && isFresh(other, tools.clock.now()) && compareVersions(other.version, tools.self.version) >= 0)
    return false;
  const answer = await tools.tmux.batch([
    formatBeat(server.monitor, beat),
    formatCommand(['show-options', '-s', '-v', '@adr_monitor']),
  ]);
  return answer.stdout.trim() === beat;
}

function followReports(
  watches: Map<string, { close(): void }>,
  server: ObservedServer,
  tools: MonitorTools,
  onChange: () => void,
): void {
  const runs = new Set(server.sessions.flatMap((session) => session.panes.map((pane) => pane.run)));
  for (const [run, watch] of watches) {
    if (runs.has(run)) continue;
    watch.close();
    watches.delete(run);
  }
  for (const run of runs) {
    if (!watches.has(run)) watches.set(run, watchDirectory(dirname(tools.findReports(run)), onChange));
  }
}

/** A sleep that a report can cut short, though never below `MIN_TICK_MS`. */
function createBell(clock: Clock, signal: AbortSignal): { ring(): void; wait(ms: number): Promise<void> } {
  let wake: () => void = () => undefined;
  let rung = false;
  const ring = (): void => {
    rung = true;
    wake();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    wait: async (ms) => {
      const deadline = clock.now() + ms;
      await clock.sleep(Math.min(ms, MIN_TICK_MS));
      // Short sleeps, so that no long one is left behind when a report comes first.
      while (!rung && clock.now() < deadline) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([woken, clock.sleep(Math.min(500, deadline - clock.now()))]);
      }
      rung = false;
    },
  };
}
