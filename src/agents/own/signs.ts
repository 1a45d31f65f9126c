import type { ComposerSigns, DialogSign, Pattern, ScreenSigns, Sign } from '../types.ts';
import { readAnswers } from './answers.ts';
import {
  enterField,
  type Fields,
  type Place,
  parseFields,
  readCount,
  readFields,
  readItems,
  readOneOf,
  readSwitch,
  readWord,
  rejectField,
} from './fields.ts';

const LISTS = ['busy', 'retrying', 'tools', 'dialogs', 'errors', 'views', 'noise'] as const;
const SIGNS = ['composer', ...LISTS, 'titles', 'streams', 'liveLines', 'answers'] as const;
const QUESTIONS = ['approval', 'trust', 'login', 'plan', 'choice', 'text'] as const;
const COMPOSER_TEXTS = ['top', 'bottom', 'block', 'clipped', 'footer', 'lead'] as const;
const COMPOSER_LISTS = ['chrome', 'placeholders', 'shell', 'otherModes'] as const;
const TITLES = ['busy', 'asking', 'idle'] as const;

/** In a list of signs: what the list held before stands here. */
const KEEP = '...';

/** What a type without signs of its own starts from. The composer is the one thing that it must say. */
const BARE: Omit<ScreenSigns, 'composer'> = {
  busy: [],
  retrying: [],
  tools: [],
  dialogs: [],
  errors: [],
  views: [],
  titles: {},
  noise: [],
  liveLines: 12,
};

/** The signs of a `signs.json`, over those the type has. Throws CONFIG_INVALID. */
export function parseSignsFile(text: string, file: string, base: ScreenSigns | undefined): ScreenSigns {
  return mergeSigns(parseFields(text, file, SIGNS), { file, field: '' }, base);
}

/** The signs of an `agent.json`. Throws CONFIG_INVALID. */
export function readSigns(value: unknown, place: Place, base: ScreenSigns | undefined): ScreenSigns {
  return mergeSigns(readFields(value, place, SIGNS), place, base);
}

/** Fields replace those of `base`; composer and titles field by field; `"..."` in a list keeps what was there. */
function mergeSigns(fields: Fields, place: Place, base: ScreenSigns | undefined): ScreenSigns {
  const read = <T>(key: (typeof LISTS)[number], readItem: (item: unknown, at: Place) => T) =>
    readKept(fields[key], enterField(place, key), (base?.[key] ?? BARE[key] ?? []) as readonly T[], readItem);
  return {
    composer: mergeComposer(fields.composer, enterField(place, 'composer'), base?.composer),
    busy: read('busy', (item, at) => readSign(item, at, 'model')),
    retrying: read('retrying', (item, at) => readSign(item, at, 'API error')),
    tools: read('tools', (item, at) => readSign(item, at, 'tool')),
    dialogs: read('dialogs', readDialog),
    errors: read('errors', (item, at) => readSign(item, at, '$1')),
    views: read('views', (item, at) => readSign(item, at, '')),
    noise: read('noise', readPattern),
    ...readStreams(fields.streams, enterField(place, 'streams'), base),
    titles: { ...base?.titles, ...readTitles(fields.titles, enterField(place, 'titles')) },
    liveLines:
      readCount(fields.liveLines, enterField(place, 'liveLines')) ?? base?.liveLines ?? BARE.liveLines,
    ...readAnswers(fields.answers, enterField(place, 'answers'), base?.answers, readPattern),
  };
}

function readStreams(
  value: unknown,
  place: Place,
  base: ScreenSigns | undefined,
): Pick<ScreenSigns, 'streams'> {
  const streams = value === undefined ? base?.streams : readPattern(value, place);
  return streams === undefined ? {} : { streams };
}

function mergeComposer(value: unknown, place: Place, base: ComposerSigns | undefined): ComposerSigns {
  if (value === undefined && base) return base;
  if (value === undefined) {
    throw rejectField(
      place,
      'is missing',
      'its "top" and "bottom" are the lines the composer stands between',
    );
  }
  const fields = readFields(value, place, [...COMPOSER_TEXTS, ...COMPOSER_LISTS, ...['topIsText', 'frame']]);
  const at = (key: string) => enterField(place, key);
  const texts = Object.fromEntries(
    COMPOSER_TEXTS.filter((key) => fields[key] !== undefined).map((key) => [
      key,
      readPattern(fields[key], at(key)),
    ]),
  );
  const lists = Object.fromEntries(
    COMPOSER_LISTS.map((key) => [key, readKept(fields[key], at(key), base?.[key] ?? [], readPattern)]),
  ) as Pick<ComposerSigns, (typeof COMPOSER_LISTS)[number]>;
  const top = texts.top ?? base?.top;
  const bottom = texts.bottom ?? base?.bottom;
  if (top === undefined) throw rejectField(at('top'), 'is missing');
  if (bottom === undefined) throw rejectField(at('bottom'), 'is missing');
  const topIsText = readSwitch(fields.topIsText, at('topIsText')) ?? base?.topIsText ?? false;
  const frame = readOneOf(fields.frame, at('frame'), ['rules', 'base']);
  return { lead: '^ *', ...base, ...texts, ...lists, ...(frame && { frame }), top, bottom, topIsText };
}

function readTitles(value: unknown, place: Place): ScreenSigns['titles'] {
  if (value === undefined) return {};
  const fields = readFields(value, place, TITLES);
  return Object.fromEntries(
    Object.entries(fields).map(([key, pattern]) => [key, readPattern(pattern, enterField(place, key))]),
  );
}

function readKept<T>(
  value: unknown,
  place: Place,
  before: readonly T[],
  read: (item: unknown, place: Place) => T,
): readonly T[] {
  const items = readItems(value, place, (item, at) => (item === KEEP ? before : [read(item, at)]));
  return items === undefined ? before : (items.flat() as readonly T[]);
}

function readDialog(value: unknown, place: Place): DialogSign {
  const sign = readSign(value, place, '$1', ['kind']);
  const kind = readOneOf((value as Fields).kind, enterField(place, 'kind'), QUESTIONS);
  if (kind) return { ...sign, kind };
  throw rejectField(enterField(place, 'kind'), 'is missing', `one of: ${QUESTIONS.join(', ')}`);
}

function readSign(value: unknown, place: Place, says: string, more: readonly string[] = []): Sign {
  const fields = readFields(value, place, ['pattern', 'says', 'at', 'moves', ...more]);
  const pattern = readPattern(fields.pattern, enterField(place, 'pattern'));
  if (new RegExp(pattern, 'mu').test('')) {
    throw rejectField(enterField(place, 'pattern'), 'matches an empty text, so it proves nothing');
  }
  const at = readOneOf(fields.at, enterField(place, 'at'), ['above', 'below']);
  const moves = readSwitch(fields.moves, enterField(place, 'moves'));
  return {
    pattern,
    says: fields.says === undefined ? says : readWord(fields.says, enterField(place, 'says')),
    ...(at && { at }),
    ...(moves === undefined ? {} : { moves }),
  };
}

function readPattern(value: unknown, place: Place): Pattern {
  const pattern = readWord(value, place);
  try {
    new RegExp(pattern, 'gmu');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^.*\/[a-z]*: /, '') : '';
    throw rejectField(place, `is no regular expression (flags m and u): ${why}`, `it is: ${pattern}`);
  }
  return pattern;
}
