import { AdrError } from '../errors.ts';

/** 3.2 brought `new-session -e` and list filters. */
const FLOOR = { major: 3, minor: 2 };

export interface TmuxVersion {
  readonly text: string;
  /** Undefined for builds without a number ("tmux master"): taken as the newest. */
  readonly number: { readonly major: number; readonly minor: number } | undefined;
}

/** Reads `tmux -V`: "tmux 3.3a", "tmux next-3.4", "tmux openbsd-7.2", "tmux master". */
export function parseVersion(output: string): TmuxVersion {
  const text = output.trim().replace(/^tmux\s+/, '');
  const match = /^(?:next-)?(\d+)\.(\d+)/.exec(text);
  return { text, number: match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined };
}

/** Throws TMUX_TOO_OLD below tmux 3.2. */
export function requireVersion(version: TmuxVersion): void {
  const { number } = version;
  if (!number) return;
  if (number.major > FLOOR.major || (number.major === FLOOR.major && number.minor >= FLOOR.minor)) return;
  throw new AdrError(
    'TMUX_TOO_OLD',
    `tmux "${version.text}" is too old: ${FLOOR.major}.${FLOOR.minor} or newer is needed`,
    {
      hint: 'install a newer tmux (Debian 12, Ubuntu 22.04 and Homebrew have one)',
    },
  );
}
