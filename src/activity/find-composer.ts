import type { ComposerSigns } from '../agents/types.ts';
import { hideDim } from './hide-dim.ts';
import { matches, matchFirst, removeAll } from './patterns.ts';
import { splitScreen } from './split-screen.ts';

/** What more a caller may know of a screen than its text. */
export interface Sight {
  /** Where the cursor stands, from the top left corner (`#{cursor_x}`, `#{cursor_y}`). */
  readonly cursor?: { readonly x: number; readonly y: number } | undefined;
  /** The same screen with its styles (`capture-pane -e`). */
  readonly styled?: string | undefined;
}

/** Where the composer stands and what is in it. Line numbers count from the top of the screen. */
export interface FoundComposer {
  /** First and last line of it, its borders included. */
  readonly first: number;
  readonly last: number;
  /** How many characters of a line belong to the conversation; the rest is a sidebar. */
  readonly width: number;
  /** The user's own text; empty when only a placeholder stands there. */
  readonly text: string;
  readonly mode: 'prompt' | 'shell' | 'other';
}

/**
 * The composer nearest the bottom of the screen; undefined when none is seen. The cursor tells a text from the same
 * words as a placeholder, the styles tell it from a suggestion (dim) that only the user's Tab would make his text.
 */
export function findComposer(
  signs: ComposerSigns,
  lines: readonly string[],
  sight: Sight = {},
): FoundComposer | undefined {
  for (let bottom = lines.length - 1; bottom > 0; bottom--) {
    const found = matches(signs.bottom, lines[bottom] ?? '')
      ? readBlock(signs, lines, bottom, sight)
      : undefined;
    if (found !== undefined) return found;
  }
  return matches(signs.bottom, '') ? readBlock(signs, lines, lines.length, sight) : undefined;
}

function readBlock(
  signs: ComposerSigns,
  lines: readonly string[],
  bottom: number,
  sight: Sight,
): FoundComposer | undefined {
  const below = lines.slice(bottom + 1).join('\n');
  if (signs.footer !== undefined && !matches(signs.footer, below)) return undefined;
  const top = findTop(signs, lines, bottom);
  if (top === undefined && signs.clipped === undefined) return undefined;
  const width = measureWidth(signs, lines[bottom] ?? '');
  const start = top === undefined ? 0 : signs.topIsText ? top : top + 1;
  const body = cutLines(lines.slice(start, bottom), width).join('\n');
  const content = cutContent(top === undefined ? signs.clipped : signs.block, body);
  if (content === undefined) return undefined;
  const row = start + content.line;
  const first = top ?? 0;
  return {
    first,
    last: Math.min(bottom, lines.length - 1),
    width,
    text: readText(
      signs,
      cutWritten(content.text, row, width, sight),
      isTyped(signs, content.text, row, bottom, sight),
    ),
    mode: readMode(signs, lines.slice(first).join('\n')),
  };
}

/** The lines without what stands right of the conversation. */
export function cutLines(lines: readonly string[], width: number): readonly string[] {
  return Number.isFinite(width) ? lines.map((line) => line.slice(0, width).trimEnd()) : lines;
}

function measureWidth(signs: ComposerSigns, bottom: string): number {
  return signs.frame === 'base'
    ? (matchFirst(signs.bottom, bottom)?.[0].length ?? 0)
    : Number.POSITIVE_INFINITY;
}

function findTop(signs: ComposerSigns, lines: readonly string[], bottom: number): number | undefined {
  const width = lines[bottom]?.length;
  for (let top = bottom - 1; top >= 0; top--) {
    const line = lines[top] ?? '';
    if (matches(signs.top, line) && (signs.frame !== 'rules' || line.length === width)) return top;
  }
  return undefined;
}

interface Content {
  readonly text: string;
  /** Lines of the block above it. */
  readonly line: number;
}

function cutContent(pattern: string | undefined, body: string): Content | undefined {
  if (pattern === undefined) return { text: body, line: 0 };
  const match = matchFirst(pattern, body);
  if (match === undefined) return undefined;
  const text = match.groups?.text;
  if (text === undefined) return { text: body, line: 0 };
  const index = match.index + match[0].indexOf(text);
  return { text, line: body.slice(0, index).split('\n').length - 1 };
}

/** The rows of the text without what is dim. */
function cutWritten(text: string, row: number, width: number, { styled }: Sight): string {
  if (styled === undefined) return text;
  const rows = splitScreen(hideDim(styled)).slice(row, row + text.split('\n').length);
  return cutLines(rows, width).join('\n');
}

/** Behind a placeholder the cursor stands at its start; further on something was typed. */
function isTyped(
  signs: ComposerSigns,
  text: string,
  row: number,
  bottom: number,
  { cursor }: Sight,
): boolean {
  if (cursor === undefined || cursor.y < row || cursor.y >= bottom) return false;
  const first = text.split('\n')[0] ?? '';
  return cursor.y > row || cursor.x > first.length - stripLead(signs, first).length;
}

function readText(signs: ComposerSigns, content: string, typed: boolean): string {
  const text = content
    .split('\n')
    .filter((line) => !signs.chrome.some((pattern) => matches(pattern, line)))
    .map((line) => stripLead(signs, line).trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/gu, '');
  return !typed && removeAll(signs.placeholders, text).trim() === '' ? '' : text;
}

function readMode(signs: ComposerSigns, block: string): FoundComposer['mode'] {
  if (signs.otherModes.some((pattern) => matches(pattern, block))) return 'other';
  return signs.shell.some((pattern) => matches(pattern, block)) ? 'shell' : 'prompt';
}

function stripLead(signs: ComposerSigns, line: string): string {
  const match = matchFirst(signs.lead, line);
  return match === undefined || match.index !== 0 ? line : line.slice(match[0].length);
}
