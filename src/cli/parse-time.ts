import { AdrError } from '../errors.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time as users write it (`90`, `90s`, `500ms`, `10m`, `2h`) in milliseconds; plain numbers are seconds. Throws USAGE. */
export function parseTime(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/i.exec(text.trim());
  const unit = UNITS[(match?.[2] ?? 's').toLowerCase()];
  if (!match || unit === undefined) {
    throw new AdrError('USAGE', `"${text}" is no time for --${option}`, {
      hint: `write it like 90s, 10m or 2h`,
    });
  }
  return Math.round(Number(match[1]) * unit);
}
