import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EngineProxy } from '../support/engine-proxy.ts';
import { ensureBuilt } from '../support/program.ts';
import { buildFakeImage, listContainers, User, waitUntil } from './support.ts';

let user: User;
let proxy: EngineProxy;

beforeAll(async () => {
  await ensureBuilt();
  await buildFakeImage();
});

beforeEach(async () => {
  user = await User.create();
  proxy = await EngineProxy.open(join(user.root, 'engine.sock'));
});

afterEach(async () => {
  await proxy.cut();
  const left = await listContainers(user.workspace);
  if (left.length > 0) await execa('docker', ['rm', '--force', ...left]);
  await user.remove();
});

const listRunFiles = () => readdir(join(user.root, 'state', 'adr', 'runs')).catch(() => []);

/** A headless run whose agent has begun; boxed, because to wait for a process is to wait for its end. */
async function begin(args: readonly string[], env: Readonly<Record<string, string>>) {
  const process = user.startAgent('touch begun; exec sleep 600', args, env);
  await waitUntil(async () => (await readdir(user.workspace)).includes('begun'));
  return { process };
}

describe('an engine that goes away during a run', () => {
  test('for good: 125 and why; what is left is named, and gone with the next clean', async () => {
    const run = await begin(['--output', 'json'], { DOCKER_HOST: proxy.host });
    await proxy.cut();
    const { exitCode, stdout, stderr } = await run.process;
    expect(exitCode).toBe(125);
    expect(JSON.parse(stdout)).toMatchObject({
      v: 1,
      error: {
        code: 'SOCKET_ERROR',
        message: 'the docker engine stopped or restarted while the agent was running',
        hint: expect.stringContaining('docker version'),
      },
    });
    expect(stderr).toMatch(
      /^warning: the container adr-pi-[0-9a-f]{12} may still be there \(.*\): .*adr clean$/m,
    );
    expect(await listContainers(user.workspace)).toHaveLength(1);
    const doctor = await user.start(['doctor', '--json']);
    expect(doctor.stdout).toContain(`what runs left on ${proxy.host} cannot be seen`);

    await proxy.mend();
    // Its place is known from the run, not from this shell.
    const { stdout: listed } = await user.start(['ps', '--json']);
    expect(JSON.parse(listed)).toMatchObject({
      runs: expect.arrayContaining([expect.objectContaining({ workspace: user.workspace, orphan: true })]),
    });
    expect((await user.start(['clean'])).exitCode).toBe(0);
    expect(await listContainers(user.workspace)).toEqual([]);
    expect(await listRunFiles()).toEqual([]);
  });

  test('and comes back: the run still ends with 125, and removes its container itself', async () => {
    const run = await begin(['--output', 'json'], { DOCKER_HOST: proxy.host });
    await proxy.cut();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await proxy.mend();
    const { exitCode, stdout, stderr } = await run.process;
    expect({ exitCode, stderr }).toEqual({ exitCode: 125, stderr: expect.not.stringContaining('adr clean') });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'SOCKET_ERROR' } });
    expect(await listContainers(user.workspace)).toEqual([]);
    expect(await listRunFiles()).toEqual([]);
  });
});

/** Makes a docker context that leads over the proxy. */
async function makeContext(name: string): Promise<void> {
  await execa('docker', ['context', 'create', name, '--docker', `host=${proxy.host}`], {
    env: { ...user.env },
    extendEnv: false,
  });
}

const DOWN = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

test("commands about runs follow the context of the user's configuration, of ADR_CONTEXT and of --context", async () => {
  await makeContext('other');
  const run = await begin(['--context', 'other'], DOWN);
  try {
    const { stderr, exitCode } = await user.start(['ps'], DOWN);
    expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: expect.stringContaining('cannot reach') });
    expect((await user.start(['ps', '--context', 'other', '--json'], DOWN)).stdout).toContain(user.workspace);
    expect((await user.start(['ps', '--json'], { ...DOWN, ADR_CONTEXT: 'other' })).stdout).toContain(
      user.workspace,
    );

    await writeConfig('ADR_CONTEXT=other\n');
    const { stdout } = await user.start(['ps', '--json'], DOWN);
    const { runs } = JSON.parse(stdout) as { runs: { run: string; workspace: string }[] };
    const id = runs.find(({ workspace }) => workspace === user.workspace)?.run ?? '';
    const results = await Promise.all([
      user.start(['status', '--json'], DOWN),
      user.start(['logs', id], DOWN),
      user.start(['exec', id, '--', 'echo', 'inside'], DOWN),
      user.start(['stats', id, '--json'], DOWN),
    ]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(results[2]?.stdout).toBe('inside');
    expect((await user.start(['stop', id], DOWN)).stdout).toContain('Stopped pi');
  } finally {
    await run.process;
  }
  expect(await listContainers(user.workspace)).toEqual([]);
});

async function writeConfig(text: string): Promise<void> {
  const directory = join(user.root, 'home', '.config', 'adr');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'config'), text);
}
