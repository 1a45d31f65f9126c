import { execFile } from 'node:child_process';

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
}

/** The one seam for short commands: tests pass a scripted runner. */
export type RunProcess = (
  file: string,
  args: readonly string[],
  options?: RunProcessOptions,
) => Promise<ProcessResult>;

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/**
 * Runs a program to its end without a shell and never throws: a missing program is `failure: 'not-found'`.
 * `options.env` replaces the environment whole when given. Node's own execFile: every command of adr-tmux waits for
 * one of these, and loading execa takes longer than tmux does.
 */
export const runProcess: RunProcess = (file, args, options = {}) =>
  new Promise((resolve) => {
    const child = execFile(
      file,
      [...args],
      {
        encoding: 'utf8',
        maxBuffer: MAX_OUTPUT_BYTES,
        env: options.env as NodeJS.ProcessEnv | undefined,
        cwd: options.cwd,
        timeout: options.timeoutMs ?? 0,
        killSignal: 'SIGKILL',
      },
      (error, stdout, stderr) => {
        const exitCode = error ? (typeof error.code === 'number' ? error.code : null) : 0;
        const signal = error?.signal ?? null;
        resolve({ exitCode, signal, stdout, stderr, failure: describeFailure(error) });
      },
    );
    // A program that ends without reading its input is no failure of ours.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
  });

function describeFailure(
  error: (Error & { readonly code?: unknown; readonly killed?: boolean }) | null,
): ProcessResult['failure'] {
  if (!error || typeof error.code === 'number') return 'none';
  if (error.code === 'ENOENT' || error.code === 'EACCES') return 'not-found';
  if (error.killed && error.code === null) return 'timeout';
  return error.code === null ? 'none' : 'other';
}
