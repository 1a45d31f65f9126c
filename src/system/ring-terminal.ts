import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Rings the bell of a terminal of ours. One that is gone, or takes no output now, stays silent; never throws. */
export async function ringTerminal(path: string): Promise<void> {
  try {
    const terminal = await open(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    try {
      if ((await terminal.stat()).isCharacterDevice()) await terminal.write('\u0007');
    } finally {
      await terminal.close();
    }
  } catch {
    // Nothing hangs on a bell.
  }
}
