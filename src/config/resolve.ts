import type { WrittenValue } from './layers.ts';
import { parseMount, staysInWorkspace } from './mounts.ts';
import { SETTINGS, type Setting, type SettingName, type SettingValues } from './schema.ts';
import { LAYERS, type Origin } from './values.ts';

/** A value as it was written. */
export interface WrittenItem {
  readonly text: string;
  readonly origin: Origin;
}

/** A value of an untrusted project file that could widen what the agent may do. */
export interface RefusedItem extends WrittenItem {
  readonly setting: Setting;
}

/** The settings with where each comes from; a list has one origin an item, a scalar one, its default none. */
export interface ResolvedSettings {
  readonly values: SettingValues;
  readonly items: Readonly<Record<SettingName, readonly WrittenItem[]>>;
  readonly refused: readonly RefusedItem[];
}

export interface ResolveOptions {
  /** Upper-case agent type; values for others do not count. */
  readonly suffix: string | undefined;
  readonly workspace: string;
  readonly home: string;
  /** Guarded values of the project's file count (its content is trusted). */
  readonly projectTrusted: boolean;
}

/**
 * Merges the layers: later layers win, within a layer the value for this agent type; lists append; an empty value
 * takes everything before it back. Values of an untrusted project file that widen what the agent may do are left out
 * and listed. Throws CONFIG_INVALID, MOUNT_INVALID.
 */
export function resolveSettings(written: readonly WrittenValue[], options: ResolveOptions): ResolvedSettings {
  const values: Record<string, unknown> = {};
  const items: Record<string, readonly WrittenItem[]> = {};
  const refused: RefusedItem[] = [];
  for (const setting of SETTINGS as readonly Setting[]) {
    const mine = written
      .filter((value) => value.name === setting.name && (value.suffix ?? options.suffix) === options.suffix)
      .sort(compareWritten);
    const merged =
      setting.kind === 'list' ? mergeList(setting, mine, options) : mergeScalar(setting, mine, options);
    values[setting.name] = merged.value;
    items[setting.name] = merged.items;
    refused.push(...merged.refused.map((item) => ({ ...item, setting })));
  }
  return {
    values: values as unknown as SettingValues,
    items: items as Record<SettingName, readonly WrittenItem[]>,
    refused,
  };
}

interface Merged {
  readonly value: unknown;
  readonly items: readonly WrittenItem[];
  readonly refused: readonly WrittenItem[];
}

function compareWritten(a: WrittenValue, b: WrittenValue): number {
  const byLayer = LAYERS.indexOf(a.origin.layer) - LAYERS.indexOf(b.origin.layer);
  return byLayer || Number(a.suffix !== undefined) - Number(b.suffix !== undefined);
}

function mergeScalar(setting: Setting, written: readonly WrittenValue[], options: ResolveOptions): Merged {
  let value: unknown = setting.fallback;
  let items: readonly WrittenItem[] = [];
  const refused: WrittenItem[] = [];
  for (const { texts, origin } of written) {
    const [text] = texts;
    const next = text === undefined ? setting.fallback : setting.parse(text, origin);
    if (!isAllowed(setting, origin, options, () => isTighter(setting, next, value))) {
      refused.push({ text: text ?? '', origin });
      continue;
    }
    value = next;
    items = text === undefined ? [] : [{ text, origin }];
  }
  return { value, items, refused };
}

function mergeList(setting: Setting, written: readonly WrittenValue[], options: ResolveOptions): Merged {
  let items: WrittenItem[] = [];
  const refused: WrittenItem[] = [];
  for (const { texts, origin } of written) {
    if (texts.length === 0) {
      if (isAllowed(setting, origin, options, () => true)) items = [];
      else refused.push({ text: '', origin });
    }
    for (const text of texts) {
      const isHarmless = () =>
        setting.safety === 'workspace' &&
        staysInWorkspace(parseMount(text, origin, options.home), options.workspace);
      (isAllowed(setting, origin, options, isHarmless) ? items : refused).push({ text, origin });
    }
  }
  return { value: items.map(({ text }) => text), items, refused };
}

function isAllowed(
  setting: Setting,
  origin: Origin,
  options: ResolveOptions,
  isHarmless: () => boolean,
): boolean {
  if (origin.layer !== 'project' || options.projectTrusted || setting.safety === 'safe') return true;
  return setting.safety !== 'guarded' && isHarmless();
}

function isTighter(setting: Setting, next: unknown, now: unknown): boolean {
  if (setting.safety === 'asks') return next === 'ask';
  if (typeof next !== 'number' || typeof now !== 'number') return false;
  return next !== 0 && (now === 0 || next <= now);
}
