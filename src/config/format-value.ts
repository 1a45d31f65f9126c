import type { Setting } from './schema.ts';

const MIB = 2 ** 20;

/** A setting's built-in value as one would write it; undefined: it has none. */
export function formatFallback(setting: Setting): string | undefined {
  const value: unknown = setting.fallback;
  if (value === undefined || Array.isArray(value)) return undefined;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' && setting.name.startsWith('memory')) return formatBytes(value);
  if (typeof value === 'object' && value !== null && 'kind' in value) return String(value.kind);
  return String(value);
}

function formatBytes(bytes: number): string {
  if (bytes === 0 || bytes % MIB !== 0) return `${bytes}`;
  return bytes % (1024 * MIB) === 0 ? `${bytes / (1024 * MIB)}g` : `${bytes / MIB}m`;
}
