import { runMonitor } from '../../activity/monitor.ts';
import { readStartTime } from '../../system/process-table.ts';
import { type TmuxContext, toJudgeTools } from './context.ts';

/** Runs the monitor of this tmux server until its last session goes or another monitor takes over. */
export async function monitorServer(context: TmuxContext, signal: AbortSignal): Promise<void> {
  await runMonitor({
    ...toJudgeTools(context),
    tmux: context.tmux,
    clock: context.clock,
    self: { pid: process.pid, startTime: readStartTime(process.pid) ?? '', version: context.version },
    reap: async () => undefined,
    signal,
  });
}
