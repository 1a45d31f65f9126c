import type { SessionDriver } from '../test/support/session-driver.ts';
import { findMedian } from './measure.ts';
import type { Ledger } from './mixed-ledger.ts';

interface Told {
  readonly kind: string;
  readonly at: number;
  readonly agent?: string;
  readonly to?: string;
}

/** The driver's clock and the agent's may differ by the time a key takes (ms). */
const EARLY = 300;

/** One row a state: seconds from what happened to the line that `events` prints of it. */
export async function describeEvents(
  driver: SessionDriver,
  ledger: Ledger,
): Promise<readonly (readonly string[])[]> {
  const { stdout } = await driver.run('events', 'box', '--tail', '100000');
  const told = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told)
    .filter(({ kind }) => kind === 'state');
  const delays = new Map<string, (number | undefined)[]>();
  for (const agent of ledger.agents) {
    for (const { at, end, state } of ledger.listStretches('shown', agent)) {
      const before = told.findLast((line) => line.agent === agent && line.at < at - EARLY);
      // It was so already, by what came a moment before the driver knew.
      if (before?.to === state) continue;
      const seen = told.find(
        (line) => line.agent === agent && line.to === state && line.at >= at - EARLY && line.at < end,
      );
      delays.set(state, [...(delays.get(state) ?? []), seen && Math.max(0, seen.at - at) / 1000]);
    }
  }
  const rows = [...delays].map(([state, list]) => {
    const seen = list.filter((delay) => delay !== undefined);
    const worst = Math.max(0, ...seen).toFixed(2);
    return [state, `${list.length}`, findMedian(seen).toFixed(2), worst, `${list.length - seen.length}`];
  });
  return [['by events', 'times', 'median s', 'worst s', 'not told'], ...rows];
}
