import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { normalisePrompt } from '../../src/prompt/clean-prompt.ts';
import { isSameProcessAlive } from '../../src/system/process-table.ts';
import { type AgentType, agentTypes } from './agent-homes.ts';
import { type DeliveryBox, expectAll, HUGE_PROMPT, PROMPTS, summarise } from './delivery-box.ts';
import { waitFor } from './tmux-server.ts';

type GetBox = () => DeliveryBox;

/** Sends to all four when they are idle and expects each to have got it, whole and once. */
async function expectDelivered(box: DeliveryBox, text: string, ...options: readonly string[]): Promise<void> {
  const sent = await box.send(text, '--all', '--when', 'idle', ...options);
  expect(summarise(sent)).toEqual(expectAll('submitted', 'agent'));
  await box.waitUntilArrived(text);
  expect(box.countArrived(text)).toEqual([1, 1, 1, 1]);
}

const isTouched = (box: DeliveryBox): boolean => existsSync(join(box.driver.workspace, 'pwned'));

/** The prompts themselves. */
export function describePrompts(get: GetBox): void {
  describe('what arrives at the model is what was sent, once, on all four', () => {
    test.each(PROMPTS)('%s', (_, text) => expectDelivered(get(), text));

    test('escape sequences and the end of a paste are taken out', async () => {
      const text = 'red \x1b[31mtext\x1b[0m and\x1b[201~ the end\r\nof it';
      const sent = await get().send(text, '--all', '--when', 'idle');
      expect(summarise(sent)).toEqual(expectAll('submitted', 'agent'));
      await get().waitUntilArrived('red text and the end\nof it');
    });

    test.each(['/help me out', '!touch pwned', '@README.md tell me', '#remember this'])(
      '%j as text',
      async (text) => {
        await expectDelivered(get(), text, '--literal');
        expect(isTouched(get())).toBe(false);
      },
    );
  });
}

/** What stands in the way of a prompt; `menus` are what a user types for a menu to open. */
export function describeObstacles(get: GetBox, menus: readonly string[]): void {
  describe('what stands in the way', () => {
    test('text that somebody is typing is not submitted; --clear-input removes it first', async () => {
      const box = get();
      await box.waitUntilAll('IDLE');
      for (const pane of await box.listPanes()) await box.paste(pane, 'half\na thought');
      const refused = await box.send('not now', '--all');
      expect(summarise(refused)).toEqual(expectAll('composer-busy', 'none'));
      await expectDelivered(box, 'now it may', '--clear-input');
      expect(box.countArrived('not now')).toEqual([0, 0, 0, 0]);
    });

    test('an open menu is left alone; one that our own prompt would open swallows nothing', async () => {
      const box = get();
      for (const typed of menus) {
        for (const pane of await box.listPanes()) await box.server.run('send-keys', '-l', '-t', pane, typed);
        const holding = agentTypes.map(
          (type) => `${type}: composer-busy: its composer holds text: "${typed}"\n`,
        );
        const look = async () => (await box.driver.run('send', 'box', '--all', '--dry-run', 'x')).stdout;
        await waitFor('the typed text', async () => (await look()) === holding.join(''), 30_000);
        expect(summarise(await box.send('not into it', '--all'))).toEqual(expectAll('composer-busy', 'none'));
        expect(await look()).toBe(holding.join(''));
        await expectDelivered(box, `after ${typed}`, '--clear-input');
      }
    });

    test("a command of the agent's own runs", async () => {
      const box = get();
      await box.waitUntilAll('IDLE');
      const commands = { pi: '/settings', opencode: '/models', claude: '/model', codex: '/model' };
      const shown = { pi: 'Auto-compact', opencode: 'Mock small', claude: 'Select model', codex: 'elect' };
      const sent = await Promise.all(agentTypes.map((type) => box.send(commands[type], '--agent', type)));
      expect(summarise(sent.flat())).toEqual(expectAll('submitted', 'screen'));
      for (const [index, pane] of (await box.listPanes()).entries()) {
        const words = shown[agentTypes[index] ?? 'pi'];
        await waitFor(words, async () =>
          (await box.server.run('capture-pane', '-p', '-t', pane)).includes(words),
        );
      }
      await box.driver.run('send', 'box', '--all', '--keys', 'Escape');
      await expectDelivered(box, 'after the command');
    });

    test('a lone ! never turns the next prompt into a shell command', async () => {
      const box = get();
      await box.waitUntilAll('IDLE');
      await box.driver.run('send', 'box', '--all', '--keys', '!');
      expect(summarise(await box.send('touch pwned', '--all'))).toEqual(expectAll('composer-busy', 'none'));
      await expectDelivered(box, 'touch nothing', '--clear-input');
      expect(isTouched(box)).toBe(false);
    });

    test('copy mode is left, a synchronized window and a resize do no harm', async () => {
      const box = get();
      await box.waitUntilAll('IDLE');
      for (const pane of await box.listPanes()) await box.server.run('copy-mode', '-t', pane);
      await box.server.run('set-option', '-w', '-t', '=adr-box:', 'synchronize-panes', 'on');
      const refused = await box.send('to all at once', '--agent', 'pi');
      await box.server.run('set-option', '-w', '-t', '=adr-box:', 'synchronize-panes', 'off');
      expect(refused.map(({ outcome }) => outcome)).toEqual(['not-ready']);
      const sending = expectDelivered(box, 'while it is resized');
      for (const width of ['150', '260', '221']) {
        await box.server.run('resize-window', '-t', '=adr-box:', '-x', width, '-y', '66');
      }
      await sending;
      expect(box.countArrived('to all at once')).toEqual([0, 0, 0, 0]);
    });
  });
}

