import { AdrError } from '../../errors.ts';

/** Where a value stands in one of the user's files, for messages. */
export interface Place {
  readonly file: string;
  /** `config[2].path`; empty for the whole file. */
  readonly field: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The failure of a value in an agent type's file: CONFIG_INVALID, with file, field and what would be right. */
export function rejectField(place: Place, problem: string, hint?: string): AdrError {
  const where = place.field === '' ? place.file : `${place.file}: ${place.field}`;
  return new AdrError('CONFIG_INVALID', `${where}${problem.startsWith(':') ? '' : ' '}${problem}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { file: place.file, field: place.field },
  });
}

/** The place of a key or an item of what stands at `place`. */
export function enterField(place: Place, key: string | number): Place {
  if (typeof key === 'number') return { ...place, field: `${place.field}[${key}]` };
  return { ...place, field: place.field === '' ? key : `${place.field}.${key}` };
}

/** The text of a JSON file as an object with these keys only; those that start with `//` are comments. */
export function parseFields(text: string, file: string, known: readonly string[]): Fields {
  const place = { file, field: '' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw rejectField(place, `is not JSON: ${why}`, 'comments go in "//" keys, and no comma before } or ]');
  }
  return readFields(value, place, known);
}

/** An object with these keys only; those that start with `//` are comments. Throws CONFIG_INVALID. */
export function readFields(value: unknown, place: Place, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw rejectField(
      place,
      `must be an object, not ${describeValue(value)}`,
      `its keys: ${known.join(', ')}`,
    );
  }
  const entries = Object.entries(value).filter(([key]) => !key.startsWith('//'));
  const unknown = entries.find(([key]) => !known.includes(key));
  if (unknown)
    throw rejectField(enterField(place, unknown[0]), 'is no known key', `known: ${known.join(', ')}`);
  return Object.fromEntries(entries);
}

/** A text that is not empty; undefined when the value is missing. Throws CONFIG_INVALID. */
export function readText(value: unknown, place: Place): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') {
    throw rejectField(place, `must be a text, not ${describeValue(value)}`);
  }
  if (/\p{Cc}/u.test(value)) throw rejectField(place, 'holds control characters');
  return value;
}

/** One of `choices`; undefined when the value is missing. Throws CONFIG_INVALID. */
export function readOneOf<T extends string>(
  value: unknown,
  place: Place,
  choices: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw rejectField(
    place,
    `is ${describeValue(value)}`,
    `one of: ${choices.map((c) => `"${c}"`).join(', ')}`,
  );
}

/** `true` or `false`; undefined when the value is missing. Throws CONFIG_INVALID. */
export function readSwitch(value: unknown, place: Place): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw rejectField(place, `is ${describeValue(value)}`, 'write true or false');
}

/** A whole number of at least 1; undefined when the value is missing. Throws CONFIG_INVALID. */
export function readCount(value: unknown, place: Place): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw rejectField(place, `is ${describeValue(value)}`, 'write a whole number above 0');
}

/** A list, each item read by `read`; undefined when the value is missing. Throws CONFIG_INVALID. */
export function readItems<T>(
  value: unknown,
  place: Place,
  read: (item: unknown, place: Place) => T,
): readonly T[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw rejectField(place, `must be a list, not ${describeValue(value)}`);
  return value.map((item, index) => read(item, enterField(place, index)));
}

/** An item that must be a text. Throws CONFIG_INVALID. */
export function readWord(value: unknown, place: Place): string {
  if (value === undefined) throw rejectField(place, 'is missing');
  if (typeof value === 'string' && !value.includes('\0')) return value;
  throw rejectField(place, `must be a text, not ${describeValue(value)}`);
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}
