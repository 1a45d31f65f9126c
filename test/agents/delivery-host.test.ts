import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeliveryBox, openDeliveryBox } from '../support/delivery-box.ts';
import {
  describeHugePrompt,
  describeMoments,
  describeObstacles,
  describePrompts,
} from '../support/delivery-tests.ts';
import { installHostAgents } from '../support/host-agents.ts';

let box: DeliveryBox;
const getBox = (): DeliveryBox => box;

beforeAll(async () => {
  const bin = await installHostAgents();
  box = await openDeliveryBox({
    name: 'host',
    host: '127.0.0.1',
    args: ['--engine', 'host'],
    env: { PATH: `${bin}:${process.env.PATH ?? ''}` },
  });
});

afterAll(() => box.close());

test('on the host nobody answers for the user: claude and codex ask whether the folder is trusted', async () => {
  for (const type of ['claude', 'codex']) {
    const asking = await box.driver.waitForState('box', type, 'WAITING', 120_000);
    expect(asking.question?.what).toMatch(/trust/i);
  }
  const refused = await box.send('hello', '--agent', 'claude', '--agent', 'codex');
  expect(refused.map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting']);
  await box.driver.run('send', 'box', '--agent', 'claude', '--agent', 'codex', '--keys', 'Enter');
  await box.waitUntilAll('IDLE');
});

describePrompts(getBox);
describeObstacles(getBox, ['look at @READ']);
describeMoments(getBox);

test('a question for permission: a prompt does not answer it', async () => {
  await box.send('SC-ASK rm -rf build', '--agent', 'claude', '--agent', 'codex');
  for (const type of ['claude', 'codex']) {
    expect((await box.driver.waitForState('box', type, 'WAITING', 30_000)).question?.what).toContain(
      'rm -rf build',
    );
  }
  const refused = await box.send('go on', '--agent', 'claude', '--agent', 'codex');
  expect(refused.map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting']);
  expect(box.countArrived('go on')).toEqual([0, 0, 0, 0]);
  await box.driver.run('send', 'box', '--agent', 'claude', '--agent', 'codex', '--keys', 'Escape');
});

describeHugePrompt(getBox);
