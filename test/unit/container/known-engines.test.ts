import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSessionEngines } from '../../../src/commands/tmux/session-engine.ts';
import { Engine } from '../../../src/container/engine.ts';
import { describeAddress } from '../../../src/container/engine-address.ts';
import { listKnownEngines } from '../../../src/container/known-engines.ts';
import { describeOwner } from '../../../src/container/labels.ts';
import { openRunDirectory } from '../../../src/container/run-directory.ts';
import { reapOrphans } from '../../../src/container/runs.ts';
import type { RunProcess } from '../../../src/system/process.ts';

let home: string;
let calls: string[];
const clock = { now: () => 0, sleep: async () => undefined };

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'adr-known-'));
  calls = [];
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A client that answers nothing everywhere but at `down`. */
function script(down?: string): RunProcess {
  return async (file, args, options) => {
    const place = options?.env?.DOCKER_CONTEXT ?? options?.env?.DOCKER_HOST ?? '-';
    calls.push(`${file} ${place} ${args[0]}`);
    const failed = place === down;
    const stderr = failed ? 'permission denied while trying to connect to the Docker daemon' : '';
    return { exitCode: failed ? 1 : 0, signal: null, stdout: '', stderr, failure: 'none' };
  };
}

const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

function noteRun(run: string, address: object, gone = true): Promise<void> {
  const owner = gone ? { ...describeOwner(), startTime: '1' } : describeOwner();
  const identity = { run, type: 'pi', agent: 'pi', workspace: '/w', createdAt: '2026-01-01', owner };
  const record = { session: undefined, sessionId: undefined, ...identity, engine: 'docker', ...address };
  return openRunDirectory(join(home, '.local/state/adr/runs', run), user, record);
}

const listNotes = async () =>
  (await readdir(join(home, '.local/state/adr/runs'))).filter((name) => name.endsWith('.json'));

test('engines are known from the runs that were started there, each once, in their own environment', async () => {
  await noteRun('aaaaaaaaaaaa', { client: { DOCKER_CONTEXT: 'far' } });
  await noteRun('bbbbbbbbbbbb', { client: { DOCKER_CONTEXT: 'far' } });
  await noteRun('cccccccccccc', { client: { DOCKER_HOST: 'tcp://near:1', LD_PRELOAD: 'x' } });
  await noteRun('dddddddddddd', { engine: 'host' });
  const env = { HOME: home, DOCKER_HOST: 'unix:///here.sock', DOCKER_CONTEXT: '', PATH: '/bin' };
  const first = new Engine({ program: 'docker', run: script(), env });
  const engines = await listKnownEngines(first, script(), env);
  expect(engines.map(describeAddress)).toEqual([
    { engine: 'docker', client: { DOCKER_HOST: 'unix:///here.sock' } },
    { engine: 'docker', client: { DOCKER_CONTEXT: 'far' } },
    { engine: 'docker', client: { DOCKER_HOST: 'tcp://near:1' } },
  ]);
  expect(engines[1]?.env).toEqual({ HOME: home, PATH: '/bin', DOCKER_CONTEXT: 'far' });
});

test('what is left on an engine that does not answer stays noted until it does', async () => {
  await noteRun('aaaaaaaaaaaa', { client: { DOCKER_CONTEXT: 'far' } });
  await noteRun('bbbbbbbbbbbb', { client: {} });
  const env = { HOME: home };
  const reap = async (run: RunProcess) => {
    const first = new Engine({ program: 'docker', run, env });
    await reapOrphans({ env, engines: await listKnownEngines(first, run, env), clock });
  };
  await reap(script('far'));
  expect(await listNotes()).toEqual(['aaaaaaaaaaaa.json']);
  await reap(script());
  expect(await listNotes()).toEqual([]);
});

test('directories of runs that never began go after an hour', async () => {
  const runs = join(home, '.local/state/adr/runs');
  for (const name of ['aaaaaaaaaaaa', 'bbbbbbbbbbbb']) await mkdir(join(runs, name), { recursive: true });
  await noteRun('cccccccccccc', { engine: 'host' }, false);
  const old = Date.now() / 1000 - 7200;
  for (const name of ['bbbbbbbbbbbb', 'cccccccccccc']) await utimes(join(runs, name), old, old);
  await reapOrphans({ env: { HOME: home }, engines: [], clock });
  expect(await readdir(runs)).toEqual(['aaaaaaaaaaaa', 'cccccccccccc', 'cccccccccccc.json']);
});

test('a session is looked for where its runs were started, whatever this shell says', async () => {
  const context = { run: script(), env: { HOME: home, ADR_CONTEXT: 'here', DOCKER_HOST: 'tcp://x:1' } };
  const session = { id: 'mine', engine: 'docker' };
  const [unnoted] = await openSessionEngines(context, session);
  expect(unnoted?.env).toMatchObject({ DOCKER_CONTEXT: 'here' });
  await noteRun('aaaaaaaaaaaa', {
    client: { CONTAINER_CONNECTION: 'far' },
    engine: 'podman',
    sessionId: 'mine',
  });
  await noteRun('bbbbbbbbbbbb', { client: { DOCKER_CONTEXT: 'there' }, sessionId: 'another' });
  const [engine, ...more] = await openSessionEngines(context, session);
  expect([engine?.program, engine?.env, more]).toEqual([
    'podman',
    { HOME: home, ADR_CONTEXT: 'here', CONTAINER_CONNECTION: 'far' },
    [],
  ]);
  expect(await openSessionEngines(context, { id: 'other', engine: 'host' })).toEqual([]);
});
