import type { AdrError } from '../errors.ts';
import { isOneLine, quoteScalar } from './edit-file.ts';
import { parseEnvEntry } from './env-entries.ts';
import { parseMount } from './mounts.ts';
import { splitComment, splitList } from './parse-file.ts';
import type { Setting } from './schema.ts';
import { type Origin, rejectValue } from './values.ts';

/** A value that may be written into a config file. */
export interface CheckedValue {
  /** As it stands behind the `=`. */
  readonly written: string;
  /** What it is read as; none: back to the value of no layer. */
  readonly items: readonly string[];
}

/**
 * Checks a value as a config file would hold it: a list is split at blanks, quotes keep them. Throws CONFIG_INVALID,
 * MOUNT_INVALID, USAGE.
 */
export function checkValue(setting: Setting, value: string, origin: Origin, home: string): CheckedValue {
  const text = value.trim();
  if (text === '') return { written: '', items: [] };
  if (setting.kind !== 'list') {
    const written = quoteScalar(text);
    if (written === undefined) throw rejectLine(origin);
    setting.parse(text, origin);
    return { written, items: [text] };
  }
  if (!isOneLine(text)) throw rejectLine(origin);
  if (splitComment(text).comment !== '') {
    throw rejectValue(
      origin,
      `a "#" behind a blank begins a comment in ${JSON.stringify(text)}`,
      'put it in quotes',
    );
  }
  const items = splitList(text, origin);
  for (const item of items) checkItem(setting, item, origin, home);
  return { written: text, items };
}

function checkItem(setting: Setting, item: string, origin: Origin, home: string): void {
  if (setting.name === 'mounts') parseMount(item, origin, home);
  else if (setting.name === 'env') parseEnvEntry(item, origin);
  else setting.parse(item, origin);
}

function rejectLine(origin: Origin): AdrError {
  return rejectValue(origin, 'the value cannot stand on one line of a config file');
}
