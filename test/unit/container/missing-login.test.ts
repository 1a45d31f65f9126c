import { expect, test } from 'vitest';
import { claude } from '../../../src/agents/claude/claude.ts';
import { codex } from '../../../src/agents/codex/codex.ts';
import { opencode } from '../../../src/agents/opencode/opencode.ts';
import { pi } from '../../../src/agents/pi/pi.ts';
import { findMissingLogin, type LoginFacts } from '../../../src/container/missing-login.ts';

const NOTHING: LoginFacts = {
  type: claude,
  env: { HOME: '/home/me', OPENAI_API_KEY: 'for another' },
  config: [],
  imageVariables: ['PATH', 'NODE_VERSION'],
  gaveMore: false,
  mountTargets: ['/reference'],
  workspaceConfigures: false,
};

const file = (path: string, text: string) => ({ path, content: Buffer.from(text), executable: false });

test.each([
  ['nothing at all', {}],
  ['only a theme', { config: [file('.claude/settings.json', '{"theme":"dark"}')] }],
  ['a login that was ended', { config: [file('.claude/.credentials.json', ' {} \n')] }],
  ['instructions', { config: [file('.claude/CLAUDE.md', 'the API key is in the vault')] }],
  [
    'pi with a provider it knows',
    { type: pi, env: {}, config: [file('.pi/agent/settings.json', '{"defaultProvider":"x"}')] },
  ],
  ['codex with a model', { type: codex, env: {}, config: [file('.codex/config.toml', 'model = "gpt-5"')] }],
] satisfies [string, Partial<LoginFacts>][])('certainly not: %s', (_, facts) => {
  expect(findMissingLogin({ ...NOTHING, ...facts })).toMatchObject({ code: 'AUTH_REQUIRED', exitCode: 4 });
});

test.each([
  ['its key in the environment', { env: { ANTHROPIC_API_KEY: 'k' } }],
  ['a gateway in the environment', { env: { ANTHROPIC_BASE_URL: 'http://gateway' } }],
  ['a login file', { config: [file('.claude/.credentials.json', '{"claudeAiOauth":{}}')] }],
  ['a key in its settings', { config: [file('.claude/settings.json', '{"env":{"A":"b"}}')] }],
  ['a helper', { config: [file('.claude/settings.json', '{"apiKeyHelper":"x"}')] }],
  ['a key kept by an older version', { config: [file('.claude.json', '{"primaryApiKey":"k"}')] }],
  ['models of its own', { type: pi, env: {}, config: [file('.pi/agent/models.json', '{"providers":{}}')] }],
  ['an extension', { type: pi, env: {}, config: [file('.pi/agent/extensions/x.ts', 'export default 1')] }],
  [
    'a local provider',
    { type: codex, env: {}, config: [file('.codex/config.toml', 'model_provider = "ollama"')] },
  ],
  ['variables of the image', { imageVariables: ['PATH', 'ANTHROPIC_AUTH_TOKEN'] }],
  ['a mount into its home', { mountTargets: ['/home/node/.aws'] }],
  ['a mount around its home', { mountTargets: ['/home'] }],
  ['something adr does not look into', { gaveMore: true }],
  ['settings in the workspace', { workspaceConfigures: true }],
  ['an agent with free models', { type: opencode, env: {} }],
] satisfies [string, Partial<LoginFacts>][])('run it: %s', (_, facts) => {
  expect(findMissingLogin({ ...NOTHING, ...facts })).toBeUndefined();
});
