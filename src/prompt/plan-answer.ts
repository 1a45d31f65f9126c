import { isOwnText, type ShownQuestion } from '../activity/read-question.ts';
import type { QuestionOption } from '../activity/types.ts';
import type { AnswerSigns } from '../agents/types.ts';

/** How a question is to be answered. */
export type AnswerPlan =
  /** This option is chosen; `text`: these words go behind it. */
  | { readonly how: 'choose'; readonly option: number; readonly text?: string; readonly openKey?: string }
  /** Words, or the word of a `[y/N]`, are typed and sent with Enter. */
  | { readonly how: 'type'; readonly text: string }
  /** One key is pressed. */
  | { readonly how: 'key'; readonly key: string };

export type PlannedAnswer =
  | { readonly plan: AnswerPlan; readonly says: string }
  /** The question offers no such answer: why. */
  | { readonly refused: string };

const WORDS = { yes: 'yes', y: 'yes', no: 'no', n: 'no', always: 'always' } as const;
/** Of several options the ticked ones are meant: go on with them. */
export const SUBMIT = 'submit';
type Word = (typeof WORDS)[keyof typeof WORDS];

/**
 * What `yes`, `no`, `always`, an option's number or label, or words of the user's own mean to this question. Words
 * that are none of its options count only where it takes words: a mistyped label must not become an answer.
 */
export function planAnswer(
  question: ShownQuestion,
  answer: string,
  signs: AnswerSigns | undefined,
): PlannedAnswer {
  const text = answer.trim();
  const word = (WORDS as Readonly<Record<string, Word>>)[text.toLowerCase()];
  const named = findOption(question, text);
  if (named >= 0) return choose(question, named, signs);
  if (text.toLowerCase() === SUBMIT && question.submitKey !== undefined) {
    const yes = question.options.findIndex(({ means }) => means === 'yes');
    if (yes >= 0) return choose(question, yes, signs);
    return { plan: { how: 'key', key: question.submitKey }, says: SUBMIT };
  }
  if (word) return planWord(question, word, signs);
  if (/^\d+$/.test(text)) return refuse(question, `no option ${text}`);
  return planText(question, text, signs);
}

/** By its number, else by its label, with or without its box and its key: `[ ] Red`, `Yes, proceed (y)`. */
function findOption({ options }: ShownQuestion, text: string): number {
  const wanted = normalise(text);
  const byKey = options.findIndex(({ key }) => key === text);
  if (byKey >= 0) return byKey;
  const labels = options.map(({ label }) => normalise(label));
  const exact = labels.indexOf(wanted);
  return exact >= 0 ? exact : labels.map(stripSigns).indexOf(wanted);
}

function stripSigns(label: string): string {
  return label.replace(/^\[.\] /u, '').replace(/ \([^()]*\)$/u, '');
}

function planWord(question: ShownQuestion, word: Word, signs: AnswerSigns | undefined): PlannedAnswer {
  const meant = question.options.flatMap(({ means }, index) => (means === word ? [index] : []));
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return choose(question, only, signs);
  // A list that is shown in part may offer more of that meaning, but the first is what it offers first.
  if (only !== undefined && word !== 'always') return choose(question, only, signs);
  if (meant.length > 1) return refuse(question, `more than one option means "${word}"`);
  const asksLeave = question.kind !== 'choice' && question.kind !== 'text' && question.kind !== 'login';
  if (word === 'no' && signs?.refuse !== undefined && asksLeave) {
    return { plan: { how: 'key', key: signs.refuse }, says: `no (${signs.refuse})` };
  }
  return refuse(question, `no option means "${word}"`);
}

function planText(question: ShownQuestion, text: string, signs: AnswerSigns | undefined): PlannedAnswer {
  if (text.includes('\n')) return { refused: 'an answer is one line' };
  if (question.input) return { plan: { how: 'type', text }, says: text };
  const own = question.options.findIndex(({ label }) => isOwnText(label, signs));
  if (own >= 0) return { plan: { how: 'choose', option: own, text }, says: text };
  const no = question.options.findIndex(({ means }) => means === 'no');
  if (question.amendKey !== undefined && no >= 0) {
    // "ok" is no instruction to a refused agent, and was not meant as a refusal.
    if (!/\s/u.test(text)) return refuse(question, `"${text}" is none of its options`);
    return { plan: { how: 'choose', option: no, text, openKey: question.amendKey }, says: `no: ${text}` };
  }
  return refuse(question, `"${text}" is none of its options, and it takes no other words`);
}

function choose(question: ShownQuestion, option: number, signs: AnswerSigns | undefined): PlannedAnswer {
  const { label = '', key = '' } = question.options[option] ?? {};
  if (isOwnText(label, signs)) return refuse(question, `"${label}" needs words: give them as the answer`);
  if (question.shape === 'line' || signs?.press === 'line')
    return { plan: { how: 'type', text: key }, says: label };
  if (signs?.press === 'numbers') return { plan: { how: 'key', key }, says: label };
  return { plan: { how: 'choose', option }, says: label };
}

function refuse(question: ShownQuestion, why: string): PlannedAnswer {
  const hidden =
    question.shape === 'none' || question.cut ? '; some are not on its screen, a larger pane shows them' : '';
  const many = question.submitKey === undefined ? '' : '; "submit" takes those that are ticked';
  const options = question.options.map(describeOption).join(', ');
  const offers = options === '' ? 'its options are not on the screen' : `it offers ${options}`;
  return {
    refused: `${why}: ${offers}${options === '' ? '' : hidden}${question.text ? ', or your own words' : ''}${many}`,
  };
}

/** `2 "Yes, and always allow" (always)`. */
export function describeOption({ key, label, means }: QuestionOption): string {
  const name = key === label ? `"${label}"` : `${key} "${label}"`;
  return means === undefined ? name : `${name} (${means})`;
}

function normalise(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();
}
