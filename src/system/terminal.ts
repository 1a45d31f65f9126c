import { execa } from 'execa';

/**
 * Remembers the settings of the terminal on stdin and gives what puts them back: a client that was killed leaves raw
 * mode behind. Never throws; without a terminal it does nothing.
 */
export async function saveTerminal(): Promise<() => Promise<void>> {
  const options = { stdin: 'inherit', reject: false, stderr: 'ignore' } as const;
  const saved = await execa('stty', ['-g'], options);
  const settings = saved.exitCode === 0 ? saved.stdout.trim() : '';
  return async () => {
    if (settings !== '') await execa('stty', [settings], { ...options, stdout: 'ignore' });
  };
}
