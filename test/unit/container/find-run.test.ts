import { describe, expect, test } from 'vitest';
import { buildExecArgs } from '../../../src/commands/adr/exec.ts';
import { findRun } from '../../../src/container/find-run.ts';
import type { RunSummary } from '../../../src/container/runs.ts';

function make(run: string, agent: string, session?: string, state?: string): RunSummary {
  return {
    run,
    type: 'pi',
    agent,
    session,
    sessionId: session,
    workspace: '/w',
    createdAt: '2026-01-01T00:00:00Z',
    engine: state === undefined ? 'host' : 'docker',
    container: state === undefined ? undefined : { id: `${run}ffff`, name: `adr-${agent}-${run}`, state },
    owner: { uid: 0, pid: 1, startTime: '', boot: '' },
    orphan: false,
  };
}

const runs = [
  make('aaaa11112222', 'main', 'refactor', 'running'),
  make('bbbb11112222', 'main', 'review', 'exited'),
  make('cccc11112222', 'dead', undefined, 'running'),
  make('dddd11112222', 'only'),
];

describe('a run is found', () => {
  test.each([
    ['aaaa11112222', 'aaaa11112222'],
    ['aaaa', 'aaaa11112222'],
    ['aaaa11112222ff', 'aaaa11112222'],
    ['adr-dead-cccc11112222', 'cccc11112222'],
    ['refactor/main', 'aaaa11112222'],
    ['only', 'dddd11112222'],
    // A name wins over the start of an id.
    ['dead', 'cccc11112222'],
  ])('by %j', (word, run) => {
    expect(findRun(runs, word).run).toBe(run);
  });

  test('and one that several answer to is asked about', () => {
    expect(() => findRun(runs, 'main')).toThrow('2 runs are called "main"');
    try {
      findRun(runs, 'main');
    } catch (error) {
      expect(error).toMatchObject({
        code: 'USAGE',
        hint: 'name one by its id: refactor/main (aaaa11112222), review/main (bbbb11112222)',
      });
    }
  });

  test.each(['', 'aaa', 'nope', 'refactor', 'adr-main'])('not by %j', (word) => {
    expect(() => findRun(runs, word)).toThrow(expect.objectContaining({ code: 'AGENT_NOT_FOUND' }));
  });
});

describe('exec', () => {
  const args = (word: string, command: readonly string[] = [], terminal = false) =>
    buildExecArgs({ run: findRun(runs, word), command, terminal });

  test('runs a command beside the agent, on a terminal only where there is one', () => {
    const keys = ['--detach-keys', 'ctrl-@,ctrl-@,ctrl-@,ctrl-^'];
    const words = args('aaaa', ['ls', '-l']);
    expect(words.slice(0, 5)).toEqual(['exec', '--interactive', ...keys, 'aaaa11112222ffff']);
    expect(words.slice(-2)).toEqual(['ls', '-l']);
    expect(args('aaaa', ['top'], true).slice(0, 3)).toEqual(['exec', '--interactive', '--tty']);
    expect(args('aaaa').at(-1)).toContain('exec bash');
  });

  test('needs a container that runs', () => {
    expect(() => args('only')).toThrow('there is no container to enter');
    expect(() => args('bbbb')).toThrow(expect.objectContaining({ code: 'AGENT_EXITED' }));
  });
});
