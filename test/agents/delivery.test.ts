import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeliveryBox, expectAll, openDeliveryBox, summarise } from '../support/delivery-box.ts';
import {
  describeHugePrompt,
  describeInterruptedTool,
  describeMoments,
  describeObstacles,
  describePrompts,
  describeResume,
  describeRunningTool,
} from '../support/delivery-tests.ts';
import { testTag } from '../support/images.ts';
import { waitFor } from '../support/tmux-server.ts';

let box: DeliveryBox;
const getBox = (): DeliveryBox => box;

beforeAll(async () => {
  box = await openDeliveryBox({ name: 'delivery', host: 'host.docker.internal', args: ['--tag', testTag] });
});

afterAll(() => box.close());

test('right after start returned, all four cold', async () => {
  const sent = await box.send('SC-SAY good morning', '--all', '--ready-timeout', '120s');
  expect(summarise(sent)).toEqual(expectAll('submitted', 'agent'));
  await box.waitUntilArrived('SC-SAY good morning');
  expect(box.countArrived('SC-SAY good morning')).toEqual([1, 1, 1, 1]);
});

describePrompts(getBox);
describeObstacles(getBox, ['/', 'look at @READ']);
describeMoments(getBox);
describeRunningTool(getBox);
describeInterruptedTool(getBox);

test('20 senders to one agent at once: 20 prompts, none lost, none doubled', async () => {
  await box.waitUntilAll('IDLE');
  const texts = Array.from({ length: 20 }, (_, index) => `sender ${index} says hello`);
  const sent = await Promise.all(texts.map((text) => box.send(text, '--agent', 'pi', '--when', 'idle')));
  expect(sent.flat().map(({ outcome }) => outcome)).toEqual(texts.map(() => 'submitted'));
  await waitFor('all at the model', () => texts.every((text) => box.countArrived(text)[0] === 1), 90_000);
});

describeResume(getBox);
describeHugePrompt(getBox);
