import { dirname } from 'node:path';
import type { ObservedServer } from '../session/observed.ts';
import { watchDirectory } from '../system/watch.ts';

/** Watches the report files of all runs there are, and calls `onReport` when one of them changes. */
export class ReportWatches {
  readonly #watches = new Map<string, { close(): void }>();
  readonly #findReports: (run: string) => string;
  readonly #onReport: () => void;

  constructor(findReports: (run: string) => string, onReport: () => void) {
    this.#findReports = findReports;
    this.#onReport = onReport;
  }

  /** Watches the runs of these sessions and no others. */
  follow(server: ObservedServer): void {
    const runs = new Set(server.sessions.flatMap((session) => session.panes.map((pane) => pane.run)));
    for (const [run, watch] of this.#watches) {
      if (runs.has(run)) continue;
      watch.close();
      this.#watches.delete(run);
    }
    for (const run of runs) {
      if (!this.#watches.has(run))
        this.#watches.set(run, watchDirectory(dirname(this.#findReports(run)), this.#onReport));
    }
  }

  /** Watches nothing any more. */
  close(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }
}
