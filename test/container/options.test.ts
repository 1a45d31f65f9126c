import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
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

async function listNetworks(name: string): Promise<string> {
  return (await execa('docker', ['network', 'ls', '-q', '--filter', `name=${name}`])).stdout;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

describe('networks', () => {
  test('a named one of ours is made, shared, and removed with its last container', async () => {
    const network = `adr-test-${process.pid}-${Date.now()}`;
    const first = user.startAgent('exec sleep 600', ['--network', network, '--name', 'first']);
    await waitUntil(async () => (await listContainers(user.workspace)).length === 1);
    const running = ['ps', '--filter', `network=${network}`, '--format', '{{.Names}}'];
    const readName = async () => (await execa('docker', running)).stdout;
    await waitUntil(async () => (await readName()) !== '');
    const second = await user.startAgent(`getent hosts ${await readName()} >/dev/null && echo seen`, [
      '--network',
      network,
    ]);
    expect(second.stdout).toBe('seen');
    expect(await listNetworks(network)).not.toBe('');
    first.kill('SIGTERM');
    await first;
    expect(await listNetworks(network)).toBe('');
  });

  test('one stays while a container has it that has not started yet', async () => {
    const network = `adr-test-${process.pid}-${Date.now()}`;
    const state = join(user.env.XDG_STATE_HOME ?? '', 'adr');
    const labels = ['adr.managed=true', `adr.owner=${process.getuid?.()}`, `adr.state=${state}`];
    const { stdout: id } = await execa('docker', [
      ...['network', 'create', ...labels.flatMap((label) => ['--label', label]), network],
    ]);
    const { stdout: container } = await execa('docker', ['create', '--network', id, fakeImage, 'true']);
    await user.start(['clean']);
    expect(await listNetworks(network)).not.toBe('');
    await execa('docker', ['rm', container]);
    await user.start(['clean']);
    expect(await listNetworks(network)).toBe('');
  });

  test('one whose run was killed goes with the next clean', async () => {
    const network = `adr-test-${process.pid}-${Date.now()}`;
    const run = user.startAgent('exec sleep 600', ['--network', network]);
    await waitUntil(async () => (await listContainers(user.workspace)).length === 1);
    run.kill('SIGKILL');
    await run;
    await user.start(['clean']);
    expect(await listNetworks(network)).toBe('');
  });

  test('none has no way out, host is the host', async () => {
    const script =
      'tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " " | sort | head -n 1; tail -n +3 /proc/net/dev | wc -l';
    expect((await user.startAgent(script, ['--network', 'none'])).stdout).toBe('lo\n1');
    const host = await user.startAgent('readlink /proc/self/ns/net', ['--network', 'host']);
    expect(host.stdout).toBe((await execa('readlink', ['/proc/self/ns/net'])).stdout);
  });

  test('the host has a name unless it should not', async () => {
    const script = 'getent hosts host.docker.internal >/dev/null && echo named';
    expect((await user.startAgent(script)).stdout).toBe('named');
    expect((await user.startAgent(script, ['--no-host-gateway'])).stdout).toBe('');
  });

  test('a published port answers at 127.0.0.1 alone', async () => {
    const port = await findFreePort();
    const serve = `node -e 'require("http").createServer((q,s)=>s.end("hello")).listen(3000)'`;
    const run = user.startAgent(`exec ${serve}`, ['--publish', `${port}:3000`]);
    const ask = async () => (await fetch(`http://127.0.0.1:${port}`).catch(() => undefined))?.text();
    await waitUntil(async () => (await ask()) === 'hello');
    const { stdout } = await execa('docker', [
      'ps',
      '--filter',
      `label=adr.workspace=${user.workspace}`,
      '--format',
      '{{.Ports}}',
    ]);
    expect(stdout).toBe(`127.0.0.1:${port}->3000/tcp`);
    run.kill('SIGTERM');
    await run;
  });

  test('a port that is taken is NETWORK_ERROR', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const { stdout, exitCode } = await user.startAgent('true', ['--publish', `${port}`, '--output', 'json']);
    server.close();
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'NETWORK_ERROR' } });
    expect(exitCode).toBe(125);
  });
});

