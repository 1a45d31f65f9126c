import { formatSpan } from '../output/format-time.ts';

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const;

/** A span in its largest unit, four cells at most: `45s`, `12m`, `3h`, `2d`. What is old need not tick. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const unit = UNITS.find(([, size]) => seconds >= size);
  return unit ? `${Math.floor(seconds / unit[1])}${unit[0]}` : `${seconds}s`;
}

/** A span in its largest units, seconds only in the first minute: `45s`, `12m`, `3h 5m`, `2d 4h`. */
export function formatUptime(ms: number): string {
  return ms >= 60_000 && ms < 3_600_000 ? formatAge(ms) : formatSpan(ms);
}
