import { AdrError } from '../errors.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const MAX_LENGTH = 63;
const PREFIX = 'adr-';

/** The tmux name of a session: `refactor` is `adr-refactor` there. */
export function toTmuxName(session: string): string {
  return `${PREFIX}${session}`;
}

/**
 * Checks the name of a session or an agent. Rejects rather than rewrites: tmux itself turns `.` and `:` to `_`
 * silently and makes names that start with `-`, `=`, `@`, `$` unreachable (3.3a). Throws USAGE.
 */
export function checkName(kind: 'session' | 'agent', name: string): string {
  if (NAME.test(name) && name.length <= MAX_LENGTH) return name;
  throw new AdrError(
    'USAGE',
    `"${name}" cannot be the name of ${kind === 'agent' ? 'an agent' : 'a session'}`,
    {
      hint: `use letters, digits, "-" and "_", starting with a letter or digit, ${MAX_LENGTH} at most`,
    },
  );
}

/** A user may write the tmux name where ours is asked for; ours is returned. */
export function stripPrefix(name: string, known: (name: string) => boolean): string {
  return !known(name) && name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}
