import type { ScreenReading } from '../activity/types.ts';

/** What may not be submitted: somebody typed while we pasted, or switched the composer's mode. */
export type Disturbance = 'mixed' | 'shell';

/**
 * Whether what the composer shows after our paste is more than our prompt. It was seen empty before, so more than
 * that was typed by somebody in between. A text that an agent shows folded or in part tells nothing.
 */
export function findDisturbance(
  text: string,
  composer: NonNullable<ScreenReading['composer']>,
): Disturbance | undefined {
  const [sent, seen] = [squeeze(text), squeeze(composer.text)];
  if (composer.mode === 'shell' && !sent.startsWith('!')) return 'shell';
  return seen !== sent && seen.includes(sent) ? 'mixed' : undefined;
}

/** Whether two sights of a composer show the same text, wherever its lines wrap. */
export function isSameSight(one: string, other: string): boolean {
  return squeeze(one) === squeeze(other);
}

/** A text without blanks, and without the signs that show nothing. */
function squeeze(text: string): string {
  return text.normalize('NFC').replace(/[\s\u200b]+/g, '');
}
