import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** A terminal of the user's that attaches to the session, a little smaller than the recorded size, and types there. */
export function openTerminal(socket: string, size: string) {
  const [columns = 80, rows = 24] = size.split('x').map(Number);
  const attach = `stty cols ${columns - 2} rows ${rows + 1}; exec tmux -u -L ${socket} attach`;
  let process: ReturnType<typeof execa> | undefined;
  return {
    attach: async (): Promise<void> => {
      process = execa('script', ['-qfc', attach, '/dev/null'], {
        stdin: 'pipe',
        stdout: 'ignore',
        reject: false,
        env: { TERM: 'xterm-256color', TMUX: '' },
      });
      await sleep(1000);
    },
    type: async (text: string): Promise<void> => {
      for (const character of text) {
        process?.stdin?.write(character);
        await sleep(40);
      }
    },
    leave: async (): Promise<void> => {
      process?.kill();
      await process;
      process = undefined;
    },
  };
}

/** The light theme of those agents that have one of their own. */
export async function lighten(home: string): Promise<void> {
  await mergeJson(join(home, '.claude.json'), { theme: 'light' });
  await mergeJson(join(home, '.pi/agent/settings.json'), { theme: 'light' });
}

async function mergeJson(path: string, more: object): Promise<void> {
  const known = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...known, ...more }));
}
