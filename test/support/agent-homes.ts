import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The agents that talk to the mock model. */
export const agentTypes = ['pi', 'opencode', 'claude', 'codex'] as const;
export type AgentType = (typeof agentTypes)[number];

/** The key that stands in all the files: a test can look for it where it must not be. */
export const mockKey = 'sk-ant-mock-0123456789-abcdefghijklmnopqrstuvwxyz';

/**
 * Fills `home` with the configuration files a user of the four agents would have, all pointing to
 * the mock model: `url` gives the base URL for an agent, see ModelServer.url. Nothing in them knows
 * the workspace: trust and onboarding there are what adr has to answer.
 */
export async function writeAgentHomes(home: string, url: (agent: AgentType) => string): Promise<void> {
  const files: Record<string, string> = {
    '.pi/agent/settings.json': pretty({ defaultProvider: 'mock', defaultModel: 'mock-model' }),
    '.pi/agent/models.json': pretty({
      providers: {
        mock: {
          baseUrl: `${url('pi')}/v1`,
          api: 'openai-completions',
          apiKey: mockKey,
          models: [{ id: 'mock-model' }],
        },
      },
    }),
    '.config/opencode/opencode.json': pretty({
      $schema: 'https://opencode.ai/config.json',
      model: 'mock/mock-model',
      small_model: 'mock/mock-small',
      provider: {
        mock: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Mock',
          options: { baseURL: `${url('opencode')}/v1`, apiKey: mockKey },
          models: { 'mock-model': { name: 'Mock model' }, 'mock-small': { name: 'Mock small' } },
        },
      },
    }),
    '.claude/settings.json': pretty({
      env: { ANTHROPIC_BASE_URL: url('claude'), ANTHROPIC_API_KEY: mockKey },
    }),
    '.claude.json': pretty({
      hasCompletedOnboarding: true,
      customApiKeyResponses: { approved: [mockKey, mockKey.slice(-20)], rejected: [] },
    }),
    '.codex/config.toml': [
      'model = "mock-model"',
      'model_provider = "mock"',
      '',
      '[model_providers.mock]',
      'name = "Mock"',
      `base_url = "${url('codex')}/v1"`,
      'wire_api = "responses"',
      `experimental_bearer_token = "${mockKey}"`,
      '',
    ].join('\n'),
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(home, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode: 0o600 });
  }
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
