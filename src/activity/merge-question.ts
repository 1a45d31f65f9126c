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
 * The question that is told: the words of the verdict, with what the screen shows of it. `reportedAt` (ms since the
 * epoch) tells two questions of the same words apart.
 */
export function mergeQuestion(
  told: Question,
  shown: ShownQuestion | undefined,
  reportedAt?: number,
): Question {
  if (shown === undefined) return told;
  const { id, ...rest } = tellQuestion(shown);
  return { ...rest, ...told, id: joinId(shown.id, reportedAt) };
}

/** A question's name: what it says, and when it was asked where that is known. */
export function joinId(print: string, reportedAt: number | undefined): string {
  return reportedAt === undefined ? print : `${print}-${reportedAt.toString(36)}`;
}

/** Whether two names are of the same question; one that was not reported (yet) has no time in it. */
export function isSameId(one: string, other: string): boolean {
  const [print, at] = one.split('-');
  const [otherPrint, otherAt] = other.split('-');
  return print === otherPrint && (at === undefined || otherAt === undefined || at === otherAt);
}

function squeeze(text: string): string {
  return text.replace(/\s+/gu, '');
}
