import type { WatchState } from './watch-state.ts';

/** From then on a span is shown in minutes (`formatAge`), a little later to be sure that it was. */
const SECONDS_MS = 62_000;
/** A notice is gone by then. */
const NOTICE_MS = 12_000;

/** Whether something on the screen changes with the seconds: all else may wait for a slower clock. */
export function showsSeconds({ snapshot, notice }: WatchState, now: number): boolean {
  const isRecent = (at: number | undefined): boolean => at !== undefined && now - at < SECONDS_MS;
  return (
    (notice !== undefined && now - notice.at < NOTICE_MS) ||
    snapshot.agents.some(({ since }) => isRecent(since)) ||
    snapshot.sessions.some(({ createdAt, history }) => isRecent(createdAt) || isRecent(history?.at(-1)?.at))
  );
}