/** The moments at which a prompt comes that need no tool of the agent to run. */
export function describeMoments(get: GetBox): void {
  describe('the moment', () => {
    test('after an error of the API', async () => {
      const box = get();
      await box.send('SC-401', '--all', '--when', 'idle');
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const stopped = await box.driver.run('interrupt', 'box', '--all', '--timeout', '30s');
      expect(stopped, stopped.stdout).toMatchObject({ code: 0 });
      await expectDelivered(box, 'after the error');
    });

    test('while a reply streams: taken into the turn or queued; right after interrupt: answered', async () => {
      const box = get();
      await box.waitUntilAll('IDLE');
      await box.send('SC-SLOW', '--all');
      await box.waitUntilAll('RUNNING');
      const sent = await box.send('meanwhile', '--all');
      expect(sent.map(({ agent, outcome }) => `${agent} ${outcome}`)).toEqual(WHILE_RUNNING);
      const stopped = await box.driver.run('interrupt', 'box', '--all', '--timeout', '30s');
      expect(stopped, stopped.stdout).toMatchObject({ code: 0 });
      await expectDelivered(box, 'right after the interrupt');
    });

    test('two that wait for idle at once have a turn each, and each gets its own answer', async () => {
      const box = get();
      await box.waitUntilAll('IDLE');
      const words = agentTypes.flatMap((type) =>
        [1, 2].map((number) => [type, `${type}-${number}`] as const),
      );
      const answers = await Promise.all(
        words.map(([type, word]) =>
          box.driver.run('send', 'box', '--agent', type, '--wait', `SC-ECHO ${word}`),
        ),
      );
      const expected = words.map(([, word]) => `answer to ${word}\n`);
      expect(answers.map(({ stdout }) => stdout)).toEqual(expected);
    });
  });
}

const WHILE_RUNNING = ['pi submitted', 'opencode queued', 'claude queued', 'codex submitted'];

