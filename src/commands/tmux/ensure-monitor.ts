import { compareVersions } from '../../activity/compare-versions.ts';
import { isBeating, parseHeartbeat } from '../../activity/heartbeat.ts';
import type { TmuxContext } from './context.ts';

/** Starts the monitor of this tmux server unless one of our version or newer beats already. */
export async function ensureMonitor(context: TmuxContext, heartbeat: string): Promise<void> {
  const beat = parseHeartbeat(heartbeat);
  if (isBeating(beat, context.clock.now()) && compareVersions(beat.version, context.version) >= 0) return;
  // Loaded only now: most calls find a monitor.
  const { startProcess } = await loadProcessStarter();
  const [program = '', ...args] = context.ownCommand;
  const socket = context.tmux.socket === undefined ? [] : ['--socket', context.tmux.socket];
  startProcess(program, [...args, 'monitor', ...socket], {
    env: context.env,
    cwd: '/',
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
    detached: true,
  });
}

/** What starts a monitor; called ahead, it needs no file any more. */
export const loadProcessStarter = () => import('../../system/long-process.ts');
