import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { testTag } from '../support/images.ts';
import { ensureBuilt, makeScratch, type ProgramResult, runProgram } from '../support/program.ts';
import { driveSessions, listContainers, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(() => {
  server = openTestServer();
  scratch = makeScratch('sessions');
  driver = driveSessions(scratch, server.socket);
});

afterEach(async () => {
  await server.kill();
  scratch.remove();
});

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ProgramResult> {
  return runProgram('adr-tmux', ['start', 'box', ...args], {
    env: { ...driver.env, ...env },
    cwd: driver.workspace,
  });
}

async function startBox(...agents: readonly string[]): Promise<string> {
  const specs = agents.flatMap((agent) => ['--agent', agent]);
  const started = await start([...specs, '--tag', testTag, '--json']);
  expect(started, started.stderr).toMatchObject({ code: 0 });
  const { id } = JSON.parse(started.stdout) as { id: string };
  await waitFor('containers', async () => (await listContainers(id)).length === agents.length, 30_000);
  return id;
}

async function panePids(): Promise<readonly number[]> {
  return (await server.run('list-panes', '-a', '-F', '#{pane_pid}')).split('\n').map(Number);
}

test.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
  [
    'an image that is not built',
    ['--agent', 'pi', '--agent', 'codex', '--tag', 'never-built'],
    {},
    3,
    /^error: image "coding-agent\/pi:never-built" not found\n {2}build it: adr build pi --tag never-built\n$/,
  ],
  [
    'an engine that is down',
    ['--agent', 'pi'],
    { DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
    4,
    /^error: .*\n {2}\S.*\n$/,
  ],
])('%s: one error, nothing created', async (_, args, env, code, words) => {
  const result = await start(args, env);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toMatch(words);
  await expect(server.run('list-sessions')).rejects.toThrow();
  expect(readdirSync(join(driver.home))).toEqual(['work']);
});

test('no engine at all: one error, nothing created', async () => {
  const bin = join(driver.home, 'bin');
  mkdirSync(bin);
  const { stdout: tmux } = await execa('which', ['tmux']);
  symlinkSync(tmux, join(bin, 'tmux'));
  const result = await start(['--agent', 'pi'], { PATH: bin });
  expect(result).toMatchObject({ code: 4, stdout: '' });
  expect(result.stderr).toMatch(/^error: docker.*\n {2}\S.*\n$/);
});

test('stop removes the containers of this session and no others', async () => {
  const id = await startBox('pi:a', 'codex:b');
  const other = await runProgram(
    'adr-tmux',
    ['start', 'box-2', '--agent', 'pi:a', '--tag', testTag, '--json'],
    {
      env: driver.env,
      cwd: driver.workspace,
    },
  );
  const { id: otherId } = JSON.parse(other.stdout) as { id: string };
  await waitFor('the other container', async () => (await listContainers(otherId)).length === 1, 30_000);
  expect(await driver.run('stop', 'box')).toMatchObject({ code: 0 });
  expect(await listContainers(id)).toEqual([]);
  expect(await listContainers(otherId)).toHaveLength(1);
  expect(await driver.run('stop', 'box-2')).toMatchObject({ code: 0 });
  expect(await listContainers(otherId)).toEqual([]);
  expect(readdirSync(join(driver.home, '.local/state/adr/runs'))).toEqual([]);
});

test('a killed adr run: the monitor removes its container, status says EXITED', async () => {
  const id = await startBox('pi:a', 'pi:b');
  const [first = 0] = await panePids();
  process.kill(first, 'SIGKILL');
  await waitFor('its container is gone', async () => (await listContainers(id)).length === 1, 40_000);
  const agents = await driver.readAgents('box');
  expect(agents.find(({ agent }) => agent === 'a')).toMatchObject({ state: 'EXITED', exit: 137 });
  expect(agents.find(({ agent }) => agent === 'b')?.state).not.toBe('EXITED');
  await driver.run('stop', 'box');
  expect(await listContainers(id)).toEqual([]);
});

test('a killed tmux server takes its containers along', async () => {
  const id = await startBox('pi:a', 'codex:b');
  process.kill(Number(await server.run('display-message', '-p', '#{pid}')), 'SIGKILL');
  await waitFor('no container is left', async () => (await listContainers(id)).length === 0, 40_000);
  expect((await driver.run('status')).stdout).toContain('No sessions');
});

test('restart: a fresh container with the same options; remove: none is left of it', async () => {
  const id = await startBox('pi:a,memory=300m,env=TOKEN=hunter2', 'pi:b');
  const findNames = async (agent: string): Promise<readonly string[]> =>
    (await listContainers(id)).filter((name) => name.startsWith(`adr-box-${agent}-`));
  const [before] = await findNames('a');
  const restarted = await driver.run('restart', 'box', '-a', 'a', '--yes');
  expect(restarted, restarted.stderr).toMatchObject({ code: 0 });
  const [after = ''] = await waitFor(
    'a new container',
    async () => {
      const names = await findNames('a');
      return names.length === 1 && names[0] !== before && names;
    },
    30_000,
  );
  const { stdout } = await execa('docker', ['inspect', after]);
  const [container] = JSON.parse(stdout) as [{ HostConfig: { Memory: number } }];
  expect(container.HostConfig.Memory).toBe(300 * 2 ** 20);
  expect(await server.run('list-panes', '-a', '-F', '#{pane_start_command}')).not.toContain('hunter2');

  const removed = await driver.run('remove', 'box', '-a', 'a', '--yes');
  expect(removed, removed.stderr).toMatchObject({ code: 0 });
  expect(await listContainers(id)).toEqual(await findNames('b'));
  await driver.run('stop', 'box');
  expect(await listContainers(id)).toEqual([]);
}, 90_000);

test('an agent that ignores being asked is gone after stop all the same', async () => {
  const id = await startBox('pi:a');
  const [name = ''] = await listContainers(id);
  // Frozen processes answer to nothing.
  await waitFor('a container to freeze', async () => {
    const { exitCode } = await execa('docker', ['pause', name], { reject: false });
    return exitCode === 0;
  });
  expect(await driver.run('stop', 'box')).toMatchObject({ code: 0 });
  expect(await listContainers(id)).toEqual([]);
}, 60_000);

test('stop looks where the session was started, not where this shell points', async () => {
  const away = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
  const id = await startBox('pi:a');
  const stopped = await runProgram('adr-tmux', ['stop', 'box', '--json'], {
    env: { ...driver.env, ...away },
  });
  expect(stopped, stopped.stderr).toMatchObject({ code: 0, stderr: '' });
  expect(await listContainers(id)).toEqual([]);
});
