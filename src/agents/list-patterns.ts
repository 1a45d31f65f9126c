import type { AnswerSigns, Pattern, ScreenSigns, Sign } from './types.ts';

/** A pattern of a type's signs with its place in them: `busy[0]`, `composer.top`. */
export interface PlacedPattern {
  readonly place: string;
  readonly pattern: Pattern;
}

/** Every pattern of these signs. */
export function listPatterns(signs: ScreenSigns): readonly PlacedPattern[] {
  const {
    composer,
    titles,
    noise,
    busy,
    retrying,
    tools = [],
    dialogs,
    errors,
    views = [],
    streams,
    answers,
  } = signs;
  const lists = { busy, retrying, tools, dialogs, errors, views };
  return [
    ...listFields('composer', composer),
    ...Object.entries(lists).flatMap(([key, list]) =>
      list.flatMap((sign, at) => placeSign(`${key}[${at}]`, sign)),
    ),
    ...listFields('titles', titles),
    ...(streams === undefined ? [] : [{ place: 'streams', pattern: streams }]),
    ...noise.map((pattern, at) => ({ place: `noise[${at}]`, pattern })),
    ...listAnswers(answers ?? {}),
  ];
}

function listAnswers({ rows, own, amend, input, submit, confirms }: AnswerSigns): readonly PlacedPattern[] {
  const fields = { rows, input, confirms, own: own?.labels, offer: amend?.offer, page: submit?.page };
  return listFields('answers', fields);
}

function placeSign(place: string, { pattern }: Sign): readonly PlacedPattern[] {
  return [{ place, pattern }];
}

function listFields(place: string, fields: object): readonly PlacedPattern[] {
  return Object.entries(fields).flatMap(([key, value]: [string, unknown]) => {
    const at = `${place}.${key}`;
    if (Array.isArray(value)) return value.map((pattern: Pattern, n) => ({ place: `${at}[${n}]`, pattern }));
    return typeof value === 'string' && key !== 'frame' ? [{ place: at, pattern: value }] : [];
  });
}
