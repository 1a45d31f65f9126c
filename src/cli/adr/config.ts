import { type ConfigRequest, findConfigKey, getConfig, showConfig } from '../../commands/adr/config.ts';
import {
  type ConfigEdit,
  type EditRequest,
  setConfig,
  unsetConfig,
  type WrittenKey,
} from '../../commands/adr/config-edit.ts';
import { maskSecret } from '../../config/guarded-lines.ts';
import { AdrError } from '../../errors.ts';
import { suggestName } from '../../suggest.ts';
import { escapeHidden } from '../../system/escape-hidden.ts';
import { abbreviateHome, type Environment } from '../../system/paths.ts';
import type { CommandContext } from '../command.ts';
import { formatConfig, toJson } from './config-format.ts';

/** `adr config [show]`. */
export async function runConfigShow(context: CommandContext): Promise<number> {
  const { args, env, stdout, stderr } = context;
  const only = await Promise.all(args.list('key').map((key) => findShownKey(env, key)));
  const view = await showConfig(readRequest(context));
  for (const warning of view.warnings) stderr.write(`warning: ${escapeHidden(warning)}\n`);
  const settings = view.settings.filter(({ key }) => only.length === 0 || only.includes(key));
  if (args.flag('json')) {
    const project = view.project ?? null;
    stdout.write(`${JSON.stringify({ v: 1, project, settings: settings.map(toJson) }, null, 2)}\n`);
  } else stdout.write(formatConfig(settings, env));
  const untrusted = settings.some(({ ignored }) => ignored.length > 0);
  if (untrusted) stderr.write('note: what is untrusted does not count until: adr trust\n');
  return 0;
}

/** `adr config get`. */
export async function runConfigGet(context: CommandContext): Promise<number> {
  const { args, env, stdout, stderr } = context;
  const shown = await getConfig(readRequest(context), args.string('key') ?? '');
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ...toJson(shown) })}\n`);
  else for (const { text } of shown.values) stdout.write(`${text}\n`);
  for (const { source } of shown.ignored) {
    stderr.write(`note: ${abbreviateHome(source, env)} does not count until: adr trust\n`);
  }
  return 0;
}

/** `adr config set`. */
export async function runConfigSet(context: CommandContext): Promise<number> {
  const { args, env, stdout } = context;
  const edit = await setConfig(readEditRequest(context), args.list('assignment'));
  const place = abbreviateHome(edit.path, env);
  for (const key of edit.keys) stdout.write(`${describeSet(key)} in ${place}\n`);
  for (const path of edit.elsewhere) {
    context.stderr.write(`note: ${JSON.stringify(path)} starts at the directory of ${place}\n`);
  }
  noteTrust(edit, context);
  return 0;
}

/** `adr config unset`. */
export async function runConfigUnset(context: CommandContext): Promise<number> {
  const { args, env, stdout } = context;
  const { path, keys } = await unsetConfig(readEditRequest(context), args.list('key'));
  const place = abbreviateHome(path, env);
  for (const { key, removed } of keys) {
    stdout.write(removed > 0 ? `Removed ${key} from ${place}\n` : `${key} is not set in ${place}\n`);
  }
  return 0;
}

/** A wrong word after `config` may be a mistyped command. */
async function findShownKey(env: Environment, word: string): Promise<string> {
  try {
    return (await findConfigKey(env, word)).key;
  } catch (error) {
    const command = suggestName(word, ['show', 'get', 'set', 'unset']);
    if (command === undefined || !(error instanceof AdrError)) throw error;
    throw new AdrError('USAGE', error.message, { hint: `did you mean: adr config ${command}` });
  }
}

function describeSet({ key, setting, items }: WrittenKey): string {
  if (items.length === 0) return `Reset ${key}`;
  const shown = setting.name === 'env' ? items.map(maskSecret) : items;
  if (setting.kind !== 'list') return `Set ${key}=${shown.join(' ')}`;
  return `Added ${shown.map((item) => JSON.stringify(item)).join(' and ')} to ${key}`;
}

function noteTrust(edit: ConfigEdit, { args, stderr }: CommandContext): void {
  if (!edit.needsTrust) return;
  const directory = args.string('workspace');
  stderr.write(
    `note: a project's file is trusted by its content; look at it and: adr trust${directory ? ` ${directory}` : ''}\n`,
  );
}

function readRequest({ args, env }: CommandContext): ConfigRequest {
  return { env, cwd: process.cwd(), workspace: args.string('workspace') };
}

function readEditRequest(context: CommandContext): EditRequest {
  return { ...readRequest(context), project: context.args.flag('project') ?? false };
}
