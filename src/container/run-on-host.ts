import { join } from 'node:path';
import type { Launch } from '../agents/types.ts';
import { AdrError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import { writePrivateFile } from '../system/files.ts';
import { type StartProcessOptions, startProcess } from '../system/long-process.ts';
import {
  findProcessesByEnvironment,
  isSameProcessAlive,
  listAncestors,
  readStartTime,
  signalProcess,
} from '../system/process-table.ts';
import { findSignalCode, findStopCode, type RunEnd, type StopWatch, settlesWithin } from './ending.ts';
import type { RunIdentity } from './labels.ts';

/** One agent run by its own program on this host, nothing around it. */
export interface HostPlan {
  readonly kind: 'host';
  readonly identity: RunIdentity;
  /** The program and what stands before its arguments. */
  readonly program: readonly string[];
  readonly launch: Launch;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly interactive: boolean;
  /** Where the launch's assets are written. */
  readonly assets: string;
  readonly timeoutMs: number | undefined;
}

const GRACE_MS = 5000;
const LEFTOVER_GRACE_MS = 2000;
const LOOK_MS = 50;

/**
 * Runs the agent on this terminal and ends everything it started: what `watch` reports is handed on, after a grace
 * time it is killed, and at the end whatever still carries this run in its environment. Throws AGENT_NOT_INSTALLED.
 */
export async function runOnHost(plan: HostPlan, watch: StopWatch, clock: Clock): Promise<RunEnd> {
  try {
    for (const { path, content } of plan.launch.assets)
      await writePrivateFile(join(plan.assets, path), content);
    const early = watch.cause();
    if (early) return { exitCode: findStopCode(early), cause: early, outOfMemory: false };
    const [file = '', ...before] = plan.program;
    const child = startProcess(file, [...before, ...plan.launch.argv.slice(1)], {
      env: plan.env,
      cwd: plan.identity.workspace,
      stdin: chooseStdin(plan),
    });
    const cause = await Promise.race([child.ended.then(() => undefined), watch.stopped]);
    if (cause) {
      child.kill(cause.kind === 'signal' ? cause.signal : 'SIGTERM');
      const ended = Promise.race([child.ended, watch.again]);
      await settlesWithin(ended, GRACE_MS);
      // Nothing happens to one that has ended.
      child.kill('SIGKILL');
    }
    const { exitCode, signal, failure } = await child.ended;
    if (failure === 'not-found') {
      throw new AdrError('AGENT_NOT_INSTALLED', `cannot run "${file}"`, {
        hint: 'check that it is installed',
      });
    }
    const ownCode = exitCode ?? findSignalCode(signal ?? 'SIGTERM');
    return { exitCode: cause ? findStopCode(cause) : ownCode, cause, outOfMemory: false };
  } finally {
    await endLeftovers(plan.identity.run, clock);
  }
}

/** Ends every process of a run but this one and those it was started by; gives how many there were. */
export async function endLeftovers(run: string, clock: Clock): Promise<number> {
  const spared = new Set(listAncestors());
  const find = () => findProcessesByEnvironment('ADR_RUN_ID', run).filter((pid) => !spared.has(pid));
  const left = find().map((pid) => ({ pid, startTime: readStartTime(pid) }));
  const isAlive = ({ pid, startTime }: { readonly pid: number; readonly startTime: string | undefined }) =>
    startTime !== undefined && isSameProcessAlive(pid, startTime);
  for (const { pid } of left) signalProcess(pid, 'SIGTERM');
  for (let waited = 0; left.some(isAlive) && waited < LEFTOVER_GRACE_MS; waited += LOOK_MS)
    await clock.sleep(LOOK_MS);
  // Also what was started meanwhile.
  for (const pid of find()) signalProcess(pid, 'SIGKILL');
  return left.length;
}

function chooseStdin(plan: HostPlan): StartProcessOptions['stdin'] {
  if (plan.launch.stdin !== undefined) return { text: plan.launch.stdin };
  return plan.interactive ? 'inherit' : 'ignore';
}
