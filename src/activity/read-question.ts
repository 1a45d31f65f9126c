import type { AnswerSigns, ScreenSigns } from '../agents/types.ts';
import { type FoundOptions, findOptions } from './find-options.ts';
import { findSelected } from './find-selected.ts';
import { judgeLabel } from './judge-label.ts';
import { fingerprint } from './normalise-screen.ts';
import { matches, shorten } from './patterns.ts';
import { findDialog } from './read-screen.ts';
import { splitScreen } from './split-screen.ts';
import type { Question, QuestionOption } from './types.ts';

/** A question as it stands on the screen. */
export interface ShownQuestion extends Question {
  readonly id: string;
  readonly title: string;
  readonly options: readonly QuestionOption[];
  readonly shape: FoundOptions['shape'] | 'none';
  /** Some of its options are not on the screen. */
  readonly cut: boolean;
  /** Words can be typed right now. */
  readonly input: boolean;
  /** Several of its options may be ticked, or it only asks whether those are right: this key goes on with them. */
  readonly submitKey: string | undefined;
  /** The key that opens a field for words behind a refusal. */
  readonly amendKey: string | undefined;
  /** The lines above its options: its words. */
  readonly words: readonly string[];
  /** The screen's line of each option, its marker included. */
  readonly rows: readonly string[];
}

/** An option that can be ticked. */
const BOX = /^(?:\[.\]|[☐☑☒✔])/u;
const MAX_LABEL = 160;
const MAX_OPTIONS = 12;
/** How far above its options a question's words may begin, where no sign says it. */
const MAX_WORDS = 14;

/**
 * The question that stands on a screen, with its options; undefined where none does. Without signs any menu that ends
 * the screen is one. `styled` (the same screen with its styles) tells the chosen option where no marker does.
 */
export function readQuestion(
  signs: ScreenSigns | undefined,
  screen: string,
  styled?: string,
): ShownQuestion | undefined {
  const lines = splitScreen(screen);
  const text = lines.join('\n');
  const dialog = signs && findDialog(signs, text);
  if (signs && !dialog) return undefined;
  const answers = signs?.answers;
  const found = findOptions(lines, answers);
  if (!signs && !(found && isAtEnd(lines, found))) return undefined;
  const input = found === undefined && answers?.input !== undefined && matches(answers.input, text);
  const first = found?.options[0]?.line ?? lines.length;
  const start = dialog ? text.slice(0, dialog.index).split('\n').length - 1 : first;
  const from = start < first ? start : Math.max(0, first - MAX_WORDS);
  const words = lines.slice(from, found?.shape === 'line' ? first + 1 : first);
  const what = dialog?.says ?? '';
  const title = findTitle(words) || what;
  const kind = input && dialog?.kind === 'choice' ? 'text' : (dialog?.kind ?? 'choice');
  const options = dropLoneConsent(kind, readOptions(found, styled));
  const offersText = input || options.some((option) => isOwnText(option.label, answers));
  const amends =
    answers?.amend && matches(answers.amend.offer, text) && options.some(({ means }) => means === 'no');
  return {
    kind,
    what: what || title,
    id: fingerprint([title, what, ...options.map(({ label }) => label)].map(squeeze).join('\n')),
    title: shorten(title),
    options,
    ...((offersText || amends) && { text: true as const }),
    shape: found?.shape ?? 'none',
    cut: found?.cut ?? false,
    input,
    submitKey: findSubmitKey(answers, text, options),
    amendKey: amends ? answers.amend?.key : undefined,
    words: words.filter((line) => line.trim() !== ''),
    rows: found?.options.map(({ line }) => (lines[line] ?? '').trim()) ?? [],
  };
}

/** What of a question is told: in `status`, to the history, to the user. */
export function tellQuestion(question: ShownQuestion): Question {
  const { kind, what, id, title, options, text } = question;
  return { kind, what, id, title, options: options.slice(0, MAX_OPTIONS), ...(text && { text }) };
}

/** Whether an option is the one behind which the user writes his own words. */
export function isOwnText(label: string, answers: AnswerSigns | undefined): boolean {
  return answers?.own?.labels.some((pattern) => matches(pattern, label)) ?? false;
}

function readOptions(found: FoundOptions | undefined, styled: string | undefined): readonly QuestionOption[] {
  if (!found) return [];
  const marked = found.options.findIndex((option) => option.marked);
  const selected = marked >= 0 ? marked : styled === undefined ? -1 : findSelected(found.options, styled);
  return found.options.map((option, index) => {
    const label = shorten(option.label, MAX_LABEL);
    const means = judgeLabel(label);
    return {
      key: found.shape === 'line' ? option.label : `${option.number ?? index + 1}`,
      label,
      ...(means && { means }),
      ...(index === selected && { selected: true as const }),
    };
  });
}

function findSubmitKey(
  { submit }: AnswerSigns = {},
  text: string,
  options: readonly QuestionOption[],
): string | undefined {
  if (submit === undefined) return undefined;
  if (options.some(({ label }) => BOX.test(label))) return submit.key;
  return matches(submit.page, text) ? 'Enter' : undefined;
}

/** Among things to choose from, "Approve for me" is no yes to anything: only what can be refused can be consented to. */
function dropLoneConsent(
  kind: Question['kind'],
  options: readonly QuestionOption[],
): readonly QuestionOption[] {
  if (kind !== 'choice' || options.some(({ means }) => means === 'no')) return options;
  return options.map(({ means: _, ...option }) => option);
}

/** Without signs only a menu that is the last thing on the screen is a question; a line of keys may follow it. */
function isAtEnd(lines: readonly string[], { options, shape }: FoundOptions): boolean {
  const marked = shape === 'line' || options.some((option) => option.marked);
  return marked && lines.length - (options.at(-1)?.line ?? 0) <= 5;
}

/** The sentence with the question mark nearest to the options, else the last paragraph. */
function findTitle(words: readonly string[]): string {
  const paragraphs = words
    .map((line) => line.replace(/^[ │┃]*|[ │┃]*$/gu, '').replace(/^[─╌═▔]{4,}.*$/u, ''))
    .join('\n')
    .split(/\n{2,}/u)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  const asking = paragraphs.findLast((paragraph) => /\?(?=\s|$)/u.test(paragraph));
  if (asking === undefined) return '';
  return asking.slice(0, asking.search(/\?(?=\s|$)/u) + 1);
}

function squeeze(text: string): string {
  return text.replace(/\s+/gu, '');
}
