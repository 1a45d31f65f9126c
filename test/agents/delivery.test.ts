import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentTypes } from '../support/agent-homes.ts';
import {
  type DeliveryBox,
  expectAll,
  HUGE_PROMPT,
  openDeliveryBox,
  PROMPTS,
  summarise,
} from '../support/delivery-box.ts';
import { testTag } from '../support/images.ts';
import { waitFor } from '../support/tmux-server.ts';

let box: DeliveryBox;

beforeAll(async () => {
  box = await openDeliveryBox({ name: 'delivery', host: 'host.docker.internal', args: ['--tag', testTag] });
  await box.waitUntilAll('IDLE');
});

afterAll(() => box.close());

describe('what arrives at the model is what was sent, once, on all four', () => {
  test.each(PROMPTS)('%s', async (_, text) => {
    expect(summarise(await box.send(text, '--all', '--when', 'idle'))).toEqual(
      expectAll('submitted', 'agent'),
    );
    await box.waitUntilArrived(text);
    expect(box.countArrived(text)).toEqual([1, 1, 1, 1]);
  });

  test('escape sequences and the end of a paste are taken out', async () => {
    const sent = await box.send(
      'red \x1b[31mtext\x1b[0m and\x1b[201~ the end\r\nof it',
      '--all',
      '--when',
      'idle',
    );
    expect(summarise(sent)).toEqual(expectAll('submitted', 'agent'));
    await box.waitUntilArrived('red text and the end\nof it');
  });

  test.each(['/help me out', '!touch /workspace/pwned', '@README.md tell me', '#remember this'])(
    '%j as text',
    async (text) => {
      const sent = await box.send(text, '--all', '--when', 'idle', '--literal');
      expect(summarise(sent)).toEqual(expectAll('submitted', 'agent'));
      await box.waitUntilArrived(text);
      expect(box.countArrived(text)).toEqual([1, 1, 1, 1]);
      expect(await listWorkspace()).not.toContain('pwned');
    },
  );
});

describe('what stands in the way', () => {
  test('text that somebody is typing is not submitted; --clear-input removes it first', async () => {
    for (const pane of await box.listPanes()) await box.paste(pane, 'half\na thought');
    const refused = await box.send('not now', '--all');
    expect(summarise(refused)).toEqual(expectAll('composer-busy', 'none'));
    const cleared = await box.send('now it may', '--all', '--clear-input');
    expect(summarise(cleared)).toEqual(expectAll('submitted', 'agent'));
    await box.waitUntilArrived('now it may');
    expect(box.countArrived('not now')).toEqual([0, 0, 0, 0]);
  });

  test('a lone ! never turns the next prompt into a shell command', async () => {
    await box.waitUntilAll('IDLE');
    await box.driver.run('send', 'box', '--all', '--keys', '!');
    const refused = await box.send('touch /workspace/pwned', '--all');
    expect(summarise(refused)).toEqual(expectAll('composer-busy', 'none'));
    const sent = await box.send('touch nothing', '--all', '--clear-input');
    expect(summarise(sent)).toEqual(expectAll('submitted', 'agent'));
    expect(await listWorkspace()).not.toContain('pwned');
  });

  test('copy mode is left, a synchronized window and a resize do no harm', async () => {
    await box.waitUntilAll('IDLE');
    const [first = ''] = await box.listPanes();
    await box.server.run('copy-mode', '-t', first);
    await box.server.run('set-option', '-w', '-t', '=adr-box:', 'synchronize-panes', 'on');
    const refused = await box.send('to all at once', '--agent', 'pi');
    await box.server.run('set-option', '-w', '-t', '=adr-box:', 'synchronize-panes', 'off');
    expect(refused.map(({ outcome }) => outcome)).toEqual(['not-ready']);
    const sending = box.send('while it is resized', '--all', '--when', 'idle');
    for (const width of ['150', '260', '221']) {
      await box.server.run('resize-window', '-t', '=adr-box:', '-x', width, '-y', '66');
    }
    expect(summarise(await sending)).toEqual(expectAll('submitted', 'agent'));
    await box.waitUntilArrived('while it is resized');
    expect(box.countArrived('while it is resized')).toEqual([1, 1, 1, 1]);
    expect(box.countArrived('to all at once')).toEqual([0, 0, 0, 0]);
  });
});

describe('the moment', () => {
  test('after an error of the API', async () => {
    await box.send('SC-401', '--all', '--when', 'idle');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const stopped = await box.driver.run('interrupt', 'box', '--all', '--timeout', '30s');
    expect(stopped, stopped.stdout).toMatchObject({ code: 0 });
    const sent = await box.send('after the error', '--all', '--when', 'idle');
    expect(summarise(sent)).toEqual(expectAll('submitted', 'agent'));
    await box.waitUntilArrived('after the error');
  });

  test('while a reply streams: taken into the turn or queued, and not lost', async () => {
    await box.waitUntilAll('IDLE');
    await box.send('SC-SLOW', '--all');
    await box.waitUntilAll('RUNNING');
    const sent = await box.send('meanwhile', '--all');
    expect(sent.map(({ agent, outcome }) => `${agent} ${outcome}`)).toEqual([
      'pi submitted',
      'opencode queued',
      'claude queued',
      'codex submitted',
    ]);
    const stopped = await box.driver.run('interrupt', 'box', '--all', '--timeout', '30s');
    expect(stopped, stopped.stdout).toMatchObject({ code: 0 });
  });

  test('while a tool runs; interrupt ends it, and the next prompt is answered', async () => {
    await box.waitUntilAll('IDLE');
    await box.send('SC-TOOL sleep 60', '--all');
    await box.waitUntilAll('RUNNING');
    await box.send('in between', '--all');
    const stopped = await box.driver.run('interrupt', 'box', '--all', '--json');
    expect(stopped, stopped.stdout).toMatchObject({ code: 0 });
    const answers = await Promise.all(
      agentTypes.map((type) =>
        box.driver.run('send', 'box', '--agent', type, '--wait', `SC-ECHO after-${type}`),
      ),
    );
    for (const [index, type] of agentTypes.entries()) {
      expect(answers[index], answers[index]?.stderr).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`answer to after-${type}`),
      });
    }
  });

  test('20 senders to one agent at once: 20 prompts, none lost, none doubled', async () => {
    await box.waitUntilAll('IDLE');
    const texts = Array.from({ length: 20 }, (_, index) => `sender ${index} says hello`);
    const sent = await Promise.all(texts.map((text) => box.send(text, '--agent', 'pi', '--when', 'idle')));
    expect(sent.flat().map(({ outcome }) => outcome)).toEqual(texts.map(() => 'submitted'));
    await waitFor('all at the model', () => texts.every((text) => box.countArrived(text)[0] === 1), 30_000);
  });
});

// Last: from here on pi takes long to draw its screen.
test('300 KB', async () => {
  const sent = await box.send(HUGE_PROMPT, '--all', '--when', 'idle');
  expect(summarise(sent)).toEqual(expectAll('submitted', 'agent'));
  await box.waitUntilArrived(HUGE_PROMPT);
  expect(box.countArrived(HUGE_PROMPT)).toEqual([1, 1, 1, 1]);
});

async function listWorkspace(): Promise<string> {
  return (await execa('ls', ['-A', box.driver.workspace])).stdout;
}
