import { createInterface } from 'node:readline/promises';
import type { Streams } from './command.ts';

/** Asks a yes-or-no question on a terminal (stderr); an empty answer or the end of input is `fallback` or no. */
export async function askYesNo(question: string, fallback: boolean, streams: Streams): Promise<boolean> {
  const reader = createInterface({ input: streams.stdin, output: streams.stderr });
  const closed = new Promise<undefined>((resolve) => reader.once('close', () => resolve(undefined)));
  try {
    const answer = await Promise.race([
      reader.question(`${question} ${fallback ? '[Y/n]' : '[y/N]'} `),
      closed,
    ]);
    if (answer === undefined) return false;
    const word = answer.trim().toLowerCase();
    return word === '' ? fallback : word === 'y' || word === 'yes';
  } finally {
    reader.close();
  }
}
