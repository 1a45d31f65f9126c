import type { ShownSetting, ShownValue } from '../../config/view.ts';
import { escapeHidden } from '../../system/escape-hidden.ts';
import { abbreviateHome, type Environment } from '../../system/paths.ts';
import { formatTable } from './format-table.ts';

/** The table of `adr config`: a row per value; values of variables for the agent are left out. */
export function formatConfig(settings: readonly ShownSetting[], env: Environment): string {
  const rows = settings.flatMap((shown) => {
    const values = [...shown.values, ...shown.ignored];
    if (values.length === 0) return [[shown.key, '-', '-', '-']];
    return values.map((value) => [
      shown.key,
      escapeHidden(hideValue(shown, value)),
      abbreviateHome(value.source, env),
      value.trust === 'untrusted' ? 'untrusted, does not count' : (value.trust ?? '-'),
    ]);
  });
  return formatTable(['KEY', 'VALUE', 'SOURCE', 'TRUST'], rows);
}

/** One setting for scripts; values of variables for the agent are left out. */
export function toJson(shown: ShownSetting): Readonly<Record<string, unknown>> {
  const list = (values: readonly ShownValue[]) =>
    values.map((value) => ({ ...value, text: hideValue(shown, value) }));
  const texts = shown.values.map((value) => hideValue(shown, value));
  return {
    key: shown.key,
    flag: shown.setting.session ? null : `--${shown.setting.flag}`,
    agent: shown.suffix ?? null,
    value: shown.setting.kind === 'list' ? texts : (texts[0] ?? null),
    sources: list(shown.values),
    ignored: list(shown.ignored),
  };
}

function hideValue({ setting }: ShownSetting, { text }: ShownValue): string {
  const equals = text.indexOf('=');
  return setting.name === 'env' && equals > 0 ? `${text.slice(0, equals)}=***` : text;
}
