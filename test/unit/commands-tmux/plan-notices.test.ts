import { expect, test } from 'vitest';
import type { Change } from '../../../src/activity/find-changes.ts';
import { listFacts, planNotices } from '../../../src/commands/tmux/plan-notices.ts';
import type { AttachedClient } from '../../../src/session/clients.ts';
import { makePane, makeSession } from '../activity/observed.ts';

const change = (verdict: Partial<Change['verdict']>, pane = {}): Change => ({
  session: makeSession(),
  pane: makePane(pane),
  from: 'RUNNING',
  verdict: { state: 'WAITING', reason: 'why', witness: 'report', since: 5, progressAt: 5, ...verdict },
});

const client: AttachedClient = { name: 'c', sessionKey: '$1', pane: '%1', focused: true, tty: '/dev/null' };

test('waiting, stalled and exited are news, once the pane is not looked at', () => {
  const titles = (['WAITING', 'STALLED', 'EXITED', 'IDLE', 'RUNNING', 'STARTING'] as const).map(
    (state) => planNotices([change({ state })], [])[0]?.title,
  );
  expect(titles).toEqual([
    'one/main asks',
    'one/main makes no progress',
    'one/main has exited (code unknown)',
    undefined,
    undefined,
    undefined,
  ]);
  expect(planNotices([change({})], [client])).toEqual([]);
  const elsewhere = [
    { ...client, focused: false },
    { ...client, pane: '%2' },
  ];
  expect(planNotices([change({})], elsewhere)).toHaveLength(1);
});

test('what a command of ours ends is no news', () => {
  expect(planNotices([change({ state: 'EXITED' }, { ending: true, dead: true })], [])).toEqual([]);
});

test('what an agent says arrives as one short line without control characters', () => {
  const what = `rm \u001b]0;x\u0007-rf\n\u202e ${'y'.repeat(5000)}`;
  const [notice] = planNotices([change({ question: { kind: 'approval', what } })], []);
  expect(notice?.body).toMatch(/^rm \]0;x -rf y+…$/);
  expect(notice?.body).toHaveLength(200);
  expect(notice && listFacts(notice)).toMatchObject({
    ADR_SESSION: 'one',
    ADR_AGENT: 'main',
    ADR_STATE: 'WAITING',
    ADR_FROM: 'RUNNING',
    ADR_QUESTION: notice?.body,
    ADR_EXIT_CODE: '',
  });
});
