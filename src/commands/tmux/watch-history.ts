import { findHistoryFile, type HistoryEntry } from '../../activity/history.ts';
import { HistoryReader } from '../../activity/read-history.ts';
import type { Environment } from '../../system/paths.ts';
import type { SessionStatus } from './status.ts';

/** Entries kept of each session. */
const KEPT = 300;

/** Follows the histories of the sessions that are watched; reads what is new at each look. */
export class WatchHistory {
  readonly #env: Environment;
  #followed = new Map<string, { readonly reader: HistoryReader; entries: readonly HistoryEntry[] }>();

  constructor(env: Environment) {
    this.#env = env;
  }

  /** The last entries of these sessions, oldest first. Never throws. */
  async read(
    sessions: readonly Pick<SessionStatus, 'id' | 'name'>[],
  ): Promise<ReadonlyMap<string, readonly HistoryEntry[]>> {
    const followed = new Map(
      sessions.map((session) => [
        session.id,
        this.#followed.get(session.id) ?? {
          reader: new HistoryReader(findHistoryFile(this.#env, session)),
          entries: [],
        },
      ]),
    );
    this.#followed = followed;
    await Promise.all(
      [...followed.values()].map(async (entry) => {
        const added = await entry.reader.readNew();
        if (added.length > 0) entry.entries = [...entry.entries, ...added].slice(-KEPT);
      }),
    );
    return new Map([...followed].map(([id, { entries }]) => [id, entries]));
  }
}
