import { spawn } from 'node:child_process';

/** A piece of what a process prints, as it comes (UTF-8). */
export interface OutputPiece {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface StreamedProcess {
  /** Ends with the process. Who stops reading ends it. */
  readonly output: AsyncGenerator<OutputPiece, void>;
  /** Null when a signal ended it or it could not be started. */
  readonly ended: Promise<number | null>;
}

const ENOUGH_PIECES = 32;

/** Runs a program and hands on what it prints, no faster than it is read; never throws. */
export function streamProcess(
  file: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string | undefined>> },
): StreamedProcess {
  const child = spawn(file, args, {
    env: options.env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pieces: OutputPiece[] = [];
  let over = false;
  let wake: () => void = () => undefined;
  const streams = { stdout: child.stdout, stderr: child.stderr } as const;
  for (const name of ['stdout', 'stderr'] as const) {
    streams[name].setEncoding('utf8');
    streams[name].on('data', (text: string) => {
      pieces.push({ stream: name, text });
      if (pieces.length >= ENOUGH_PIECES) for (const stream of Object.values(streams)) stream.pause();
      wake();
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    const end = (code: number | null) => {
      over = true;
      resolve(code);
      wake();
    };
    child.on('error', () => end(null));
    child.on('close', end);
  });
  async function* read(): AsyncGenerator<OutputPiece, void> {
    try {
      for (;;) {
        const piece = pieces.shift();
        if (piece) {
          yield piece;
          continue;
        }
        if (over) return;
        for (const stream of Object.values(streams)) stream.resume();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      child.kill();
    }
  }
  return { output: read(), ended };
}
