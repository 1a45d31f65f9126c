import type { FlagValues } from '../../config/read-settings.ts';
import { SETTINGS, type Setting, type SettingName } from '../../config/schema.ts';
import type { OptionSpec, OptionTable, ParsedArguments } from '../command.ts';

const FLAGS = (SETTINGS as readonly Setting[]).filter(
  (setting) => setting.name !== 'agent' && !setting.session,
);

/** The options of `adr run` that are settings, from the one table. */
export const SETTING_OPTIONS: OptionTable = makeOptions(FLAGS);

/** Those that make sense for the agents of a session. */
export const SESSION_SETTING_OPTIONS: OptionTable = makeOptions(FLAGS.filter(({ headless }) => !headless));

function makeOptions(settings: readonly Setting[]): OptionTable {
  return Object.fromEntries(
    settings.map((setting): [string, OptionSpec] => [
      setting.flag,
      {
        type: setting.kind === 'switch' ? 'boolean' : setting.kind === 'list' ? 'list' : 'string',
        describe: setting.describe,
        value: setting.value,
        ...(setting.kind === 'switch' ? { negated: true } : {}),
        ...(setting.alias ? { alias: setting.alias } : {}),
        ...(setting.choices ? { choices: setting.choices } : {}),
      },
    ]),
  );
}

/** The settings that were written as flags, and the agent type as a word of its own. */
export function collectFlags(args: ParsedArguments, agent: string | undefined): FlagValues {
  const flags: Partial<Record<SettingName, readonly string[]>> = {};
  for (const { name, flag, kind } of FLAGS) {
    if (kind === 'list') {
      const items = args.list(flag);
      if (items.length > 0) flags[name] = items;
    } else if (kind === 'switch') {
      const on = args.flag(flag);
      if (on !== undefined) flags[name] = [on ? '1' : '0'];
    } else {
      const text = args.string(flag);
      if (text !== undefined) flags[name] = [text];
    }
  }
  if (agent !== undefined) flags.agent = [agent];
  return flags;
}
