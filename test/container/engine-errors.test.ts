import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testBase, testTag } from '../support/images.ts';
import { ensureBuilt, runProgram } from '../support/program.ts';
import { buildFakeImage, fakeImage, listContainers, User } from './support.ts';

// IMAGE_NOT_FOUND, SOCKET_ERROR, NETWORK_ERROR, TIMEOUT and the lack of memory stand in run.test.ts and
// options.test.ts, CONFIG_UNTRUSTED in trust.test.ts.

let user: User;

beforeAll(async () => {
  await ensureBuilt();
  await buildFakeImage();
});

beforeEach(async () => {
  user = await User.create();
});

afterEach(() => user.remove());

interface Failure {
  readonly code: number | undefined;
  readonly error: unknown;
}

/** `adr run TYPE --prompt x --output json`: its exit code, and what the one JSON object on stdout says. */
async function fail(
  type: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Failure> {
  const { stdout, stderr, exitCode } = await user.start(
    ['run', type, '--prompt', 'x', '--output', 'json', ...args],
    env,
  );
  expect(stderr).not.toMatch(/^error|^ {4}at /m);
  const body = JSON.parse(stdout) as { readonly v: number; readonly error: { readonly hint?: string } };
  expect(body.v).toBe(1);
  expect(body.error.hint).toBeTruthy();
  expect(await listContainers(user.workspace)).toEqual([]);
  return { code: exitCode, error: body.error };
}

async function writeHome(path: string, text: string): Promise<void> {
  const file = join(user.env.HOME ?? '', path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
}

test("NAME_CONFLICT: another's container of the name is said and left alone", async () => {
  const run = Date.now().toString(16).padStart(12, '0').slice(-12);
  const name = `adr-pi-${run}`;
  await execa('docker', ['create', '--name', name, fakeImage]);
  try {
    expect(await fail('pi', ['--image', fakeImage], { ADR_RUN_ID: run })).toMatchObject({
      code: 125,
      error: { code: 'NAME_CONFLICT', message: `a container named "${name}" exists already` },
    });
    const { stdout } = await execa('docker', ['inspect', '--format', '{{.State.Status}}', name]);
    expect(stdout).toBe('created');
  } finally {
    await execa('docker', ['rm', '--force', name], { reject: false });
  }
});

test.each([[[]], [['--read-only']]])('AGENT_NOT_IN_IMAGE: a bare system %j', async (more) => {
  expect(await fail('claude', ['--image', testBase, ...more])).toMatchObject({
    code: 125,
    error: {
      code: 'AGENT_NOT_IN_IMAGE',
      message: `the image "${testBase}" has no program "claude"`,
      hint: 'build an image with it: adr build claude --base IMAGE',
    },
  });
});

describe('CONFIG_INVALID, before any container', () => {
  test.each(['.claude.json', '.claude/settings.json'])('a broken ~/%s', async (path) => {
    await writeHome(path, '{"env": {');
    const args = ['--tag', testTag, '-e', 'ANTHROPIC_API_KEY=x'];
    expect(await fail('claude', args)).toMatchObject({
      code: 2,
      error: { code: 'CONFIG_INVALID', message: `"~/${path}" is not valid JSON` },
    });
  });

  test.each([
    ['--memory', '1m'],
    ['--cpus', '0.001'],
    ['--pids-limit', '-1'],
    ['--pids-limit', '1'],
  ])('a limit that the engine would reject: %s %s', async (flag, value) => {
    expect(await fail('pi', ['--image', fakeImage, `${flag}=${value}`])).toMatchObject({
      code: 2,
      error: { code: 'CONFIG_INVALID', message: expect.stringContaining(`"${value}"`) },
    });
  });
});

test('TIMEOUT: after what the agent printed, the last line of stdout says so', async () => {
  const script = 'echo "{}"; exec sleep 600';
  const { stdout, exitCode } = await user.startAgent(script, ['--timeout', '5s', '--output', 'json']);
  expect(exitCode).toBe(124);
  const [printed, said, ...more] = stdout.split('\n');
  expect([printed, more]).toEqual(['{}', []]);
  expect(JSON.parse(said ?? '')).toMatchObject({
    v: 1,
    error: { code: 'TIMEOUT', hint: 'give it more with --timeout' },
  });
});

test('RESOURCE_LIMIT: killed for memory, after what the agent printed, with the code it had', async () => {
  const script = 'echo "{}"; exec dd if=/dev/zero of=/dev/null bs=200M count=1';
  const run = await user.startAgent(script, ['--memory', '64m', '--output', 'json']);
  expect(run.exitCode).toBe(137);
  const [printed, said, ...more] = run.stdout.split('\n');
  expect([printed, more]).toEqual(['{}', []]);
  expect(JSON.parse(said ?? '')).toMatchObject({
    v: 1,
    error: {
      code: 'RESOURCE_LIMIT',
      message: expect.stringContaining('the limit is 64m'),
      hint: 'raise it with --memory',
    },
  });
});

test('the least limits let an agent run', async () => {
  const limits = ['--memory', '6m', '--pids-limit', '16', '--cpus', '0.01', '--timeout', '60s'];
  const { exitCode, stderr } = await user.startAgent('exec true', limits);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('an agent type that is not there: 125 from run, 3 from every other command, in the same words', async () => {
  const said = { code: 'AGENT_TYPE_UNKNOWN', message: 'unknown agent type "cluade"' };
  expect(await fail('cluade', [])).toMatchObject({ code: 125, error: said });
  const build = await user.start(['build', 'cluade']);
  const start = await runProgram('adr-tmux', ['start', 'x', '--agent', 'cluade', '--json'], {
    env: user.env,
  });
  expect([build.exitCode, start.code]).toEqual([3, 3]);
  expect(build.stderr).toContain(said.message);
  expect(JSON.parse(start.stdout)).toMatchObject({ error: said });
});

test('limits larger than the machine are clamped to it, so that the engine takes them', async () => {
  const result = await user.startAgent('echo ran', ['--memory', '9000g', '--cpus', '9000']);
  expect(result).toMatchObject({ exitCode: 0, stdout: 'ran' });
  expect(result.stderr).toMatch(
    /^warning: --memory: the engine's machine has \d+m of memory: that is the limit$/m,
  );
});

describe('AUTH_REQUIRED', () => {
  const LOGINS = [
    ['pi', 'pi, then /login', 'ANTHROPIC_API_KEY'],
    ['claude', 'claude /login', 'ANTHROPIC_API_KEY'],
    ['codex', 'codex login', 'CODEX_API_KEY'],
  ] as const;

  test.each(LOGINS)('%s with nothing to log in with', async (type, command, key) => {
    await writeHome('.pi/agent/settings.json', '{"defaultProvider":"anthropic","theme":"dark"}');
    await writeHome('.pi/agent/auth.json', '{}\n');
    await writeHome('.claude.json', '{"hasCompletedOnboarding":true}');
    await writeHome('.codex/config.toml', 'model = "gpt-5-codex"\n');
    expect(await fail(type, ['--tag', testTag])).toMatchObject({
      code: 125,
      error: {
        code: 'AUTH_REQUIRED',
        message: expect.stringContaining('nothing to log in with'),
        hint: `log in on this host: ${command}; or export ${key}`,
      },
    });
  });

  test('for a person: two lines; an interactive run is warned only, a dry run shows its plan', async () => {
    const args = ['run', 'claude', '--tag', testTag];
    const { stderr, exitCode } = await user.start([...args, '--prompt', 'x']);
    expect(exitCode).toBe(125);
    expect(stderr).toBe(
      'error: Claude Code has nothing to log in with: no login, no API key\n' +
        '  log in on this host: claude /login; or export ANTHROPIC_API_KEY',
    );
    const dry = await user.start([...args, '--prompt', 'x', '--dry-run']);
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' });
    const interactive = await user.startOnTerminal([...args, '--dry-run']);
    expect(interactive.exitCode).toBe(0);
    expect(interactive.stdout).toContain('warning: Claude Code has nothing to log in with');
  });

  test('a login in a folder that is a link out of HOME counts: it is shared with the container', async () => {
    const secrets = join(user.root, 'secrets');
    const login = '{"claudeAiOauth":{"accessToken":"sk-ant-oat01-expired","expiresAt":1}}';
    await mkdir(secrets);
    await writeFile(join(secrets, '.credentials.json'), login);
    await symlink(secrets, join(user.root, 'home/.claude'));
    const args = ['run', 'claude', '--tag', testTag, '--prompt', 'x', '--timeout', '5s'];
    const { exitCode, stderr } = await user.start(args);
    // The agent ran, and what it made of the login is its own.
    expect(exitCode).not.toBe(125);
    expect(stderr).not.toContain('nothing to log in with');
  });
});