describe('what the agent gets', () => {
  test('a whole directory in place of its own, and a file in place of ~/.claude.json', async () => {
    const given = join(user.root, 'given');
    await mkdir(join(given, 'agent', 'deep'), { recursive: true });
    await mkdir(join(user.root, 'home', '.pi', 'agent'), { recursive: true });
    await writeFile(join(user.root, 'home', '.pi', 'agent', 'settings.json'), '{}');
    await writeFile(join(given, 'agent', 'deep', 'any'), 'given');
    const { stdout } = await user.startAgent('cd ~ && find .pi -type f && cat .pi/agent/deep/any', [
      '-c',
      '../given',
    ]);
    expect(stdout).toBe('.pi/agent/deep/any\ngiven');
    const wrong = await user.startAgent('true', ['--config-file', 'x']);
    expect(wrong.stderr).toContain("--config-file is only supported for the 'claude' agent");
    expect(wrong.exitCode).toBe(2);
    expect((await user.startAgent('true', ['-c', 'none'])).stderr).toContain(
      'config directory does not exist',
    );
  });

  test('a shell with the same confinement', async () => {
    const args = ['run', 'pi', '--image', fakeImage, '--shell', '--', '-c', 'id -u; pwd; exit 4'];
    const { stdout, exitCode } = await user.startOnTerminal(args);
    expect(stdout.replaceAll('\r', '')).toContain(`${process.getuid?.()}\n/workspace`);
    expect(exitCode).toBe(4);
  });

  test.each([
    [['--shell', '--prompt', 'x'], '--shell and --headless/--prompt are mutually exclusive'],
    [['--headless'], '--headless requires --prompt'],
    [['--engine', 'host', '--read-only', '--prompt', 'x'], '--read-only is for containers'],
    [['--prompt', 'x', '--publish', '0'], '--publish "0" is no port'],
    [
      ['--prompt', 'x', '--publish', '80', '--network', 'none'],
      '--publish means nothing with --network none',
    ],
    [['--prompt', 'x', '--memory-swap', '1g'], '--memory-swap is less than --memory'],
  ])('%j is a usage error', async (args, message) => {
    const { stderr, exitCode } = await user.start(['run', 'pi', '--image', fakeImage, ...args]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('swap beyond its memory when asked for', async () => {
    const script =
      'cat /sys/fs/cgroup/memory.swap.max /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes 2>/dev/null';
    const { stdout } = await user.startAgent(script, ['--memory', '256m', '--memory-swap', '320m']);
    expect([`${64 * 2 ** 20}`, `${320 * 2 ** 20}`]).toContain(stdout);
  });
});

describe('an idle run', () => {
  test('ends with 124 after its limit', async () => {
    const { exitCode, stderr } = await user.startAgent('echo start; exec sleep 600', [
      '--idle-timeout',
      '5s',
    ]);
    expect(exitCode).toBe(124);
    expect(stderr).toContain('neither output nor a report for 5s');
  });

  test('is not one that prints or reports', async () => {
    const script =
      'for i in 1 2 3 4; do sleep 2; echo $i; done; for i in 1 2 3 4; do sleep 2; echo $i >> /run/adr/reports; done';
    const { exitCode, stdout } = await user.startAgent(script, ['--idle-timeout', '5s']);
    expect([exitCode, stdout]).toEqual([0, '1\n2\n3\n4']);
  });
});

test('a context that is not there is SOCKET_ERROR; an image that cannot be pulled is named', async () => {
  const context = await user.startAgent('true', ['--context', 'nowhere', '--output', 'json']);
  expect(JSON.parse(context.stdout)).toMatchObject({ error: { code: 'SOCKET_ERROR' } });
  const args = ['run', 'pi', '--prompt', 'x', '--image', 'localhost:1/none:x'];
  const pulled = await user.start(args);
  expect(pulled.stderr).toMatch(/^Pulling localhost:1\/none:x\.\.\.\nerror: /);
  expect(pulled.exitCode).toBe(125);
  const never = await user.start([...args, '--pull', 'never', '--output', 'json']);
  expect(JSON.parse(never.stdout)).toMatchObject({ error: { code: 'IMAGE_NOT_FOUND' } });
});
