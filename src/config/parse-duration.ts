const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What came of a written time: milliseconds, or what is wrong with it. */
export type ParsedDuration = { readonly ms: number } | { readonly problem: string };

/**
 * A time as users write it, in both programs and in files: a whole number and `ms`, `s` (also without a unit), `m`, `h`
 * or `d`, in any case. `noun` is what the messages call it.
 */
export function parseDuration(text: string, noun = 'time'): ParsedDuration {
  const refuse = (problem: string): ParsedDuration => ({ problem });
  if (/^-/.test(text)) return refuse(`Negative ${noun} values are not allowed (got: ${text})`);
  if (/^\d+\.\d*[a-z]*$/i.test(text))
    return refuse(`Decimal ${noun} values are not supported (got: ${text})`);
  if (/^[a-z]+$/i.test(text)) return refuse(`Missing numeric value in ${noun} specification: '${text}'`);
  const match = /^(\d{1,9})([a-z]*)$/i.exec(text);
  if (!match) {
    return refuse(
      `Malformed ${noun} value: '${text}'. Expected a number followed by an optional unit (s, m, h, d)`,
    );
  }
  const unit = UNITS[match[2]?.toLowerCase() || 's'];
  return unit === undefined
    ? refuse(`Invalid ${noun} unit. Use s, m, h, or d`)
    : { ms: Number(match[1]) * unit };
}
