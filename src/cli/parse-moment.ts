import { AdrError } from '../errors.ts';
import { parseTime } from './parse-time.ts';

/**
 * A point in time as users write it, in ms since the epoch: so long ago (`90s`, `10m`, `2h`), or a date
 * (`2026-01-31`, `2026-01-31T12:00`, local time unless it says otherwise). `now` in ms. Throws USAGE.
 */
export function parseMoment(option: string, text: string, now: number): number {
  if (/^\d+(\.\d+)?(ms|s|m|h|d)?$/i.test(text.trim())) return now - parseTime(option, text);
  // A bare date would be midnight in UTC.
  const at = /^\d{4}-\d{2}-\d{2}/.test(text)
    ? Date.parse(text.length === 10 ? `${text}T00:00` : text)
    : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new AdrError('USAGE', `"${text}" is no time for --${option}`, {
    hint: 'write it like 10m (so long ago) or 2026-01-31T12:00',
  });
}
