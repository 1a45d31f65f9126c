import { describe, expect, test } from 'vitest';
import { formatStats } from '../../../src/cli/adr/stats.ts';
import type { RunSummary } from '../../../src/container/runs.ts';
import { measureRuns, parseStats } from '../../../src/container/stats.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { scriptEngine } from '../support/script-engine.ts';

function line(id: string, fields: Readonly<Record<string, string>> = {}): string {
  const usage = { CPUPerc: '12.34%', MemUsage: '1.5MiB / 4GiB', PIDs: '3' };
  return JSON.stringify({ ID: id, Name: 'x', ...usage, ...fields });
}

describe('what the engine says', () => {
  test('is numbers', () => {
    const [first, second, third] = parseStats(
      [
        line('a'),
        line('b', { CPUPerc: '--', MemUsage: '-- / --', PIDs: '--' }),
        line('c', { CPUPerc: '250.00%', MemUsage: '12kB / 0B' }),
        'WARNING: something',
        '',
      ].join('\n'),
    );
    expect(first).toEqual({
      id: 'a',
      usage: { cpuPercent: 12.34, memory: 1_572_864, memoryLimit: 2 ** 32, pids: 3 },
    });
    expect(second?.usage).toEqual({ cpuPercent: null, memory: null, memoryLimit: null, pids: null });
    expect(third?.usage).toEqual({ cpuPercent: 250, memory: 12_000, memoryLimit: null, pids: 3 });
  });
});

function run(id: string, state: string | undefined): RunSummary {
  return {
    ...{ run: id, type: 'pi', agent: id, session: undefined, sessionId: undefined, workspace: '/w' },
    ...{ createdAt: '', engine: 'docker', orphan: false, owner: { uid: 0, pid: 1, startTime: '', boot: '' } },
    container: state === undefined ? undefined : { id: `${id}-id`, name: id, state },
  };
}

describe('runs are measured', () => {
  test('those that run, in one call', async () => {
    const { engine, calls } = scriptEngine(() => `${line('a-id')}\n${line('b-id')}\n`);
    const usages = await measureRuns(
      [run('a', 'running'), run('b', 'running'), run('c', 'exited')],
      () => engine,
      systemClock,
    );
    expect([...usages.keys()]).toEqual(['a', 'b']);
    expect(calls).toEqual(['stats --no-stream --no-trunc --format {{json .}} a-id b-id']);
  });

  test('the others too when one went away meanwhile', async () => {
    const { engine } = scriptEngine((args) =>
      args.includes('b-id')
        ? { exitCode: 1, stderr: 'Error response from daemon: No such container: b-id' }
        : line('a-id'),
    );
    const usages = await measureRuns([run('a', 'running'), run('b', 'running')], () => engine, systemClock);
    expect([...usages.keys()]).toEqual(['a']);
  });

  test('on the host from its processes', async () => {
    const clock = { now: () => Date.now(), sleep: async () => undefined };
    const usages = await measureRuns([run('0123456789ab', undefined)], () => undefined, clock);
    expect(usages.get('0123456789ab')).toMatchObject({ memory: 0, pids: 0 });
  });
});

test('the table', () => {
  const known = { run: 'aaaa11112222', type: 'pi', agent: 'main', session: 'refactor' };
  const rows = [
    { ...known, cpuPercent: 12.34, memory: 1_572_864, memoryLimit: 2 ** 32, pids: 3, uptimeMs: 65_000 },
    { ...known, session: null, cpuPercent: null, memory: null, memoryLimit: null, pids: null, uptimeMs: 0 },
  ];
  expect(formatStats(rows)).toMatchInlineSnapshot(`
    "RUN           AGENT  SESSION   CPU    MEMORY  LIMIT  PIDS  UPTIME
    aaaa11112222  main   refactor  12.3%  2m      4.0g   3     1m 5s
    aaaa11112222  main   -         -      -       -      -     0s
    "
  `);
});
