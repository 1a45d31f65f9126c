import { parseDuration } from '../config/parse-duration.ts';
import { AdrError } from '../errors.ts';

/** The milliseconds of a time option, written as everywhere else (`90`, `90s`, `500ms`, `10m`, `2h`). Throws USAGE. */
export function parseTime(option: string, text: string): number {
  const parsed = parseDuration(text, option.endsWith('timeout') ? 'timeout' : 'time');
  if ('ms' in parsed) return parsed.ms;
  throw new AdrError('USAGE', `--${option}: ${parsed.problem}`, { hint: 'write it like 90s, 10m or 2h' });
}
