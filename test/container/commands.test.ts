import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildFakeImage, fakeImage, listContainers, User, waitUntil } from './support.ts';

let user: User;
let name: string;
let count = 0;

beforeAll(buildFakeImage);
beforeEach(async () => {
  user = await User.create();
  name = `try-${process.pid}-${++count}`;
});
afterEach(async () => {
  expect(await listContainers(user.workspace)).toEqual([]);
  await user.remove();
});

/** Does `look` while a run does `script`. */
async function startAndStop(script: string, look: () => Promise<void>): Promise<void> {
  const run = user.startAgent(script, ['--name', name]);
  try {
    await waitUntil(async () => (await user.start(['exec', name, '--', 'true'])).exitCode === 0);
    await look();
  } finally {
    run.kill('SIGTERM');
    await run;
  }
}

describe('logs', () => {
  test('of a headless run are its lines without escape sequences, each where it went', async () => {
    const script = String.raw`printf '\033[31mred\033[0m\n\033]52;c;eA==\a10%%\r100%%\n'; echo bad >&2; exec sleep 60`;
    await startAndStop(script, async () => {
      await waitUntil(async () => (await user.start(['logs', name])).stderr !== '');
      const { stdout, stderr } = await user.start(['logs', name]);
      expect([stdout, stderr]).toEqual(['red\n100%', 'bad']);
      const json = await user.start(['logs', name, '--ndjson']);
      const lines = json.stdout.split('\n').map((line) => JSON.parse(line) as unknown);
      expect(lines).toContainEqual({ v: 1, kind: 'output', stream: 'stderr', line: 'bad' });
      expect(lines).toContainEqual({ v: 1, kind: 'output', stream: 'stdout', line: 'red' });
      expect((await user.start(['logs', name, '--ndjson', '--tail', '1'])).stdout.split('\n')).toHaveLength(
        1,
      );
    });
  });

  test('are rotated by the engine', async () => {
    await startAndStop('exec sleep 60', async () => {
      const [id = ''] = await listContainers(user.workspace);
      const { stdout } = await execa('docker', ['inspect', '--format', '{{json .HostConfig.LogConfig}}', id]);
      expect(JSON.parse(stdout)).toEqual({
        Type: 'json-file',
        Config: { 'max-file': '3', 'max-size': '10m' },
      });
    });
  });

  test('-f goes on until the run ends', async () => {
    const run = user.startAgent('i=0; while [ $i -lt 20 ]; do echo $i; i=$((i+1)); sleep 0.1; done', [
      ...['--name', name],
    ]);
    await waitUntil(async () => (await user.start(['logs', name])).exitCode === 0);
    const { stdout, exitCode } = await user.start(['logs', name, '-f']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
    await run;
  });

  test('of a run on a terminal are its reports, never what it drew', async () => {
    const report = `{"type":"tool_execution_start","toolName":"bash","args":{"command":"ls"}}`;
    const script = String.raw`printf '\033[2Jdrawn\n'; echo '1790000000000 pi ${report}' > /run/adr/reports; exec sleep 60`;
    const run = user.startOnTerminal([
      'run',
      'pi',
      '--name',
      name,
      '--image',
      fakeImage,
      '-e',
      `TRY=${script}`,
    ]);
    try {
      await waitUntil(
        async () => (await user.start(['exec', name, '--', 'test', '-s', '/run/adr/reports'])).exitCode === 0,
      );
      const { stdout, exitCode } = await user.start(['logs', name]);
      expect(exitCode).toBe(0);
      expect(stdout).not.toContain('drawn');
      expect(stdout).toMatch(/^\d\d:\d\d:\d\d tool: bash: ls$/m);
      const [id = ''] = await listContainers(user.workspace);
      const { stdout: driver } = await execa('docker', [
        'inspect',
        '--format',
        '{{.HostConfig.LogConfig.Type}}',
        id,
      ]);
      expect(driver).toBe('none');
    } finally {
      await user.start(['stop', name]);
      await run;
    }
  });
});

describe('stats', () => {
  test('measure a container', async () => {
    await startAndStop('sleep 60 & exec sleep 60', async () => {
      const { stdout, exitCode } = await user.start(['stats', name, '--json']);
      expect(exitCode).toBe(0);
      const { v, runs } = JSON.parse(stdout) as { v: number; runs: Record<string, unknown>[] };
      expect(v).toBe(1);
      expect(runs).toHaveLength(1);
      expect(runs[0]).toMatchObject({ agent: name, type: 'pi', pids: 3, memoryLimit: 2 ** 32 });
      expect(runs[0]?.memory).toBeGreaterThan(100_000);
      expect(runs[0]?.uptimeMs).toBeGreaterThan(0);
    });
  });
});

describe('exec', () => {
  test("is the agent's user in its workspace, and passes the exit code on", async () => {
    await startAndStop('exec sleep 60', async () => {
      const { stdout } = await user.start([
        'exec',
        name,
        '--',
        'sh',
        '-c',
        'id -u; pwd; echo $HOME; grep CapEff /proc/self/status',
      ]);
      expect(stdout).toBe(
        [`${process.getuid?.()}`, '/workspace', '/home/node', 'CapEff:\t0000000000000000'].join('\n'),
      );
      expect((await user.start(['exec', name, '--', 'sh', '-c', 'exit 9'])).exitCode).toBe(9);
      const shell = await user.startOnTerminal(
        ['attach', name],
        'test -t 0 && echo "a terminal: $BASH_VERSION"\nexit 4\n',
      );
      expect(shell.stdout).toMatch(/a terminal: \d/);
      expect(shell.exitCode).toBe(4);
    });
  });
});

describe('clean', () => {
  test('--all asks first: refused without a terminal, nothing done on "n"', async () => {
    await startAndStop('exec sleep 60', async () => {
      const { exitCode, stderr } = await user.start(['clean', '--all']);
      expect(exitCode).toBe(6);
      expect(stderr).toContain('adr clean --all --yes');
      const asked = await user.startOnTerminal(['clean', '--all'], 'n\n');
      expect(asked.stdout).toContain('[y/N]');
      expect(await listContainers(user.workspace)).toHaveLength(1);
    });
  });

  test('stop by name', async () => {
    await startAndStop('exec sleep 60', async () => {
      const { stdout } = await user.start(['stop', name, '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ v: 1, stopped: [{ agent: name }] });
      expect(await listContainers(user.workspace)).toEqual([]);
    });
  });
});

test('two runs with one name are told apart by id', async () => {
  await startAndStop('exec sleep 60', async () => {
    const second = user.startAgent('exec sleep 60', ['--name', name]);
    await waitUntil(async () => (await listContainers(user.workspace)).length === 2);
    const { exitCode, stderr } = await user.start(['logs', name]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`2 runs are called "${name}"`);
    second.kill('SIGTERM');
    await second;
  });
});
