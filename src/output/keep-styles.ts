import { stripControls } from './strip-controls.ts';

const STYLE = /(\x1b\[[0-9;:]*m)/;

/**
 * Text from an agent made safe for a terminal, its colours and styles kept: of escape sequences only those that change
 * how text looks, and they end with each line.
 */
export function keepStyles(line: string): string {
  const kept = line
    .split(STYLE)
    .map((part, index) => (index % 2 === 1 ? part : stripControls(part)))
    .join('');
  return kept.includes('\x1b') ? `${kept}\x1b[0m` : kept;
}
