import type { Pattern, Sign } from '../agents/types.ts';

const compiled = new Map<string, RegExp>();
const NEVER = /(?!)/gmu;
const MAX_WORDS = 300;

/** The compiled pattern (flags `gmu`); one that does not compile matches nothing. */
export function compilePattern(pattern: Pattern): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = tryCompile(pattern);
  compiled.set(pattern, made);
  return made;
}

/** Whether the pattern matches anywhere in the text. */
export function matches(pattern: Pattern | undefined, text: string): boolean {
  if (pattern === undefined) return false;
  const regex = compilePattern(pattern);
  regex.lastIndex = 0;
  return regex.test(text);
}

/** The first match of the pattern in the text. */
export function matchFirst(pattern: Pattern, text: string): RegExpExecArray | undefined {
  const regex = compilePattern(pattern);
  regex.lastIndex = 0;
  return regex.exec(text) ?? undefined;
}

/** The text without every match of the patterns. */
export function removeAll(patterns: readonly Pattern[], text: string): string {
  return patterns.reduce((rest, pattern) => rest.replace(compilePattern(pattern), ''), text);
}

/** What a sign proved: its words filled in, and the line it stands on. */
export interface Proof {
  readonly says: string;
  readonly evidence: string;
  readonly pattern: Pattern;
  readonly moves: boolean;
  /** Where it stands in the text. */
  readonly index: number;
}

/** The lowest match of a sign in the text. */
export function proveSign(sign: Sign, text: string): Proof | undefined {
  let last: RegExpExecArray | undefined;
  for (const match of text.matchAll(compilePattern(sign.pattern))) last = match;
  if (last === undefined) return undefined;
  const groups = last;
  return {
    says: shorten(sign.says.replace(/\$(\d)/gu, (_, digit: string) => tidy(groups[Number(digit)] ?? ''))),
    evidence: shorten(last[0]),
    pattern: sign.pattern,
    moves: sign.moves === true,
    index: last.index,
  };
}

/** One line of at most `limit` UTF-16 units, without control characters. */
export function shorten(text: string, limit: number = MAX_WORDS): string {
  const line = text.replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/u, '')}…`;
}

/** Text without the bars of its box, what stands in a column right of it, and the pieces of a bar that it lies upon. */
function tidy(text: string): string {
  return text
    .replace(/(?<=[│┃]) {30,}\S.*$/gmu, '')
    .replace(/^[ │┃]*[│┃] */gmu, '')
    .replace(/ {6,}\S.*$/gmu, '')
    .replace(/[■⬝]+/gu, ' ');
}

function tryCompile(pattern: Pattern): RegExp {
  try {
    return new RegExp(pattern, 'gmu');
  } catch {
    return NEVER;
  }
}
