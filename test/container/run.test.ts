import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildFakeImage, fakeImage, listContainers, User, waitUntil } from './support.ts';

let user: User;

beforeAll(buildFakeImage);
beforeEach(async () => {
  user = await User.create();
});
afterEach(async () => {
  expect(await listContainers(user.workspace)).toEqual([]);
  await user.remove();
});

async function listRunFiles(): Promise<readonly string[]> {
  return readdir(join(user.root, 'state', 'adr', 'runs')).catch(() => []);
}

describe('what the agent finds', () => {
  test('is the hardened profile', async () => {
    const script = [
      'grep -E "^(CapPrm|CapEff|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status',
      'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null',
      'cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null',
      'cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null',
      'tr "\\0" " " < /proc/1/cmdline; echo',
      'pwd; echo $TERM $COLORTERM $LANG $HOME; stat -c "%a %u" /home/node /run/adr',
    ].join('; ');
    const { stdout, exitCode } = await user.startAgent(script, [
      '--memory',
      '256m',
      '--cpus',
      '0.5',
      '--pids-limit',
      '99',
    ]);
    expect(exitCode).toBe(0);
    const uid = process.getuid?.();
    expect(stdout.split('\n')).toEqual([
      'CapPrm:\t0000000000000000',
      'CapEff:\t0000000000000000',
      'CapBnd:\t0000000000000000',
      'NoNewPrivs:\t1',
      expect.stringMatching(/^Seccomp:/),
      '268435456',
      '99',
      expect.stringMatching(/^50000/),
      expect.stringContaining('init'),
      '/workspace',
      'xterm-256color truecolor C.UTF-8 /home/node',
      `700 ${uid}`,
      `700 ${uid}`,
    ]);
  });

  test.each([0, 1234])('uid %i has a name, a home, the workspace and its reports', async (uid) => {
    if (process.getuid?.() !== 0) throw new Error('this test needs root to give a workspace to another uid');
    await chown(user.workspace, uid, uid);
    const script = [
      'id -u',
      'node -p "os.userInfo().homedir"',
      'touch /workspace/made ~/made /run/adr/reports && stat -c %u /workspace/made',
      'git init -q . && git status --short',
    ].join(' && ');
    const { stdout, stderr, exitCode } = await user.startAgent(script, ['--user', `${uid}`]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toBe([uid, '/home/node', uid, '?? made'].join('\n'));
    await chown(user.workspace, 0, 0);
  });

  test('only the allow-listed configuration, 0600, and the prompt on stdin', async () => {
    const folder = join(user.root, 'home', '.pi', 'agent');
    await mkdir(join(folder, 'sessions'), { recursive: true });
    await writeFile(join(folder, 'settings.json'), '{"defaultModel":"x"}');
    await writeFile(join(folder, 'sessions', 'secret.jsonl'), 'secret');
    const { stdout } = await user.startAgent('cd ~/.pi && find . -type f | xargs stat -c "%n %a %u"; cat');
    expect(stdout).toBe(`./agent/settings.json 600 ${process.getuid?.()}\nhello`);
  });

  test('variables, while none of their values stands in argv, on stdout or in a file of the run', async () => {
    const secret = 'sk-secret-0123456789';
    const run = user.start(
      [
        'run',
        'pi',
        '--image',
        fakeImage,
        '--prompt',
        'x',
        '-e',
        'MINE',
        '-e',
        'PATH=/usr/local/bin:/usr/bin:/bin:/mine',
        '-e',
        'TRY=echo "$MINE $OPENAI_API_KEY $PATH" > /workspace/seen; sleep 2',
      ],
      { MINE: secret, OPENAI_API_KEY: secret },
    );
    await waitUntil(async () => (await readdir(user.workspace)).includes('seen'));
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    for (const pid of pids) {
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).not.toContain(secret);
    }
    expect(JSON.stringify(await run)).not.toContain(`${secret} ${secret}`);
    expect(await readFile(join(user.workspace, 'seen'), 'utf8')).toBe(
      `${secret} ${secret} /usr/local/bin:/usr/bin:/bin:/mine\n`,
    );
  });

  test.each(['with space', 'co:lon', 'com,ma', 'quo"te\'s', 'ünïcode 日本', 'a=b', '$HOME', 'tab\t'])(
    'its workspace at a path like %j',
    async (name) => {
      const workspace = join(user.workspace, name);
      await mkdir(workspace);
      const { exitCode, stderr } = await user.startAgent('echo here > made', ['-w', workspace]);
      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
      expect(await readFile(join(workspace, 'made'), 'utf8')).toBe('here\n');
      expect(await listContainers(workspace)).toEqual([]);
    },
  );

  test('mounts, read-only unless asked', async () => {
    const data = join(user.root, 'my data:1');
    await mkdir(data);
    const mounts = ['-m', `${data}:/data`, '-m', `${data}:/data-rw:rw`];
    const { stdout, exitCode } = await user.startAgent(
      'touch /data/x 2>/dev/null && echo bad; touch /data-rw/y && ls /data',
      mounts,
    );
    expect([stdout, exitCode]).toEqual(['y', 0]);
  });
});

