import { type ChildProcess, spawn } from 'node:child_process';

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
  /** Away from our terminal's process group: a Ctrl+C there does not reach it. */
  readonly ownSession?: boolean | undefined;
  /** Of stdout: `latin1` gives every byte as one character, for output that is no text. */
  readonly encoding?: 'utf8' | 'latin1' | undefined;
}

/** The one seam for short commands: tests pass a scripted runner. */
export type RunProcess = (
  file: string,
  args: readonly string[],
  options?: RunProcessOptions,
) => Promise<ProcessResult>;

/**
 * Runs a program to its end without a shell and never throws: a missing program is `failure: 'not-found'`, one that
 * outlives `timeoutMs` is killed. `options.env` replaces the environment whole when given. Node's own spawn: every
 * command of adr-tmux waits for one of these, and loading execa takes longer than tmux does.
 */
export const runProcess: RunProcess = (file, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(file, args, {
      env: options.env as NodeJS.ProcessEnv | undefined,
      cwd: options.cwd,
      detached: options.ownSession ?? false,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let failure: ProcessResult['failure'] = 'none';
    const timer = options.timeoutMs
      ? setTimeout(() => {
          failure = 'timeout';
          child.kill('SIGKILL');
        }, options.timeoutMs)
      : undefined;
    const stdout = collect(child.stdout, options.encoding);
    const stderr = collect(child.stderr);
    child.on('error', (error: NodeJS.ErrnoException) => {
      failure = error.code === 'ENOENT' || error.code === 'EACCES' ? 'not-found' : 'other';
      if (child.pid !== undefined) return;
      clearTimeout(timer);
      resolve({ exitCode: null, signal: null, stdout: '', stderr: '', failure });
    });
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      if (child.pid !== undefined) resolve({ exitCode, signal, stdout: stdout(), stderr: stderr(), failure });
    });
    // A program that ends without reading its input is no failure of ours.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
  });

function collect(stream: ChildProcess['stdout'], encoding: 'utf8' | 'latin1' = 'utf8'): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString(encoding);
}
