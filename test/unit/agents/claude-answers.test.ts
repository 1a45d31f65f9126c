import { expect, test } from 'vitest';
import { claude } from '../../../src/agents/claude/claude.ts';
import type { LaunchRequest } from '../../../src/agents/types.ts';
import { makeRequest } from './request.ts';

const key = 'sk-ant-0123456789-abcdefghijklmnopqrstuvwxyz';

function answer(
  files: Record<string, unknown>,
  changes: Partial<LaunchRequest> = {},
): Record<string, unknown> {
  const config = new Map(Object.entries(files).map(([path, value]) => [path, JSON.stringify(value)]));
  const launch = claude.prepareLaunch(makeRequest({ config, ...changes }));
  return Object.fromEntries(launch.config.map((file) => [file.path, JSON.parse(file.content)]));
}

test('a user without any file starts without a dialog', () => {
  expect(answer({})).toEqual({
    '.claude.json': {
      theme: 'dark',
      hasCompletedOnboarding: true,
      projects: { '/workspace': { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
    },
    '.claude/settings.json': { skipDangerousModePermissionPrompt: true },
  });
});

test('other projects stay outside, all else goes in', () => {
  const state = {
    theme: 'light',
    userID: 'u',
    projects: { '/home/me/secret': { mcpServers: { x: { env: { TOKEN: 't' } } } } },
  };
  const files = answer({ '.claude.json': state, '.claude/settings.json': { model: 'haiku' } });
  expect(files['.claude.json']).toMatchObject({ theme: 'light', userID: 'u' });
  expect(JSON.stringify(files)).not.toContain('secret');
  expect(files['.claude/settings.json']).toEqual({ model: 'haiku', skipDangerousModePermissionPrompt: true });
});

test('the API key is approved in both forms, wherever it comes from', () => {
  const tail = key.slice(-20);
  const approved = { approved: ['older', key, tail], rejected: [] };
  const state = { customApiKeyResponses: { approved: ['older'], rejected: [tail] } };
  const fromSettings = {
    '.claude.json': state,
    '.claude/settings.json': { env: { ANTHROPIC_API_KEY: key } },
  };
  expect(answer(fromSettings)['.claude.json']).toMatchObject({ customApiKeyResponses: approved });
  const fromEnv = answer({ '.claude.json': state }, { env: { ANTHROPIC_API_KEY: key } });
  expect(fromEnv['.claude.json']).toMatchObject({ customApiKeyResponses: approved });
});

test('where the agent asks, its settings stay as they are', () => {
  expect(answer({ '.claude/settings.json': { model: 'haiku' } }, { approvals: 'ask' })).not.toHaveProperty([
    '.claude/settings.json',
  ]);
});

test('a file that is no JSON is an error with a hint', () => {
  const config = new Map([['.claude.json', '{broken']]);
  expect(() => claude.prepareLaunch(makeRequest({ config }))).toThrow('"~/.claude.json" is not valid JSON');
});
