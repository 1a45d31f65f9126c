import { execa } from 'execa';

/** How a finished process ended, with what it printed (UTF-8). */
export interface ProcessResult {
  /** Null when it never ran or a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly failure: 'none' | 'not-found' | 'timeout' | 'other';
}

export interface RunProcessOptions {
  readonly input?: string | Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** In its own session: a Ctrl+C in our terminal does not end it half-way. */
  readonly ownSession?: boolean | undefined;
}

/** The one seam for short commands: tests pass a scripted runner. */
export type RunProcess = (
  file: string,
  args: readonly string[],
  options?: RunProcessOptions,
) => Promise<ProcessResult>;

/**
 * Runs a program to its end without a shell and never throws: a missing program is `failure: 'not-found'`.
 * `options.env` replaces the environment whole when given.
 */
export const runProcess: RunProcess = async (file, args, options = {}) => {
  const result = await execa(file, args, {
    reject: false,
    stripFinalNewline: false,
    extendEnv: options.env === undefined,
    ...(options.env ? { env: options.env as Record<string, string> } : {}),
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
    ...(options.ownSession ? { detached: true, cleanup: false } : {}),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    maxBuffer: 256 * 1024 * 1024,
  });
  return {
    exitCode: result.exitCode ?? null,
    signal: result.signal ?? null,
    stdout: result.stdout ?? '',
    stderr: result.stderr ?? '',
    failure: describeFailure(result),
  };
};

function describeFailure(result: {
  readonly timedOut: boolean;
  readonly code?: string;
  readonly exitCode?: number;
  readonly signal?: string;
}): ProcessResult['failure'] {
  if (result.timedOut) return 'timeout';
  if (result.code === 'ENOENT' || result.code === 'EACCES') return 'not-found';
  return result.exitCode === undefined && result.signal === undefined ? 'other' : 'none';
}

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
    stdout: options.stdout ?? 'inherit',
    stderr: options.stderr ?? 'inherit',
    detached: options.detached ?? false,
  });
  if (options.detached) child.unref();
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
