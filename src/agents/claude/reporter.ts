import { buildBriefReporterLine, buildReporterLine, HOOK_TIMEOUT } from '../reporter-line.ts';
import type { LaunchFile } from '../types.ts';
import { USAGE_SCRIPT } from './usage-script.ts';

export const PLUGIN_FOLDER = 'claude-reporter';
export const HOOKS_FILE = `${PLUGIN_FOLDER}/hooks/hooks.json`;
const USAGE_FILE = `${PLUGIN_FOLDER}/usage.sh`;

/** Not PreCompact and PostCompact: claude prints the command of each such hook into the conversation. */
const FULL = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'PreToolUse',
  'PermissionRequest',
  'Notification',
  'Stop',
  'StopFailure',
  'Elicitation',
];
const BRIEF = ['PostToolUse', 'PostToolUseFailure', 'PermissionDenied', 'ElicitationResult'];
const WITH_USAGE = ['PostToolBatch', 'Stop'];

/**
 * A plugin of hooks only, for `--plugin-dir`, whose hook file is a settings file too, for `--settings` (tried with
 * Claude Code 2.1.197). `assets`: the directory its files will stand in, as the agent sees it.
 */
export function buildReporterPlugin(assets: string): readonly LaunchFile[] {
  const hooks = new Map<string, readonly unknown[]>();
  const add = (events: readonly string[], command: string) => {
    for (const event of events) hooks.set(event, [...(hooks.get(event) ?? []), buildHook(command)]);
  };
  add(FULL, buildReporterLine('claude'));
  add(BRIEF, buildBriefReporterLine('claude'));
  add(WITH_USAGE, `exec sh ${quote(`${assets}/${USAGE_FILE}`)}`);
  const manifest = { name: 'adr-reporter', version: '1.0.0', description: 'Tells adr what this agent does.' };
  return [
    { path: `${PLUGIN_FOLDER}/.claude-plugin/plugin.json`, content: JSON.stringify(manifest) },
    { path: HOOKS_FILE, content: JSON.stringify({ hooks: Object.fromEntries(hooks) }) },
    { path: USAGE_FILE, content: USAGE_SCRIPT },
  ];
}

/** One word for any shell, fish's too. */
function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

function buildHook(command: string): unknown {
  return { hooks: [{ type: 'command', command, timeout: HOOK_TIMEOUT }] };
}
