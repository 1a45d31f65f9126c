import type { ComposerSigns } from '../agents/types.ts';
import { compilePattern, matches, removeAll } from './patterns.ts';

/** Where the cursor of the pane stands, from its top left corner (`#{cursor_x}`, `#{cursor_y}`). */
export interface Cursor {
  readonly x: number;
  readonly y: number;
}

/** Where the composer stands and what is in it. Line numbers count from the top of the screen. */
export interface FoundComposer {
  /** First and last line of it, its borders included. */
  readonly first: number;
  readonly last: number;
  /** The user's own text; empty when only a placeholder stands there. */
  readonly text: string;
  readonly mode: 'prompt' | 'shell' | 'other';
}

/**
 * The composer nearest the bottom of the screen; undefined when none is seen. With the cursor, a text equal to a
 * placeholder is told from the placeholder: behind that the cursor stands at its start.
 */
export function findComposer(
  signs: ComposerSigns,
  lines: readonly string[],
  cursor?: Cursor,
): FoundComposer | undefined {
  for (let bottom = lines.length - 1; bottom > 0; bottom--) {
    const found = matches(signs.bottom, lines[bottom] ?? '') ? readBlock(signs, lines, bottom, cursor) : undefined;
    if (found !== undefined) return found;
  }
  return matches(signs.bottom, '') ? readBlock(signs, lines, lines.length, cursor) : undefined;
}

function readBlock(
  signs: ComposerSigns,
  lines: readonly string[],
  bottom: number,
  cursor: Cursor | undefined,
): FoundComposer | undefined {
  const top = findTop(signs, lines, bottom);
  if (top === undefined && signs.clipped === undefined) return undefined;
  const start = top === undefined ? 0 : signs.topIsText ? top : top + 1;
  const body = lines.slice(start, bottom).join('\n');
  const content = cutContent(top === undefined ? signs.clipped : signs.block, body);
  if (content === undefined) return undefined;
  const below = lines.slice(bottom + 1).join('\n');
  if (signs.footer !== undefined && !matches(signs.footer, below)) return undefined;
  const typed = cursor !== undefined && isPastStart(signs, content, start + content.line, bottom, cursor);
  return {
    first: Math.max(0, top ?? 0),
    last: Math.min(bottom, lines.length - 1),
    text: readText(signs, content.text, typed),
    mode: readMode(signs, lines.slice(top ?? 0).join('\n')),
  };
}

function findTop(signs: ComposerSigns, lines: readonly string[], bottom: number): number | undefined {
  const width = lines[bottom]?.length;
  for (let top = bottom - 1; top >= 0; top--) {
    const line = lines[top] ?? '';
    if (matches(signs.top, line) && (!signs.framed || line.length === width)) return top;
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
  const regex = compilePattern(pattern);
  regex.lastIndex = 0;
  const match = regex.exec(body);
  if (match === null) return undefined;
  if (match[1] === undefined) return { text: body, line: 0 };
  const index = match.index + match[0].indexOf(match[1]);
  return { text: match[1], line: body.slice(0, index).split('\n').length - 1 };
}

function isPastStart(signs: ComposerSigns, content: Content, row: number, bottom: number, cursor: Cursor): boolean {
  if (cursor.y < row || cursor.y >= bottom) return false;
  const first = content.text.split('\n')[0] ?? '';
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
  const lead = compilePattern(signs.lead);
  lead.lastIndex = 0;
  const match = lead.exec(line);
  return match === null || match.index !== 0 ? line : line.slice(match[0].length);
}
