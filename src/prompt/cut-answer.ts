import { cutLines, findComposer } from '../activity/find-composer.ts';
import { splitScreen } from '../activity/split-screen.ts';
import type { ScreenSigns } from '../agents/types.ts';

const FRAME = /[\u2500-\u259f┃╹]+/gu;
/** Enough of a line to know it again where the screen wraps it. */
const KNOWN_CHARACTERS = 30;

/**
 * What an agent's screen shows of its answer: the lines between the last place the prompt stands and the composer,
 * frames taken off. All of what stands above the composer when the prompt has scrolled away.
 */
export function cutAnswer(signs: ScreenSigns, screen: string, prompt: string): string {
  const lines = splitScreen(screen);
  const composer = findComposer(signs.composer, lines);
  const above = composer ? cutLines(lines.slice(0, composer.first), composer.width) : lines;
  const plain = above.map((line) => line.replace(FRAME, ' ').trimEnd());
  return dropIndent(plain.slice(findPromptEnd(plain, prompt))).join('\n');
}

/** The line behind the prompt's last one. */
function findPromptEnd(lines: readonly string[], prompt: string): number {
  const wanted = prompt
    .split('\n')
    .map((line) => line.trim().slice(0, KNOWN_CHARACTERS))
    .filter((line) => line !== '');
  const first = lines.findLastIndex((line) => wanted[0] !== undefined && line.includes(wanted[0]));
  if (first < 0) return 0;
  let end = first + 1;
  for (const next of wanted.slice(1)) {
    const at = lines.slice(end, end + 4).findIndex((line) => line.includes(next));
    if (at < 0) break;
    end += at + 1;
  }
  return end;
}

function dropIndent(lines: readonly string[]): readonly string[] {
  const said = lines.slice(
    Math.max(
      0,
      lines.findIndex((line) => line.trim() !== ''),
    ),
    lines.findLastIndex((line) => line.trim() !== '') + 1,
  );
  const indents = said.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents, 80);
  return said.map((line) => line.slice(Number.isFinite(common) ? common : 0));
}
