import { createHash } from 'node:crypto';
import {
  buildBriefReporterLine,
  buildReporterLine,
  buildUsageReporterLine,
  HOOK_TIMEOUT,
} from '../reporter-line.ts';

interface Hook {
  readonly event: string;
  readonly command: string;
  readonly timeout: number;
}

/** Where codex files hooks that came by `-c`. */
const SOURCE = '/<session-flags>/config.toml';

/** codex cuts the time of these two to 3 s and hashes what is left. */
const LAST_WORDS_TIMEOUT = 3;

const full = buildReporterLine('codex');
const brief = buildBriefReporterLine('codex');
const withUsage = buildUsageReporterLine('codex');

const HOOKS: readonly Hook[] = [
  { event: 'SessionStart', command: full, timeout: HOOK_TIMEOUT },
  { event: 'UserPromptSubmit', command: full, timeout: HOOK_TIMEOUT },
  { event: 'PreToolUse', command: full, timeout: HOOK_TIMEOUT },
  { event: 'PermissionRequest', command: full, timeout: HOOK_TIMEOUT },
  { event: 'PostToolUse', command: brief, timeout: HOOK_TIMEOUT },
  { event: 'PreCompact', command: full, timeout: HOOK_TIMEOUT },
  { event: 'PostCompact', command: full, timeout: HOOK_TIMEOUT },
  { event: 'PostModelRequest', command: withUsage, timeout: HOOK_TIMEOUT },
  { event: 'Stop', command: withUsage, timeout: HOOK_TIMEOUT },
  { event: 'Interrupt', command: full, timeout: LAST_WORDS_TIMEOUT },
  { event: 'SessionEnd', command: full, timeout: LAST_WORDS_TIMEOUT },
];

/**
 * `-c` options that load the reporter and say that exactly these hooks are trusted, so that hooks of the
 * project stay unreviewed and the user's own go on (codex 0.169.0).
 */
export function buildHookOptions(): readonly string[] {
  const states = HOOKS.map(
    (hook) => `${quote(buildHookKey(hook.event))}={trusted_hash=${quote(hashHook(hook))}}`,
  );
  return [
    ...HOOKS.flatMap((hook) => ['-c', buildHookOption(hook)]),
    '-c',
    `hooks.state={${states.join(',')}}`,
  ];
}

/**
 * The hash by which codex 0.169.0 knows a command hook: SHA-256 of the canonical JSON (keys sorted) of its
 * event and its only handler. `codex app-server` answers `hooks/list` with the same.
 */
export function hashHook(hook: Hook): string {
  const identity = {
    event_name: toSnakeCase(hook.event),
    hooks: [{ async: false, command: hook.command, timeout: hook.timeout, type: 'command' }],
  };
  return `sha256:${createHash('sha256').update(JSON.stringify(identity)).digest('hex')}`;
}

function buildHookKey(event: string): string {
  return `${SOURCE}:${toSnakeCase(event)}:0:0`;
}

function buildHookOption(hook: Hook): string {
  const handler = `{type="command",command=${quote(hook.command)},timeout=${hook.timeout}}`;
  return `hooks.${hook.event}=[{hooks=[${handler}]}]`;
}

function toSnakeCase(event: string): string {
  return event.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase();
}

/** A basic string of TOML: JSON's escapes are a subset of its. */
function quote(text: string): string {
  return JSON.stringify(text);
}