describe('a run ends', () => {
  test('with the exit code of the agent, leaving nothing', async () => {
    expect((await user.startAgent('exit 7')).exitCode).toBe(7);
    expect(await listRunFiles()).toEqual([]);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('on %s, container and run directory gone', async (signal, code) => {
    const run = user.startAgent('trap "exit 0" TERM; while :; do sleep 0.1; done');
    await waitUntil(async () => (await listContainers(user.workspace)).length === 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    run.kill(signal);
    expect((await run).exitCode).toBe(code);
    expect(await listContainers(user.workspace)).toEqual([]);
    expect(await listRunFiles()).toEqual([]);
  });

  test('on SIGTERM at any early moment', async () => {
    for (const delay of [60, 120, 180, 240, 300]) {
      const run = user.startAgent('exec sleep 60');
      await new Promise((resolve) => setTimeout(resolve, delay));
      run.kill('SIGTERM');
      const { exitCode, signal } = await run;
      expect(exitCode ?? signal).toSatisfy((end: unknown) => end === 143 || end === 'SIGTERM');
      expect(await listContainers(user.workspace)).toEqual([]);
    }
  });

  test('when its parent was killed: by the next clean, and not before', async () => {
    const run = user.startAgent('exec sleep 600');
    await waitUntil(async () => (await listContainers(user.workspace)).length === 1);
    await user.start(['clean']);
    expect(await listContainers(user.workspace)).toHaveLength(1);
    const ended = new Promise((resolve) => run.once('exit', resolve));
    run.kill('SIGKILL');
    // Not its output: the engine's client holds that for as long as the container lives.
    await ended;
    expect((await user.start(['clean', '--json'])).exitCode).toBe(0);
    expect(await listContainers(user.workspace)).toEqual([]);
    expect(await listRunFiles()).toEqual([]);
  });

  test('when its terminal goes away', async () => {
    const run = user.startOnTerminal(['run', 'pi', '--image', fakeImage, '-e', 'TRY=exec sleep 600']);
    await waitUntil(async () => (await listContainers(user.workspace)).length === 1);
    await new Promise((resolve) => setTimeout(resolve, 700));
    run.kill('SIGKILL');
    await run;
    await waitUntil(async () => (await listContainers(user.workspace)).length === 0);
    await waitUntil(async () => (await listRunFiles()).length === 0);
  });

  test('after its time limit with 124', async () => {
    const { exitCode, stderr } = await user.startAgent('exec sleep 600', ['--timeout', '5s']);
    expect(exitCode).toBe(124);
    expect(stderr).toContain('Task terminated due to timeout (max 5s exceeded)');
  });

  test('for lack of memory, and says so', async () => {
    // Not node: the pages of a large program can keep a small limit busy without ever passing it.
    const script = 'exec dd if=/dev/zero of=/dev/null bs=200M count=1';
    const { exitCode, stderr } = await user.startAgent(script, ['--memory', '64m']);
    expect(exitCode).toBe(137);
    expect(stderr).toContain('RESOURCE_LIMIT');
    expect(stderr).toContain('the limit is 64m');
  });

  test('quietly when nobody reads its output any more', async () => {
    const run = user.startAgent('while :; do echo x; sleep 0.1; done', ['--network', 'none']);
    run.stdout.once('data', () => run.stdout.destroy());
    const { exitCode, stderr } = await run;
    expect(stderr).not.toContain('error');
    expect(exitCode).toBe(0);
    expect(await listContainers(user.workspace)).toEqual([]);
  });

  test('by adr stop from outside', async () => {
    const run = user.startAgent('exec sleep 600');
    await waitUntil(async () => (await listContainers(user.workspace)).length === 1);
    const { runs } = JSON.parse((await user.start(['ps', '--json'])).stdout) as {
      runs: { run: string; workspace: string }[];
    };
    const mine = runs.find(({ workspace }) => workspace === user.workspace);
    expect((await user.start(['stop', mine?.run ?? ''])).exitCode).toBe(0);
    expect((await run).exitCode).toBeGreaterThan(128);
  });

  test('on a terminal, with its size, its exit code and what it printed', async () => {
    const { stdout, exitCode } = await user.startOnTerminal([
      ...['run', 'pi', '--image', fakeImage, '-e', 'TRY=test -t 0 && echo "terminal $TERM"; exit 3'],
    ]);
    expect(stdout).toContain('terminal xterm-256color');
    expect(exitCode).toBe(3);
  });
});

describe('an engine failure is one line, a hint and 125', () => {
  async function fail(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const { stdout, stderr, exitCode } = await user.start(
      ['run', 'pi', '--prompt', 'x', '--output', 'json', ...args],
      env,
    );
    expect(exitCode).toBe(125);
    expect(stderr).toBe('');
    expect(await listRunFiles()).toEqual([]);
    return (JSON.parse(stdout) as { error: unknown }).error;
  }

  test('IMAGE_NOT_FOUND: never asks without a terminal', async () => {
    expect(await fail(['--tag', 'never-built'])).toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      message: 'image "coding-agent/pi:never-built" not found',
      hint: 'build it: adr build pi --tag never-built',
    });
  });

  test('IMAGE_NOT_FOUND: asks on a terminal', async () => {
    const { stdout, exitCode } = await user.startOnTerminal(['run', 'pi', '--tag', 'never-built'], 'n\n');
    expect(stdout).toContain('Image coding-agent/pi:never-built not found. Build it now? [Y/n]');
    expect(stdout).toContain('adr build pi --tag never-built');
    expect(exitCode).toBe(125);
  });

  test('SOCKET_ERROR', async () => {
    const started = Date.now();
    expect(await fail([], { DOCKER_HOST: `unix://${user.root}/none.sock` })).toMatchObject({
      code: 'SOCKET_ERROR',
    });
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test('ENGINE_MISSING', async () => {
    expect(await fail([], { PATH: user.root })).toMatchObject({ code: 'ENGINE_MISSING' });
  });

  test('NETWORK_ERROR', async () => {
    expect(await fail(['--image', fakeImage, '--network', 'not-there'])).toMatchObject({
      code: 'NETWORK_ERROR',
      message: 'network "not-there" not found',
    });
  });

  test('NO_TERMINAL', async () => {
    const { stderr, exitCode } = await user.start(['run', 'pi', '--image', fakeImage]);
    expect(stderr).toBe(
      'error: an interactive agent needs a terminal\n  for one answer without a terminal: --prompt TEXT',
    );
    expect(exitCode).toBe(125);
  });

  test('AGENT_NOT_IN_IMAGE', async () => {
    await execa('docker', ['tag', fakeImage, 'adr-test/no-claude:test']);
    const { exitCode, stderr } = await user.start([
      'run',
      'claude',
      '--image',
      'adr-test/no-claude:test',
      '--prompt',
      'x',
    ]);
    expect(stderr).toContain('has no program "claude"');
    expect(exitCode).toBe(125);
  });

  test.each([['/'], ['missing'], ['file']])('a workspace %s: usage, nothing is created', async (path) => {
    await writeFile(join(user.workspace, 'file'), '');
    const { exitCode, stderr } = await user.start([
      'run',
      'pi',
      '--image',
      fakeImage,
      '--prompt',
      'x',
      '-w',
      path,
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: .*workspace.*\n {2}.*$/);
  });
});
