import { describe, expect, test } from 'vitest';
import { demo } from '../../../src/agents/demo/demo.ts';
import type { LaunchRequest } from '../../../src/agents/types.ts';

const request: LaunchRequest = {
  place: 'host',
  mode: 'interactive',
  approvals: 'ask',
  args: [],
  workspace: '/work',
  home: '/home/user',
  uid: 1000,
  assets: '/assets',
  reports: '/reports',
  env: {},
  config: new Map(),
};

describe('demo.prepareLaunch', () => {
  test('names the program and where it reports', () => {
    expect(demo.prepareLaunch({ ...request, args: ['--resume', 'x'] })).toMatchObject({
      argv: ['adr-demo-agent', '--resume', 'x'],
      env: { ADR_REPORTS: '/reports' },
      stdin: undefined,
    });
  });

  test('headless reads its prompt on stdin', () => {
    const launch = demo.prepareLaunch({
      ...request,
      mode: 'headless-json',
      prompt: '--all',
      approvals: 'never',
      reports: undefined,
    });
    expect(launch).toMatchObject({
      argv: ['adr-demo-agent', '--approvals', 'never', '--print', '--json'],
      stdin: '--all',
      env: {},
    });
  });
});

describe('demo.parseReport', () => {
  const parse = (body: unknown) => demo.parseReport({ at: 5, source: 'demo', body });

  test('reads its own events', () => {
    const facts = { at: 5, conversation: 'c' };
    expect(parse({ event: 'prompt', text: ' a\n', conversation: 'c' })).toEqual([
      { ...facts, kind: 'prompt', text: ' a\n' },
    ]);
    expect(parse({ event: 'ask', what: 'npm test', conversation: 'c' })).toEqual([
      { ...facts, kind: 'ask', question: 'approval', what: 'npm test' },
    ]);
    expect(parse({ event: 'error', message: '401', retrying: false, conversation: 'c' })).toEqual([
      { ...facts, kind: 'error', message: '401', retrying: false },
    ]);
  });

  test.each([null, 3, [], {}, { event: 'else' }, { event: 'prompt' }])('knows nothing of %j', (body) => {
    expect(parse(body)).toEqual([]);
  });

  test('does not read what others wrote', () => {
    expect(demo.parseReport({ at: 5, source: 'claude', body: { event: 'busy' } })).toEqual([]);
  });
});
