import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testTag } from '../support/images.ts';
import { ensureBuilt, makeScratch, runProgram } from '../support/program.ts';
import { startTokenServer, type TokenServer } from '../support/token-server.ts';

let scratch: ReturnType<typeof makeScratch>;
let server: TokenServer;

beforeEach(async () => {
  await ensureBuilt();
  scratch = makeScratch('logins');
  mkdirSync(join(scratch.path, 'work'));
  server = await startTokenServer(scratch.path);
});

afterEach(async () => {
  await server.close();
  scratch.remove();
});

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(scratch.path, path)), { recursive: true });
  writeFileSync(join(scratch.path, path), text, { mode: 0o600 });
};

/** A login that ran out long ago, and what leads the agent's own program to the fake servers. */
const AGENTS = {
  codex: {
    login: '.codex/auth.json',
    prepare: () => {
      const jwt = server.makeJwt(1000);
      const tokens = { id_token: jwt, access_token: jwt, refresh_token: 'r1', account_id: 'account' };
      const login = {
        auth_mode: 'chatgpt',
        OPENAI_API_KEY: null,
        tokens,
        last_refresh: '2020-01-01T00:00:00Z',
      };
      write('.codex/auth.json', JSON.stringify(login));
      const provider = [
        'model = "mock-model"\nmodel_provider = "mock"\n[model_providers.mock]\nname = "Mock"',
        `base_url = "${server.apiUrl}/v1"\nwire_api = "responses"\nrequires_openai_auth = true`,
        'request_max_retries = 0\nstream_max_retries = 0\n',
      ];
      write('.codex/config.toml', provider.join('\n'));
      return { CODEX_REFRESH_TOKEN_URL_OVERRIDE: server.tokenUrl };
    },
  },
  claude: {
    login: '.claude/.credentials.json',
    prepare: () => {
      const scopes = ['user:inference', 'user:profile'];
      const oauth = { accessToken: server.makeJwt(1000), refreshToken: 'r1', expiresAt: 1000, scopes };
      write(
        '.claude/.credentials.json',
        JSON.stringify({ claudeAiOauth: { ...oauth, subscriptionType: 'max' } }),
      );
      write('.claude.json', '{"hasCompletedOnboarding":true}');
      copyFileSync(server.certificate, join(scratch.path, 'work', 'certificate.pem'));
      return { HTTPS_PROXY: server.proxyUrl, NODE_EXTRA_CA_CERTS: '/workspace/certificate.pem' };
    },
  },
} as const;

test.each(['codex', 'claude'] as const)(
  'two containers in which the real %s renews one login leave one that counts',
  async (type) => {
    const { login, prepare } = AGENTS[type];
    const variables = Object.entries(prepare()).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const run = (name: string, ...options: readonly string[]) =>
      runProgram(
        'adr',
        ['run', type, '--tag', testTag, '--name', name, '--prompt', 'hi', ...variables, ...options],
        {
          env: { HOME: scratch.path, XDG_STATE_HOME: '', XDG_CONFIG_HOME: '' },
          cwd: join(scratch.path, 'work'),
        },
      );

    const ends = await Promise.all([run('one'), run('two', '--read-only')]);

    const { exchanged, refused, token } = server.state;
    const said = ends.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect([exchanged > 0, refused], said).toEqual([true, 0]);
    // What the last one got is what the user's own agent finds, whole.
    const own = readFileSync(join(scratch.path, login), 'utf8');
    expect(JSON.stringify(JSON.parse(own))).toContain(`"${token}"`);
    expect(statSync(join(scratch.path, login)).mode & 0o777).toBe(0o600);
    expect([...server.seen].some((access) => own.includes(access))).toBe(true);
    // The next one has nothing to renew.
    await run('three');
    expect(server.state).toEqual({ exchanged, refused: 0, token });
  },
);
