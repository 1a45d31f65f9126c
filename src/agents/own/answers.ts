import type { AnswerSigns, Pattern } from '../types.ts';
import { enterField, type Place, readFields, readItems, readOneOf, readWord } from './fields.ts';

const KEYS = ['press', 'rows', 'refuse', 'own', 'amend', 'input', 'submit', 'confirms'] as const;
const PRESSES = ['arrows', 'numbers', 'line'] as const;

/** How questions are answered: `answers` of an agent's signs, over those it has. Throws CONFIG_INVALID. */
export function readAnswers(
  value: unknown,
  place: Place,
  base: AnswerSigns | undefined,
  readPattern: (value: unknown, place: Place) => Pattern,
): { readonly answers?: AnswerSigns } {
  if (value === undefined) return base ? { answers: base } : {};
  const fields = readFields(value, place, KEYS);
  const at = (key: (typeof KEYS)[number]): Place => enterField(place, key);
  const press = readOneOf(fields.press, at('press'), PRESSES);
  const rows = readItems(fields.rows, at('rows'), readPattern);
  const own = readOwn(fields.own, at('own'), readPattern);
  const amend = readAmend(fields.amend, at('amend'), readPattern);
  const submit = readSubmit(fields.submit, at('submit'), readPattern);
  return {
    answers: {
      ...base,
      ...(press && { press }),
      ...(rows && { rows }),
      ...(fields.refuse !== undefined && { refuse: readWord(fields.refuse, at('refuse')) }),
      ...(own && { own }),
      ...(amend && { amend }),
      ...(submit && { submit }),
      ...(fields.input !== undefined && { input: readPattern(fields.input, at('input')) }),
      ...(fields.confirms !== undefined && { confirms: readPattern(fields.confirms, at('confirms')) }),
    },
  };
}

type ReadPattern = (value: unknown, place: Place) => Pattern;

function readOwn(value: unknown, place: Place, readPattern: ReadPattern): AnswerSigns['own'] {
  if (value === undefined) return undefined;
  const { labels, key } = readFields(value, place, ['labels', 'key']);
  const read = readItems(labels ?? [], enterField(place, 'labels'), readPattern) ?? [];
  return { labels: read, ...(key !== undefined && { key: readWord(key, enterField(place, 'key')) }) };
}

function readAmend(value: unknown, place: Place, readPattern: ReadPattern): AnswerSigns['amend'] {
  if (value === undefined) return undefined;
  const { offer, key } = readFields(value, place, ['offer', 'key']);
  return {
    offer: readPattern(offer, enterField(place, 'offer')),
    key: readWord(key, enterField(place, 'key')),
  };
}

function readSubmit(value: unknown, place: Place, readPattern: ReadPattern): AnswerSigns['submit'] {
  if (value === undefined) return undefined;
  const { key, page } = readFields(value, place, ['key', 'page']);
  return {
    key: readWord(key, enterField(place, 'key')),
    page: readPattern(page, enterField(place, 'page')),
  };
}
