import { expect, test } from 'vitest';
import { buildHookOptions, hashHook } from '../../../src/agents/codex/hooks.ts';

test('the hash is the one that codex 0.169.0 computed for the same hook', () => {
  expect(hashHook({ event: 'Stop', command: 'true', timeout: 600 })).toBe(
    'sha256:2ba34c7a02841fada06b868a093d041fd3d9de81883c789a321916b0aa118851',
  );
  expect(hashHook({ event: 'UserPromptSubmit', command: 'exec true', timeout: 600 })).toBe(
    'sha256:18f4b63ed33482f659fceeb17f4d071e95de6a55917c74ba6df44ba20e466630',
  );
  expect(hashHook({ event: 'SessionEnd', command: 'exec true', timeout: 1 })).toBe(
    'sha256:5bf84644dd111a3f5cc688e457382e50c7a7c79dd34bc53e54f322dfe795c7f7',
  );
});

test('one option an event and one that trusts them all', () => {
  const options = buildHookOptions();
  expect(options.filter((_, index) => index % 2 === 0).every((option) => option === '-c')).toBe(true);
  const values = options.filter((_, index) => index % 2 === 1);
  expect(values.map((value) => value.slice(0, value.indexOf('=')))).toEqual([
    ...[
      'SessionStart',
      'UserPromptSubmit',
      'PreToolUse',
      'PermissionRequest',
      'PostToolUse',
      'PreCompact',
    ].map((event) => `hooks.${event}`),
    ...['hooks.PostCompact', 'hooks.PostModelRequest', 'hooks.Stop', 'hooks.Interrupt', 'hooks.SessionEnd'],
    'hooks.state',
  ]);
  expect(values.at(-1)).toContain(
    '"/<session-flags>/config.toml:user_prompt_submit:0:0"={trusted_hash="sha256:',
  );
});
