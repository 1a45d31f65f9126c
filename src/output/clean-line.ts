import { stripControls } from './strip-controls.ts';

/** Characters that reorder the text around them, and line breaks that are no control characters. */
const DISORDER = /[\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Text from an agent as one line that is safe for a terminal and shows in the order it was written in. */
export function cleanLine(text: string): string {
  return cleanScreenLine(text.replace(/\s+/gu, ' ')).trim();
}

/** One line of a screen, its blanks as they are. */
export function cleanScreenLine(line: string): string {
  return stripControls(line.replace(/[\t\n]/gu, ' ')).replace(DISORDER, '');
}
