import { spawn } from 'node:child_process';
import type { Environment } from './paths.ts';

/**
 * Shows a text through the user's pager (`PAGER`, else `less`, which leaves a short one on the screen); straight where
 * there is none. Resolves when it is left; never throws for one that cannot be run.
 */
export async function pageText(text: string, env: Environment, stdout: NodeJS.WritableStream): Promise<void> {
  const pager = env.PAGER ?? 'less';
  if (pager === '' || pager === 'cat' || env.TERM === 'dumb') stdout.write(text);
  else if (!(await runPager(pager, text, env))) stdout.write(text);
}

function runPager(pager: string, text: string, env: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    // As git does: the variable is a command line of the user's own.
    const child = spawn('/bin/sh', ['-c', pager], {
      env: { LESS: 'FRX', LV: '-c', ...env } as NodeJS.ProcessEnv,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    // A pager that is left early does not read the rest.
    child.stdin.on('error', () => undefined);
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code !== 127 && code !== 126));
    child.stdin.end(text);
  });
}
