import { monitorServer } from '../../commands/tmux/monitor.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** The hidden command that `start` runs in the background. */
export async function runMonitorCommand(context: CommandContext): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  await monitorServer(makeTmuxContext(context), stop.signal, (listener) => process.on('SIGCONT', listener));
  return 0;
}
