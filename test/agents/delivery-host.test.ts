import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentTypes } from '../support/agent-homes.ts';
import { type DeliveryBox, expectAll, openDeliveryBox, PROMPTS, summarise } from '../support/delivery-box.ts';
import { installHostAgents } from '../support/host-agents.ts';

let box: DeliveryBox;

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

test.each(PROMPTS)('%s', async (_, text) => {
  expect(summarise(await box.send(text, '--all', '--when', 'idle'))).toEqual(expectAll('submitted', 'agent'));
  await box.waitUntilArrived(text);
  expect(box.countArrived(text)).toEqual([1, 1, 1, 1]);
});

test('each answers', async () => {
  for (const type of agentTypes) {
    const sent = await box.driver.run('send', 'box', '--agent', type, '--wait', `SC-ECHO host-${type}`);
    expect(sent, sent.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`answer to host-${type}`),
    });
  }
});

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
});
