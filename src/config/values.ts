import { AdrError } from '../errors.ts';
import { parseDuration } from './parse-duration.ts';

/** Where a value was written, for messages: a flag, a variable, or a file with its line. */
export interface Origin {
  readonly layer: Layer;
  /** `--memory`, `ADR_MEMORY`, `/path/config:3`. */
  readonly where: string;
  /** Relative paths in the value start here. */
  readonly base: string;
}

/** Later layers win. */
export const LAYERS = ['default', 'user', 'project', 'environment', 'flag'] as const;
export type Layer = (typeof LAYERS)[number];

/** The failure of a value the user wrote: CONFIG_INVALID, exit 2. */
export function rejectValue(origin: Origin, message: string, hint?: string): AdrError {
  return new AdrError('CONFIG_INVALID', `${origin.where}: ${message}`, hint === undefined ? {} : { hint });
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};
/** Docker's own lower limit. */
const LEAST_MEMORY = 6 * 2 ** 20;

/** `512m`, `1.5g`, `2Gi`, `1073741824` in bytes; `0` means no limit. Throws CONFIG_INVALID. */
export function parseMemory(text: string, origin: Origin): number {
  const match = /^(\d+(?:\.\d+)?)(?:([kmgt])(?:ib?|b)?|b)?$/i.exec(text);
  const unit = SIZE_UNITS[match?.[2]?.toLowerCase() ?? ''];
  const bytes = match && unit !== undefined ? Math.floor(Number(match[1]) * unit) : Number.NaN;
  if (bytes === 0) return 0;
  if (!Number.isSafeInteger(bytes) || bytes < LEAST_MEMORY) {
    throw rejectValue(
      origin,
      `"${text}" is no memory limit`,
      'write it like 512m, 4g or 2Gi (least: 6m); 0 lifts it',
    );
  }
  return bytes;
}

/** `2`, `0.5`, `500m` in CPUs; `0` means no limit. Throws CONFIG_INVALID. */
export function parseCpus(text: string, origin: Origin): number {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(text);
  const cpus = match ? Number(match[1]) / (match[2] === 'm' ? 1000 : 1) : Number.NaN;
  if (!Number.isFinite(cpus) || (cpus !== 0 && cpus < 0.01)) {
    throw rejectValue(
      origin,
      `"${text}" is no number of CPUs`,
      'write it like 2, 0.5 or 500m; 0 lifts the limit',
    );
  }
  return cpus;
}

/** With fewer no agent starts: threads count too, and the container's init, a shell and node's own are there already. */
const LEAST_PIDS = 16;

/** A whole number of processes; `0` means no limit. Throws CONFIG_INVALID. */
export function parsePids(text: string, origin: Origin): number {
  const pids = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(pids) || (pids !== 0 && pids < LEAST_PIDS)) {
    throw rejectValue(
      origin,
      `"${text}" is no limit of processes`,
      `write it like 4096 (least: ${LEAST_PIDS}); 0 lifts it`,
    );
  }
  return pids;
}

/** A time (see `parseDuration`) in milliseconds, at least 5 s. Throws CONFIG_INVALID with what is wrong. */
export function parseTimeout(text: string, origin: Origin): number {
  const fail = (message: string) => rejectValue(origin, message, 'write it like 90s, 10m or 2h');
  const parsed = parseDuration(text, 'timeout');
  if ('problem' in parsed) throw fail(parsed.problem);
  if (parsed.ms === 0) throw fail(`Timeout value must be greater than zero (got: ${text})`);
  if (parsed.ms < 5000) throw fail(`Timeout value must be at least 5 seconds (got: ${text})`);
  return parsed.ms;
}

/** `1`, `true`, `yes`, `on` and their opposites. Throws CONFIG_INVALID. */
export function parseSwitch(text: string, origin: Origin): boolean {
  const value = text.toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(value)) return true;
  if (['0', 'false', 'no', 'off'].includes(value)) return false;
  throw rejectValue(origin, `"${text}" is neither on nor off`, 'write 1 or 0');
}

/** One of `choices`. Throws CONFIG_INVALID. */
export function parseChoice<T extends string>(choices: readonly T[]): (text: string, origin: Origin) => T {
  return (text, origin) => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw rejectValue(origin, `"${text}" is not one of: ${choices.join(', ')}`);
    return found;
  };
}

/** Whom the container's processes are: the invoking user, the image's user, or a uid with its gid. */
export type UserChoice =
  | { readonly kind: 'host' }
  | { readonly kind: 'image' }
  | { readonly kind: 'id'; readonly uid: number; readonly gid: number };

/** `host`, `image`, `UID` or `UID:GID` (gid defaults to the uid). Throws CONFIG_INVALID. */
export function parseUser(text: string, origin: Origin): UserChoice {
  if (text === 'host' || text === 'image') return { kind: text };
  const match = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(text);
  if (!match) throw rejectValue(origin, `"${text}" is no user`, 'write host, image, UID or UID:GID');
  const uid = Number(match[1]);
  return { kind: 'id', uid, gid: match[2] === undefined ? uid : Number(match[2]) };
}

/** A word without blanks or control characters that does not start with a dash. Throws CONFIG_INVALID. */
export function parseWord(text: string, origin: Origin): string {
  if (!/^[^\s\u0000-\u001f\u007f-][^\s\u0000-\u001f\u007f]*$/.test(text)) {
    throw rejectValue(origin, `${JSON.stringify(text)} is not a name`);
  }
  return text;
}

/** An image tag as Docker takes it. Throws CONFIG_INVALID. */
export function parseTag(text: string, origin: Origin): string {
  if (!/^\w[\w.-]{0,127}$/.test(text))
    throw rejectValue(origin, `${JSON.stringify(text)} is not an image tag`);
  return text;
}

/** Any text without control characters. Throws CONFIG_INVALID. */
export function parseText(text: string, origin: Origin): string {
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw rejectValue(origin, `${JSON.stringify(text)} holds control characters`);
  return text;
}

/** A model's name: any text that an agent cannot take for an option. Throws CONFIG_INVALID. */
export function parseModel(text: string, origin: Origin): string {
  if (text.startsWith('-')) throw rejectValue(origin, `${JSON.stringify(text)} is not a model`);
  return parseText(text, origin);
}
