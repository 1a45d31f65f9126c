import { type Environment, findHome } from '../system/paths.ts';
import { findUserFile, readConfigLayer, readEnvironmentLayer, readUserFile } from './layers.ts';
import { resolveSettings } from './resolve.ts';
import type { SettingValues } from './schema.ts';
import { toKeySuffix } from './schema.ts';

/** How the user wants to be told of an agent's state. */
export type NotifySettings = Pick<SettingValues, 'notify-tmux' | 'notify-desktop' | 'notify-cmd'>;

const BUILT_IN: NotifySettings = { 'notify-tmux': true, 'notify-desktop': true, 'notify-cmd': undefined };

/**
 * The notification settings for one agent type, from the user's own file as it is now and from the environment. What
 * cannot be read is as if it were not there: nobody is at hand who could be told. Never throws.
 */
export async function readNotifySettings(env: Environment, type: string): Promise<NotifySettings> {
  const suffix = toKeySuffix(type);
  try {
    const path = findUserFile(env);
    const text = (await readUserFile(path)) ?? '';
    const written = [
      ...readConfigLayer(text, path, 'user').values,
      ...readEnvironmentLayer(env, suffix, '/'),
    ].filter(({ name }) => name in BUILT_IN);
    const options = { workspace: '/', home: findHome(env), projectTrusted: false, suffix };
    return resolveSettings(written, options).values;
  } catch {
    return BUILT_IN;
  }
}
