import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoReport } from './state.ts';

/** Writes the agent's own account of itself, one line an event; without a directory it writes nothing. */
export function createReporter(
  directory: string | undefined,
  conversation: string,
): (report: DemoReport, now: number) => void {
  return (report, now) => {
    if (directory === undefined || directory === '') return;
    try {
      const line = `${now} demo ${JSON.stringify({ ...report, conversation })}\n`;
      appendFileSync(join(directory, 'reports'), line, { mode: 0o600 });
    } catch {
      // An agent works on when nobody can read its reports.
    }
  };
}
