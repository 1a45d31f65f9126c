import { spawn } from 'node:child_process';
import { signalProcess } from './process-table.ts';

/**
 * Runs a program whose output matters to nobody, in a process group of its own that is killed when it has not ended in
 * `timeoutMs`. Resolves when it has; never throws.
 */
export function runBriefly(
  file: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly timeoutMs: number },
): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: options.env as NodeJS.ProcessEnv,
      cwd: '/',
      detached: true,
      stdio: 'ignore',
    });
    const { pid } = child;
    const timer = setTimeout(() => {
      if (pid !== undefined) signalProcess(-pid, 'SIGKILL');
    }, options.timeoutMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    child.on('error', end);
    child.on('exit', end);
  });
}
