import { listPatterns, type PlacedPattern } from '../agents/list-patterns.ts';
import { rejectField } from '../agents/own/fields.ts';
import type { AgentType, Pattern } from '../agents/types.ts';
import { runLimited } from '../system/run-limited.ts';

/** A sound pattern needs a few ms for all the texts below; one that tries every way to split a line never ends. */
const LIMIT_MS = 1_000;
const COLUMNS = 250;
const ROWS = 70;

/**
 * Refuses a pattern of the user's own that takes for ever on a large screen: it would stop the monitor. Tried on
 * screens made of what the pattern itself is made of. Throws CONFIG_INVALID with file and field.
 */
export function refuseSlowPatterns(type: AgentType): void {
  const { signs, signsFrom } = type;
  if (signs === undefined || signsFrom === undefined) return;
  const slow = findOwnPatterns(type).find(({ pattern }) => isSlow(pattern));
  if (slow === undefined) return;
  throw rejectField(
    { file: signsFrom.file, field: slow.place },
    `takes too long on a large screen: ${slow.pattern}`,
    'avoid a repetition inside a repetition, like (a+)+ or (.*x)*',
  );
}

/** The patterns of a type that are the user's own. */
export function findOwnPatterns({ signs, signsFrom }: AgentType): readonly PlacedPattern[] {
  if (signs === undefined || signsFrom === undefined) return [];
  const given = new Set(
    signsFrom.base === undefined ? [] : listPatterns(signsFrom.base).map(({ pattern }) => pattern),
  );
  return listPatterns(signs).filter(({ pattern }) => !given.has(pattern));
}

function isSlow(pattern: Pattern): boolean {
  const texts = makeTexts(pattern);
  return !runLimited(LIMIT_MS, () => {
    for (const text of texts) for (const _ of text.matchAll(new RegExp(pattern, 'gmu')));
  }).done;
}

/** Screens full of each character the pattern names, and of words, digits, blanks and rules. */
function makeTexts(pattern: Pattern): readonly string[] {
  const named = pattern.replace(/\\[a-zA-Z]/gu, '').match(/[^\\^$.*+?()[\]{}|]/gu) ?? [];
  const units = [...new Set([...named, 'a', '1', ' ', '─', 'a ', 'word ', '│ x '])].slice(0, 40);
  return units.map((unit) => {
    const line = unit.repeat(Math.ceil(COLUMNS / unit.length)).slice(0, COLUMNS - 1);
    return Array.from({ length: ROWS }, () => `${line}\u0001`).join('\n');
  });
}
