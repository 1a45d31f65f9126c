import { describe, expect, test } from 'vitest';
import { Engine } from '../../../src/container/engine.ts';
import { describeOwner, formatOwner } from '../../../src/container/labels.ts';
import { listContainerRuns, reapOrphans } from '../../../src/container/runs.ts';
import type { ProcessResult } from '../../../src/system/process.ts';

type Answer = Partial<ProcessResult>;

/** An engine whose client answers from a script, in order; the calls it saw with it. */
function script(...answers: readonly Answer[]): { readonly engine: Engine; readonly calls: string[] } {
  const calls: string[] = [];
  const rest = [...answers];
  const engine = new Engine({
    program: 'docker',
    env: {},
    run: async (file, args) => {
      calls.push([file, ...args].join(' '));
      const answer = rest.shift() ?? {};
      return { exitCode: 0, signal: null, stdout: '', stderr: '', failure: 'none', ...answer };
    },
  });
  return { engine, calls };
}

const down: Answer = {
  exitCode: 1,
  stderr: 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?',
};
const gone: Answer = { exitCode: 1, stderr: 'Error: No such container: abc' };

describe('reads', () => {
  test('are asked again while the daemon comes up', async () => {
    const { engine, calls } = script(down, down, { stdout: '28.0 8 1000\n' });
    expect(await engine.readHost()).toEqual({ version: '28.0', cpus: 8, memory: 1000 });
    expect(calls).toHaveLength(3);
  });

  test('fail with SOCKET_ERROR after a few', async () => {
    const { engine, calls } = script(down, down, down, down);
    await expect(engine.readHost()).rejects.toMatchObject({ code: 'SOCKET_ERROR' });
    expect(calls).toHaveLength(3);
  });

  test('are not repeated when permission is missing', async () => {
    const { engine, calls } = script({
      exitCode: 1,
      stderr: 'permission denied while trying to connect to the Docker daemon',
    });
    await expect(engine.readHost()).rejects.toMatchObject({ code: 'SOCKET_ERROR' });
    expect(calls).toHaveLength(1);
  });

  test('a missing image or container is no error', async () => {
    const { engine } = script({ exitCode: 1, stderr: 'Error: No such image: x' }, gone);
    expect(await engine.findImage('x')).toBeUndefined();
    expect(await engine.findState('abc')).toBeUndefined();
  });
});

describe('endings', () => {
  test('of what is gone already are fine, of nothing call nobody', async () => {
    const { engine, calls } = script(gone, gone);
    await engine.stop(['abc'], 10);
    await engine.remove(['abc']);
    await engine.remove([]);
    expect(calls).toEqual(['docker stop --time 10 abc', 'docker rm --force --volumes abc']);
  });
});

test('a create is never repeated', async () => {
  const { engine, calls } = script(down);
  const spec = {
    identity: { owner: describeOwner(), run: 'r', agent: 'a' },
    mounts: [],
    variables: [],
    argv: [],
    publish: [],
    user: {},
  };
  await expect(engine.create(spec as never)).rejects.toMatchObject({ code: 'SOCKET_ERROR' });
  expect(calls).toHaveLength(1);
});

describe('runs from labels', () => {
  const own = describeOwner();
  const line = (id: string, state: string, owner: string) =>
    JSON.stringify([
      id,
      `name-${id}`,
      state,
      id.padEnd(12, '0'),
      'pi',
      'main',
      's',
      'sid',
      '/w,x=y',
      '2026-01-01',
      owner,
    ]);
  const listing = [
    line('a1', 'running', formatOwner(own)),
    line('b2', 'running', formatOwner({ ...own, startTime: '1' })),
    line('c3', 'running', formatOwner({ ...own, boot: 'other machine' })),
    line('d4', 'exited', formatOwner({ ...own, boot: 'earlier boot' })),
    line('e5', 'running', formatOwner({ ...own, uid: own.uid + 1 })),
    line('f6', 'running', 'rubbish'),
  ].join('\n');

  test('whose owner is gone are orphans; those elsewhere only once they have stopped; others are not ours', async () => {
    const { engine } = script({ stdout: listing });
    const runs = await listContainerRuns(engine);
    expect(runs.map(({ container, orphan }) => [container?.id, orphan])).toEqual([
      ['a1', false],
      ['b2', true],
      ['c3', false],
      ['d4', true],
    ]);
    expect(runs[0]).toMatchObject({ session: 's', sessionId: 'sid', workspace: '/w,x=y', agent: 'main' });
  });

  test('orphans alone are reaped', async () => {
    const volumes = [formatOwner(own), formatOwner({ ...own, startTime: '1' })].map((owner, index) =>
      JSON.stringify([`adr-${index}`, `${index}`, owner, '2026-01-01']),
    );
    const { engine, calls } = script({ stdout: listing }, {}, {}, { stdout: volumes.join('\n') });
    const clock = { now: () => 0, sleep: async () => undefined };
    await reapOrphans({ engines: [engine], clock, env: { HOME: '/nonexistent' } });
    expect(calls.slice(1, 3)).toEqual(['docker stop --time 2 b2', 'docker rm --force --volumes b2 d4']);
    expect(calls[4]).toBe('docker volume rm --force -- adr-1');
    expect(calls[5]).toMatch(
      /^docker network ls --no-trunc --filter label=adr.managed=true --filter label=adr.owner=\d+/,
    );
  });
});
