import { formatFallback } from './format-value.ts';
import type { WrittenValue } from './layers.ts';
import { type RefusedItem, type ResolvedSettings, resolveSettings, type WrittenItem } from './resolve.ts';
import { SETTINGS, type Setting } from './schema.ts';
import type { Layer } from './values.ts';

/**
 * What a value of a project's file is: `safe` from anybody, `trusted` with the file, or `untrusted` and therefore not
 * counting.
 */
export type TrustState = 'safe' | 'trusted' | 'untrusted';

/** One value as it was written and where. */
export interface ShownValue {
  readonly text: string;
  readonly layer: Layer;
  /** `~/.config/adr/config:3` in full, `ADR_MEMORY`, or `default`. */
  readonly source: string;
  /** Null for what does not come from a project's file. */
  readonly trust: TrustState | null;
}

/** One setting, for all agent types or one. */
export interface ShownSetting {
  readonly key: string;
  readonly setting: Setting;
  /** Upper-case agent type. */
  readonly suffix: string | undefined;
  /** What counts: items of a list, one for a scalar, none where there is no value. */
  readonly values: readonly ShownValue[];
  /** What an untrusted project file wants, in vain. */
  readonly ignored: readonly ShownValue[];
}

export interface ViewOptions {
  readonly workspace: string;
  readonly home: string;
  readonly projectTrusted: boolean;
}

/**
 * The merged view of every setting, and of each one for an agent type that was written for it. Throws CONFIG_INVALID,
 * MOUNT_INVALID where a value cannot be read.
 */
export function viewSettings(
  written: readonly WrittenValue[],
  options: ViewOptions,
): readonly ShownSetting[] {
  const suffixes = [...new Set(written.map(({ suffix }) => suffix).filter((suffix) => suffix !== undefined))];
  const general = viewFor(written, undefined, options);
  const special = suffixes.flatMap((suffix) =>
    viewFor(written, suffix, options).filter(({ setting }) =>
      written.some((value) => value.name === setting.name && value.suffix === suffix),
    ),
  );
  return general.flatMap((shown) => [shown, ...special.filter(({ setting }) => setting === shown.setting)]);
}

/** The merged view of every setting as it counts for one agent type. */
export function viewFor(
  written: readonly WrittenValue[],
  suffix: string | undefined,
  options: ViewOptions,
): readonly ShownSetting[] {
  const untrusting = resolveSettings(written, { ...options, suffix, projectTrusted: false });
  const resolved = options.projectTrusted
    ? resolveSettings(written, { ...options, suffix, projectTrusted: true })
    : untrusting;
  return (SETTINGS as readonly Setting[]).map((setting) => ({
    key: suffix === undefined ? setting.key : `${setting.key}_${suffix}`,
    setting,
    suffix,
    values: listValues(setting, resolved, untrusting.refused),
    ignored: resolved.refused
      .filter((item) => item.setting === setting)
      .map((item) => showItem(item, 'untrusted')),
  }));
}

function listValues(
  setting: Setting,
  resolved: ResolvedSettings,
  guarded: readonly RefusedItem[],
): readonly ShownValue[] {
  const items = resolved.items[setting.name];
  if (items.length > 0) {
    return items.map((item) => {
      if (item.origin.layer !== 'project') return showItem(item, null);
      const needs = guarded.some(
        ({ origin, text }) => origin.where === item.origin.where && text === item.text,
      );
      return showItem(item, needs ? 'trusted' : 'safe');
    });
  }
  const text = formatFallback(setting);
  return text === undefined ? [] : [{ text, layer: 'default', source: 'default', trust: null }];
}

function showItem({ text, origin }: WrittenItem, trust: TrustState | null): ShownValue {
  return { text, layer: origin.layer, source: origin.where, trust };
}
