import { cutLines, findComposer } from '../../activity/find-composer.ts';
import { removeAll } from '../../activity/patterns.ts';
import { splitScreen } from '../../activity/split-screen.ts';
import type { ScreenSigns } from '../../agents/types.ts';

const MAX_CHARACTERS = 160;
/** Frames, rules, and what tmux writes on the pane of a program that has ended. */
const FURNITURE = /[\u2500-\u259f┃╹▣]+|^Pane is dead \(.*\)$/gu;

/**
 * The last two lines of a screen with words in them, on one line: the composer and what stands below it, spinners,
 * timers, frames and rules say nothing. Without signs all of the screen counts.
 */
export function cutSnippet(signs: ScreenSigns | undefined, screen: string): string {
  const lines = splitScreen(screen);
  const composer = signs && findComposer(signs.composer, lines);
  const said = composer ? cutLines(lines.slice(0, composer.first), composer.width) : lines;
  const busy = [...(signs?.retrying ?? []), ...(signs?.busy ?? [])].filter(({ at }) => at !== 'below');
  const patterns = [...busy.map(({ pattern }) => pattern), ...(signs?.noise ?? [])];
  const words = removeAll(patterns, said.join('\n').trimEnd())
    .split('\n')
    .map((line) => line.replace(FURNITURE, ' ').trim())
    .filter((line) => /[\p{L}\p{N}]{2}/u.test(line));
  return [...words.slice(-2).join(' | ')].slice(0, MAX_CHARACTERS).join('');
}
