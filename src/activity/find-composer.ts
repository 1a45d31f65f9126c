import type { ComposerSigns } from '../agents/types.ts';
import { compilePattern, matches, removeAll } from './patterns.ts';

/** Where the composer stands and what is in it. Line numbers count from the top of the screen. */
export interface FoundComposer {
  /** First and last line of it, its borders included. */
  readonly first: number;
  readonly last: number;
  readonly text: string;
  readonly mode: 'prompt' | 'shell' | 'other';
}

/** The composer nearest the bottom of the screen; undefined when none is seen. */
export function findComposer(signs: ComposerSigns, lines: readonly string[]): FoundComposer | undefined {
  for (let bottom = lines.length - 1; bottom > 0; bottom--) {
    if (!matches(signs.bottom, lines[bottom] ?? '')) continue;
    const top = findTop(signs, lines, bottom);
    if (top === undefined) continue;
    const body = lines.slice(signs.topIsText ? top : top + 1, bottom);
    const block = body.join('\n');
    if (signs.block !== undefined && !matches(signs.block, block)) continue;
    if (signs.footer !== undefined && !matches(signs.footer, lines.slice(bottom + 1).join('\n'))) continue;
    const first = signs.topIsText ? top : top + 1;
    return {
      first: Math.min(first, top),
      last: bottom,
      text: readText(signs, body),
      mode: readMode(signs, lines.slice(top).join('\n')),
    };
  }
  return undefined;
}

function findTop(signs: ComposerSigns, lines: readonly string[], bottom: number): number | undefined {
  for (let top = bottom - 1; top >= 0; top--) {
    if (matches(signs.top, lines[top] ?? '')) return top;
  }
  return undefined;
}

function readText(signs: ComposerSigns, body: readonly string[]): string {
  const text = body
    .filter((line) => !signs.chrome.some((pattern) => matches(pattern, line)))
    .map((line) => line.replace(stripGlobal(signs.lead), '').trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/gu, '');
  return removeAll(signs.placeholders, text).trim() === '' ? '' : text;
}

function readMode(signs: ComposerSigns, block: string): FoundComposer['mode'] {
  if (signs.otherModes.some((pattern) => matches(pattern, block))) return 'other';
  return signs.shell.some((pattern) => matches(pattern, block)) ? 'shell' : 'prompt';
}

function stripGlobal(pattern: string): RegExp {
  const regex = compilePattern(pattern);
  return new RegExp(regex.source, 'u');
}
