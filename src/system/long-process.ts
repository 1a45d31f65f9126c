import { execa } from 'execa';
import type { ProcessResult } from './process.ts';

/** A process that lives as long as its agent does. */
export interface LongProcess {
  readonly pid: number | undefined;
  readonly ended: Promise<{
    readonly exitCode: number | null;
    readonly signal: string | null;
    readonly failure: ProcessResult['failure'];
  }>;
  kill(signal: NodeJS.Signals): void;
}

export interface StartProcessOptions {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string | undefined;
  /** `inherit`: the child gets our own terminal; `ignore` closes it. A string is written, then closed. */
  readonly stdin?: 'inherit' | 'ignore' | { readonly text: string } | undefined;
  readonly stdout?: 'inherit' | 'ignore' | undefined;
  readonly stderr?: 'inherit' | 'ignore' | undefined;
  /** Told when something is printed; the output passes through this process then. */
  readonly onOutput?: (() => void) | undefined;
  /** Own session, outlives us. */
  readonly detached?: boolean | undefined;
}

/** Starts a program that keeps the terminal (or whatever it is given) until it ends; never throws. */
export function startProcess(
  file: string,
  args: readonly string[],
  options: StartProcessOptions = {},
): LongProcess {
  const stdin = options.stdin ?? 'inherit';
  const child = execa(file, args, {
    reject: false,
    buffer: false,
    cleanup: false,
    extendEnv: options.env === undefined,
    ...(options.env ? { env: options.env as Record<string, string> } : {}),
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(typeof stdin === 'object' ? { input: stdin.text } : { stdin }),
    stdout: chooseOutput(options.stdout, options),
    stderr: chooseOutput(options.stderr, options),
    detached: options.detached ?? false,
  });
  if (options.detached) child.unref();
  if (options.onOutput) {
    child.stdout?.on('data', options.onOutput);
    child.stderr?.on('data', options.onOutput);
  }
  return {
    pid: child.pid,
    ended: child.then((result) => ({
      exitCode: result.exitCode ?? null,
      signal: result.signal ?? null,
      failure: describeFailure(result),
    })),
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

function chooseOutput(wanted: 'inherit' | 'ignore' | undefined, { onOutput }: StartProcessOptions) {
  if (wanted === 'ignore' || !onOutput) return wanted ?? 'inherit';
  return ['inherit', 'pipe'] as const;
}

function describeFailure(result: {
  readonly code?: string;
  readonly exitCode?: number;
  readonly signal?: string;
}): ProcessResult['failure'] {
  if (result.code === 'ENOENT' || result.code === 'EACCES') return 'not-found';
  return result.exitCode === undefined && result.signal === undefined ? 'other' : 'none';
}
