import { type ShownQuestion, tellQuestion } from './read-question.ts';
import type { Question } from './types.ts';

/** Enough of a command to know it again. */
const KNOWN_CHARACTERS = 16;
const FILE = /(\S*[^\s/]\.\w+|\S+\/\S+)\?$/u;

/**
 * Whether what a screen shows may be the question that was reported: of several that agents and their sub-agents ask at
 * once, the screen shows the first and the last report tells the last. Words that name nothing may be any.
 */
export function isAbout(reported: string, shown: string): boolean {
  const [told, seen] = [squeeze(reported.replace(/^\w+: /u, '')), squeeze(shown.replace(/^… /u, ''))];
  if (seen === '' || told === '') return true;
  if (shown.endsWith('?')) {
    const file = FILE.exec(shown)?.[1];
    return file === undefined || told.includes(squeeze(file)) || seen.includes(told);
  }
  const start = seen.replace(/…$/u, '').slice(0, KNOWN_CHARACTERS);
  return told.includes(start) || seen.includes(told.slice(0, KNOWN_CHARACTERS));
}

/**
 * What a reported question is about: the words of the report, which no pane cuts short; of several that were asked at
 * once, the one that is shown.
 */
export function nameQuestion(reported: Question, shown: Pick<Question, 'what'> | undefined): Question {
  const seen = shown?.what ?? '';
  const isPart = seen.endsWith('?') && squeeze(reported.what).includes(squeeze(seen));
  return { kind: reported.kind, what: isPart || reported.what === '' ? seen : reported.what };
}

/**
 * The question that is told: the words of the verdict, with what the screen shows of it. When it was asked tells two
 * questions of the same words apart.
 */
export function mergeQuestion(told: Question, shown: ShownQuestion | undefined, asked: Asked): Question {
  if (shown === undefined) return told;
  const { id, ...rest } = tellQuestion(shown);
  return { ...rest, ...told, id: joinId(shown.id, asked) };
}

/** When a question was asked, in ms since the epoch: as the agent told, or first seen; neither: nobody knows yet. */
export type Asked =
  | { readonly reportedAt: number }
  | { readonly seenAt: number }
  | { readonly reportedAt?: undefined; readonly seenAt?: undefined };

/** How long before or after its report a question may be seen (ms). */
const REPORT_LAG = 5_000;
const NAME = /^(\w+)(?:([-.])(\w+))?$/;

/** A question's name: what it says, and when it was asked: `print-time` as reported, `print.time` as seen. */
export function joinId(print: string, asked: Asked): string {
  if ('reportedAt' in asked && asked.reportedAt !== undefined)
    return `${print}-${asked.reportedAt.toString(36)}`;
  return 'seenAt' in asked && asked.seenAt !== undefined ? `${print}.${asked.seenAt.toString(36)}` : print;
}

/** Whether the question that stands is the one that was wanted. A name without a time means any of these words. */
export function isSameId(wanted: string, standing: string): boolean {
  const [, print, kind, at = ''] = NAME.exec(wanted) ?? [];
  const [, otherPrint, otherKind, otherAt = ''] = NAME.exec(standing) ?? [];
  if (print === undefined || print !== otherPrint) return false;
  if (kind === undefined) return true;
  if (kind === otherKind) return at === otherAt;
  // Seen before it was reported, or the other way round.
  return otherKind !== undefined && Math.abs(parseInt(at, 36) - parseInt(otherAt, 36)) <= REPORT_LAG;
}

function squeeze(text: string): string {
  return text.replace(/\s+/gu, '');
}
