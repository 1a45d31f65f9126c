import type { SignsInForce } from '../commands/tmux/explain-signs.ts';
import { abbreviateHome, type Environment } from '../system/paths.ts';

/**
 * Signs as a signs.json: what stands under `//` is a comment there too. Keep the keys you change: those that a file
 * does not hold stay as they are.
 */
export function formatSigns(
  { type, signs, file, wouldBe, own, problem }: SignsInForce,
  env: Environment,
): string {
  const shown = (path: string): string => abbreviateHome(path, env);
  const source =
    file === undefined
      ? `the built-in signs of ${type}${problem ? ` (${shown(wouldBe)} does not count)` : ''}`
      : `the signs of ${type}; from ${shown(file)}: ${own.join(', ') || 'nothing but numbers'}`;
  const comments = {
    '//': source,
    '//1': `yours go to ${shown(wouldBe)}: keep only the keys you change there; "..." in a list keeps what it held`,
  };
  return `${JSON.stringify({ ...comments, ...signs }, null, 2)}\n`;
}