/** While a tool runs that ends when the test says so; the agents must be free to run it. */
export function describeRunningTool(get: GetBox): void {
  test('three prompts into a turn at its tool: all arrive, each --wait gets its answer', async () => {
    const box = get();
    const go = join(box.driver.workspace, 'go');
    await box.waitUntilAll('IDLE');
    await box.send('SC-TOOL while [ ! -e go ]; do sleep 0.2; done', '--all');
    await box.waitUntilAll('RUNNING');
    const waiting: Promise<{ readonly stdout: string; readonly stderr: string }>[] = [];
    for (const number of [1, 2, 3]) {
      for (const type of agentTypes) {
        const words = ['--wait', '--when', 'now', `SC-ECHO ${type}-now-${number}`];
        waiting.push(box.driver.run('send', 'box', '--agent', type, ...words));
      }
      const panes = await box.listPanes();
      const isShown = async (pane: string, type: string) =>
        (await box.server.run('capture-pane', '-p', '-t', pane)).includes(`${type}-now-${number}`);
      await waitFor(
        `prompt ${number} on all screens`,
        async () =>
          (await Promise.all(panes.map((pane, index) => isShown(pane, agentTypes[index] ?? '')))).every(
            Boolean,
          ),
        60_000,
      );
    }
    await writeFile(go, '');
    const answers = (await Promise.all(waiting)).map(({ stdout }) => stdout);
    await rm(go);
    for (const [index, type] of agentTypes.entries()) {
      const own = [0, 1, 2].map((round) => answers[round * agentTypes.length + index] ?? '');
      expect(own, type).toEqual(ANSWERS_TO_THREE[type]);
    }
  });
}

/** The prompt that waits behind the tool may come back into the composer: it must not be joined to the next. */
export function describeInterruptedTool(get: GetBox): void {
  test('interrupt ends a turn at its tool, with a prompt behind it; the next is answered', async () => {
    const box = get();
    await box.waitUntilAll('IDLE');
    await box.send('SC-TOOL sleep 60', '--all');
    await box.waitUntilAll('RUNNING');
    await box.send('in between', '--all');
    const stopped = await box.driver.run('interrupt', 'box', '--all', '--timeout', '60s');
    expect(stopped, stopped.stdout).toMatchObject({ code: 0 });
    await expectDelivered(box, 'after the tool');
  });
}

/**
 * pi answers one after the other in one turn, and tells the turn's last answer; opencode answers all three at once;
 * claude takes them into the turn that runs; codex takes them one by one, some of them into the same turn.
 */
const ANSWERS_TO_THREE: Readonly<Record<AgentType, unknown>> = {
  pi: ['answer to pi-now-3\n', 'answer to pi-now-3\n', 'answer to pi-now-3\n'],
  opencode: ['answer to opencode-now-3\n', 'answer to opencode-now-3\n', 'answer to opencode-now-3\n'],
  claude: Array.from({ length: 3 }, () => expect.stringMatching(/^tool said: .*\n$/)),
  codex: ['[123]', '[23]', '3'].map((last) => expect.stringMatching(`^answer to codex-now-${last}\n$`)),
};

/** Last of all: from here on pi takes long to draw its screen. */
export function describeHugePrompt(get: GetBox): void {
  test('300 KB', () => expectDelivered(get(), HUGE_PROMPT));
}

/** The whole session after its tmux server was killed. */
export function describeResume(get: GetBox): void {
  test('resume after a dead tmux server: each goes on with its own conversation', async () => {
    const box = get();
    const { driver, model, server } = box;
    const listConversations = async () => (await driver.readAgents('box')).map((agent) => agent.conversation);
    await expectDelivered(box, 'SC-SAY remember the kumquat');
    await box.waitUntilAll('IDLE');
    const before = await waitFor('their conversations', async () => {
      const known = await listConversations();
      return known.every((id) => id !== undefined) && known;
    });

    const pid = Number(await server.run('display-message', '-p', '#{pid}'));
    process.kill(pid, 'SIGKILL');
    await waitFor('the end of the tmux server', () => !isSameProcessAlive(pid, ''));
    const resumed = await driver.run('resume', 'box', '--json');
    expect(resumed).toMatchObject({ code: 0 });
    const { agents } = JSON.parse(resumed.stdout) as { readonly agents: readonly { conversation: string }[] };
    expect(agents.map(({ conversation }) => conversation)).toEqual(before);

    await box.waitUntilAll('IDLE');
    await expectDelivered(box, 'SC-SAY and what was it');
    for (const type of agentTypes) {
      const request = await model.waitForUserText('SC-SAY and what was it', { agent: type });
      expect(request.turn?.userTexts.map(normalisePrompt)).toContain('SC-SAY remember the kumquat');
    }
  });
}
