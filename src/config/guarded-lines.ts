import { escapeHidden } from '../system/escape-hidden.ts';
import { parseConfigText, splitList } from './parse-file.ts';
import type { ProjectFile } from './project-file.ts';
import { findSettingByKey } from './schema.ts';

/** One line of a project file that counts only with the user's trust, or only within bounds. */
export interface GuardedLine {
  readonly line: number;
  readonly key: string;
  /** `KEY=VALUE` for a terminal: nothing in it can move the cursor or hide. */
  readonly text: string;
}

/**
 * Every line that trust in this file covers: all keys but the ones that are safe from anybody, for every agent type.
 * Nothing is cut, so that nothing hides at the end of a long line. Throws CONFIG_INVALID: an open quote.
 */
export function listGuardedLines(file: Pick<ProjectFile, 'path' | 'text'>): readonly GuardedLine[] {
  return parseConfigText(file.text).assignments.flatMap(({ key, value, line }) => {
    const found = findSettingByKey(key);
    if (!found || found.setting.safety === 'safe') return [];
    const shown = found.setting.name === 'env' ? maskSecrets(value, `${file.path}:${line}`) : value;
    return [{ line, key, text: `${key}=${escapeHidden(shown)}` }];
  });
}

const SECRET_NAME = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|CREDENTIALS?)$/i;

/** `NAME=***` for a variable whose name says that it is secret. */
export function maskSecret(item: string): string {
  const equals = item.indexOf('=');
  return equals > 0 && SECRET_NAME.test(item.slice(0, equals)) ? `${item.slice(0, equals)}=***` : item;
}

function maskSecrets(value: string, where: string): string {
  const items = splitList(value, { layer: 'project', where, base: '/' });
  return items.some((item) => maskSecret(item) !== item) ? items.map(maskSecret).join(' ') : value;
}
