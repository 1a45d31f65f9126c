/** So many of a screen's last words are compared: two characters each are kept of them. */
const MAX_WORDS = 600;
const PRINT = 2;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A marker, a spinner, a bar: where it stands says nothing. */
const LONE_SIGN = /^[^\p{L}\p{N}.]$/u;

/** A print of a text's last words in their order, wherever its lines were broken. */
export function printWords(text: string): string {
  const words = text.split(/\s+/u).filter((word) => word !== '' && !LONE_SIGN.test(word));
  return words.slice(-MAX_WORDS).map(printWord).join('');
}

/**
 * Whether a screen says something that it did not say before. What went away, what moved, what was broken into other
 * lines, and older text that came into sight again above the rest, says nothing new.
 */
export function hasNewWords(before: string, now: string): boolean {
  const [known, shown] = [splitPrint(before), splitPrint(now)];
  if (isPartOf(shown, known)) return false;
  // What comes into sight above: it ends where the screen began, and ends as it ended.
  if (shown.at(-1) !== known.at(-1)) return true;
  const starts = shown.flatMap((word, index) => (index > 0 && word === known[0] ? [index] : []));
  return !starts.some((start) => isPartOf(shown.slice(start), known));
}

/** Whether all words stand in the other text too, in the same order. */
function isPartOf(words: readonly string[], text: readonly string[]): boolean {
  let at = 0;
  for (const word of words) {
    at = text.indexOf(word, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function printWord(word: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index++) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  }
  const mixed = hash ^ (hash >>> 15);
  return `${DIGITS[mixed & 63]}${DIGITS[(mixed >>> 6) & 63]}`;
}

function splitPrint(print: string): readonly string[] {
  return Array.from({ length: print.length / PRINT }, (_, index) =>
    print.slice(index * PRINT, index * PRINT + PRINT),
  );
}
