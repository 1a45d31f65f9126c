import type { ScreenSigns } from '../agents/types.ts';
import { findComposer } from './find-composer.ts';
import { removeAll } from './patterns.ts';
import { splitScreen } from './split-screen.ts';

/** What changes without progress in any program: spinner glyphs, clocks, durations. */
const COMMON_NOISE = [
  '[\\u2800-\\u28ff◐◓◑◒◴◷◶◵]',
  '\\b\\d{1,2}:\\d{2}(?::\\d{2})?\\b',
  '\\b\\d+(?:\\.\\d+)?\\s?(?:ms|s|m|h)\\b',
  '(?<=^\\s*|\\s)[|/\\\\-](?=\\s|$)',
];

/**
 * The screen without spinners, timers, counters, clocks, blank lines and what the user types; of one with a dialog
 * what stands above that (`dialogLine`, from 0).
 */
export function normaliseScreen(signs: ScreenSigns | undefined, screen: string, dialogLine?: number): string {
  const lines = splitScreen(screen);
  const composer =
    signs === undefined || dialogLine !== undefined ? undefined : findComposer(signs.composer, lines);
  const kept = lines.slice(0, dialogLine ?? composer?.first);
  return removeAll(signs?.noise ?? COMMON_NOISE, kept.join('\n'))
    .split('\n')
    .map((line) => line.replace(/\s+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** A short print of a text, to compare screens without keeping them (cyrb53, base 36). */
export function fingerprint(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
