import type { WrittenValue } from './layers.ts';
import { isInside, parseMount } from './mounts.ts';
import { SETTINGS, type Setting, type SettingName, type SettingValues } from './schema.ts';
import { LAYERS, type Origin } from './values.ts';

/** The settings with where each comes from; a list has one origin an item. */
export interface ResolvedSettings {
  readonly values: SettingValues;
  readonly origins: Readonly<Record<SettingName, readonly Origin[]>>;
  readonly warnings: readonly string[];
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
 * with a warning. Throws CONFIG_INVALID, MOUNT_INVALID.
 */
export function resolveSettings(written: readonly WrittenValue[], options: ResolveOptions): ResolvedSettings {
  const values: Record<string, unknown> = {};
  const origins: Record<string, readonly Origin[]> = {};
  const warnings: string[] = [];
  for (const setting of SETTINGS as readonly Setting[]) {
    const mine = written
      .filter((value) => value.name === setting.name && (value.suffix ?? options.suffix) === options.suffix)
      .sort(compareWritten);
    const resolved =
      setting.kind === 'list' ? mergeList(setting, mine, options) : mergeScalar(setting, mine, options);
    values[setting.name] = resolved.value;
    origins[setting.name] = resolved.origins;
    warnings.push(...resolved.warnings);
  }
  return {
    values: values as unknown as SettingValues,
    origins: origins as Record<SettingName, readonly Origin[]>,
    warnings,
  };
}

interface Merged {
  readonly value: unknown;
  readonly origins: readonly Origin[];
  readonly warnings: readonly string[];
}

function compareWritten(a: WrittenValue, b: WrittenValue): number {
  const byLayer = LAYERS.indexOf(a.origin.layer) - LAYERS.indexOf(b.origin.layer);
  return byLayer || Number(a.suffix !== undefined) - Number(b.suffix !== undefined);
}

function mergeScalar(setting: Setting, written: readonly WrittenValue[], options: ResolveOptions): Merged {
  let value: unknown = setting.fallback;
  let origins: readonly Origin[] = [];
  const warnings: string[] = [];
  for (const { texts, origin } of written) {
    const [text] = texts;
    const next = text === undefined ? setting.fallback : setting.parse(text, origin);
    if (!isAllowed(setting, origin, options, () => isTighter(setting, next, value))) {
      warnings.push(describeIgnored(setting, origin));
      continue;
    }
    value = next;
    origins = text === undefined ? [] : [origin];
  }
  return { value, origins, warnings };
}

function mergeList(setting: Setting, written: readonly WrittenValue[], options: ResolveOptions): Merged {
  let value: string[] = [];
  let origins: Origin[] = [];
  const warnings: string[] = [];
  for (const { texts, origin } of written) {
    if (texts.length === 0 && isAllowed(setting, origin, options, () => true)) {
      value = [];
      origins = [];
    }
    for (const text of texts) {
      const isInWorkspace = () =>
        setting.safety === 'workspace' &&
        isInside(parseMount(text, origin, options.home).source, options.workspace);
      if (!isAllowed(setting, origin, options, isInWorkspace)) {
        warnings.push(describeIgnored(setting, origin));
        continue;
      }
      value.push(text);
      origins.push(origin);
    }
  }
  return { value, origins, warnings };
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

function describeIgnored(setting: Setting, origin: Origin): string {
  return `${origin.where}: ${setting.key} of a project file is ignored, it could widen what the agent may do; use --${setting.flag} or your own config`;
}
