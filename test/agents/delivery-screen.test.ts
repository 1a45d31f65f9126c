import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentTypes } from '../support/agent-homes.ts';
import { type DeliveryBox, expectAll, openDeliveryBox, PROMPTS, summarise } from '../support/delivery-box.ts';
import { testTag } from '../support/images.ts';

let box: DeliveryBox;

beforeAll(async () => {
  box = await openDeliveryBox({
    name: 'screen',
    host: 'host.docker.internal',
    args: ['--tag', testTag, '--no-reports'],
  });
  await box.waitUntilAll('IDLE');
});

afterAll(() => box.close());

test.each(PROMPTS)('with reporters off the screen confirms: %s', async (_, text) => {
  expect(summarise(await box.send(text, '--all', '--when', 'idle'))).toEqual(
    expectAll('submitted', 'screen'),
  );
  await box.waitUntilArrived(text);
  expect(box.countArrived(text)).toEqual([1, 1, 1, 1]);
});

test('--wait prints the new part of the screen', async () => {
  await box.waitUntilAll('IDLE');
  for (const type of agentTypes) {
    const sent = await box.driver.run('send', 'box', '--agent', type, '--wait', `SC-ECHO seen-${type}`);
    expect(sent, sent.stderr).toMatchObject({ code: 0, stderr: expect.stringContaining('from its screen') });
    expect(sent.stdout).toContain(`answer to seen-${type}`);
    expect(sent.stdout).not.toContain('SC-ECHO');
    expect(sent.stdout).not.toContain('forty line');
  }
});
