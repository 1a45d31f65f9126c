import { buildBriefReporterLine, buildReporterLine, HOOK_TIMEOUT } from '../reporter-line.ts';
import type { LaunchFile } from '../types.ts';

export const PLUGIN_FOLDER = 'claude-reporter';
export const HOOKS_FILE = `${PLUGIN_FOLDER}/hooks/hooks.json`;

const FULL = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'PreToolUse',
  'PermissionRequest',
  'Stop',
  'StopFailure',
  'Elicitation',
];
const BRIEF = ['PostToolUse', 'PostToolUseFailure', 'PermissionDenied', 'ElicitationResult'];

/**
 * A plugin of hooks only, for `--plugin-dir`, whose hook file is a settings file too, for `--settings` (tried with
 * Claude Code 2.1.197).
 */
export function buildReporterPlugin(): readonly LaunchFile[] {
  const hooks = Object.fromEntries([
    ...FULL.map((event) => [event, [buildHook(buildReporterLine('claude'))]]),
    ...BRIEF.map((event) => [event, [buildHook(buildBriefReporterLine('claude'))]]),
  ]);
  const manifest = { name: 'adr-reporter', version: '1.0.0', description: 'Tells adr what this agent does.' };
  return [
    { path: `${PLUGIN_FOLDER}/.claude-plugin/plugin.json`, content: JSON.stringify(manifest) },
    { path: HOOKS_FILE, content: JSON.stringify({ hooks }) },
  ];
}

function buildHook(command: string): unknown {
  return { hooks: [{ type: 'command', command, timeout: HOOK_TIMEOUT }] };
}
