import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { nudgeMonitor, parseHeartbeat } from '../../src/activity/heartbeat.ts';
import { systemClock } from '../../src/system/clock.ts';
import { runProcess } from '../../src/system/process.ts';
import { isSameProcessAlive } from '../../src/system/process-table.ts';
import { TmuxClient } from '../../src/tmux/client.ts';

let count = 0;

export interface TestServer {
  readonly socket: string;
  readonly tmux: TmuxClient;
  /** Starts the server with a session `keep` of its own and no configuration but `lines`. */
  start(...lines: readonly string[]): Promise<void>;
  /** Runs one tmux command and gives its output without the final line feed. */
  run(...words: readonly string[]): Promise<string>;
  kill(): Promise<void>;
}

/** A tmux server of the test's own: private socket, no user configuration. Killed by that very socket. */
export function openTestServer(): TestServer {
  const socket = `adr-test-${process.pid}-${++count}`;
  const prefix = ['-u', '-L', socket, '-f', '/dev/null'];
  const run = async (...words: readonly string[]): Promise<string> =>
    (await execa('tmux', [...prefix, ...words])).stdout;
  return {
    socket,
    tmux: new TmuxClient({ socket, run: runProcess }),
    start: async (...lines) => {
      await run('new-session', '-d', '-s', 'keep', '-x', '80', '-y', '24', 'sleep 100000');
      if (lines.length > 0)
        await execa('tmux', [...prefix, 'source-file', '-'], { input: `${lines.join('\n')}\n` });
    },
    run,
    kill: async () => {
      const monitor = await run('show-options', '-s', '-v', '@adr_monitor').catch(() => '');
      await execa('tmux', [...prefix, 'kill-server'], { reject: false });
      rmSync(join(process.env.TMUX_TMPDIR ?? '/tmp', `tmux-${process.getuid?.() ?? 0}`, socket), {
        force: true,
      });
      await endMonitor(monitor);
    },
  };
}

/** A monitor notices at its next look, which this asks for, that its server is gone: nobody writes behind the test. */
async function endMonitor(heartbeat: string): Promise<void> {
  const beat = parseHeartbeat(heartbeat);
  if (!beat || !isSameProcessAlive(beat.pid, beat.startTime)) return;
  nudgeMonitor(beat);
  await waitFor('the end of the monitor', () => !isSameProcessAlive(beat.pid, beat.startTime), 5_000).catch(
    () => undefined,
  );
}

/** Polls until `read` gives something other than undefined or false; throws with `what` after `ms`. */
export async function waitFor<T>(
  what: string,
  read: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 25_000,
): Promise<T> {
  const deadline = systemClock.now() + ms;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (systemClock.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await systemClock.sleep(50);
  }
}
