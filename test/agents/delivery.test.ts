import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normalisePrompt } from '../../src/prompt/clean-prompt.ts';
import { agentTypes, writeAgentHomes } from '../support/agent-homes.ts';
import { testTag } from '../support/images.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { ensureBuilt, makeScratch, type ProgramResult, runProgram } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let model: ModelServer;
let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(async () => {
  await ensureBuilt();
  model = await startModelServer();
  scratch = makeScratch('delivery');
  server = openTestServer();
  driver = driveSessions(scratch, server.socket);
  await writeAgentHomes(driver.home, (agent) => model.url(agent, 'host.docker.internal'));
  await execa('git', ['init', '-q'], { cwd: driver.workspace });
  const specs = agentTypes.flatMap((type) => ['--agent', `${type}:${type}`]);
  expect(await driver.run('start', 'box', ...specs, '--tag', testTag)).toMatchObject({ code: 0 });
  await Promise.all(agentTypes.map((type) => driver.waitForState('box', type, 'IDLE', 120_000)));
});

afterAll(async () => {
  await driver.run('stop', 'box');
  await server.kill();
  await model.close();
  scratch.remove();
});

interface Target {
  readonly agent: string;
  readonly outcome: string;
  readonly proof: string;
}

/** The text goes by standard input: a command line holds 128 KB at most. */
async function send(text: string, ...options: readonly string[]): Promise<readonly Target[]> {
  const result: ProgramResult = await runProgram('adr-tmux', ['send', 'box', '--json', ...options, '-'], {
    env: driver.env,
    input: text,
  });
  return (JSON.parse(result.stdout) as { targets: Target[] }).targets;
}

function countArrived(agent: string, text: string): number {
  return model.userTexts(agent).filter((arrived) => normalisePrompt(arrived) === normalisePrompt(text))
    .length;
}

const words = (bytes: number, name: string): string => {
  const lines: string[] = [];
  for (let size = 0, line = 0; size < bytes; line++) {
    lines.push(`${name} line ${line} with some words on it`);
    size += (lines.at(-1)?.length ?? 0) + 1;
  }
  return lines.join('\n');
};

const PROMPTS: readonly (readonly [string, string])[] = [
  ['one line', 'please look at the tests'],
  ['a leading dash', '- bullet first'],
  ['a semicolon at the end', 'say this;'],
  ['shell and tmux signs', `it's "quoted", $(touch /tmp/x), \`y\`, #{pid}, %9, \\n, ~ & | > <`],
  ['tabs', 'a\tb\n\tindented by a tab'],
  ['Unicode', 'grüße 日本語 👩‍👩‍👧 e\u0301 עברית ไทย'],
  ['blank and indented lines', 'first\n\n    indented\n\n\nlast'],
  ['200 lines', Array.from({ length: 200 }, (_, line) => `line ${line}`).join('\n')],
  ['4 KB', words(4_000, 'four')],
  ['40 KB', words(40_000, 'forty')],
  ['words of the agents', 'esc to interrupt · Do you want to proceed? ❯ 1. Yes'],
];

describe('what arrives at the model is what was sent, once, on all four', () => {
  test.each(PROMPTS)('%s', async (_, text) => {
    const targets = await send(text, '--all', '--when', 'idle');
    expect(targets.map(({ agent, outcome, proof }) => `${agent} ${outcome} ${proof}`)).toEqual(
      agentTypes.map((type) => `${type} submitted agent`),
    );
    await Promise.all(agentTypes.map((agent) => model.waitForUserText(text, { agent, timeoutMs: 20_000 })));
    expect(agentTypes.map((agent) => countArrived(agent, text))).toEqual([1, 1, 1, 1]);
  });

  test('escape sequences and the end of a paste are taken out', async () => {
    const targets = await send(
      'red \x1b[31mtext\x1b[0m and\x1b[201~ the end\r\nof it',
      '--all',
      '--when',
      'idle',
    );
    expect(targets.map(({ outcome }) => outcome)).toEqual(agentTypes.map(() => 'submitted'));
    const clean = 'red text and the end\nof it';
    await Promise.all(agentTypes.map((agent) => model.waitForUserText(clean, { agent, timeoutMs: 20_000 })));
  });

  test.each(['/help me out', '!touch /workspace/pwned', '@README.md tell me', '#remember this'])(
    '%j as text',
    async (text) => {
      const targets = await send(text, '--all', '--when', 'idle', '--literal');
      expect(targets.map(({ agent, outcome, proof }) => `${agent} ${outcome} ${proof}`)).toEqual(
        agentTypes.map((type) => `${type} submitted agent`),
      );
      const count = (agent: string): number =>
        model.userTexts(agent).filter((sent) => sent.replace(/^[\s\u200b]+/, '').startsWith(text)).length;
      await waitFor('the model', () => agentTypes.every((agent) => count(agent) > 0), 20_000);
      expect(agentTypes.map(count)).toEqual([1, 1, 1, 1]);
      const { stdout } = await execa('ls', ['-A', driver.workspace]);
      expect(stdout).not.toContain('pwned');
    },
  );
});

describe('what stands in the way', () => {
  test('text that somebody is typing is not submitted; --clear-input removes it first', async () => {
    const panes = (await server.run('list-panes', '-t', '=adr-box:', '-F', '#{pane_id}')).split('\n');
    for (const pane of panes) {
      await execa('tmux', ['-u', '-L', server.socket, 'load-buffer', '-b', 'typed', '-'], {
        input: 'half\na thought',
      });
      await server.run('paste-buffer', '-p', '-r', '-d', '-b', 'typed', '-t', pane);
    }
    const refused = await send('not now', '--all');
    expect(refused.map(({ outcome }) => outcome)).toEqual(agentTypes.map(() => 'composer-busy'));
    const cleared = await send('now it may', '--all', '--clear-input');
    expect(cleared.map(({ outcome }) => outcome)).toEqual(agentTypes.map(() => 'submitted'));
    await Promise.all(
      agentTypes.map((agent) => model.waitForUserText('now it may', { agent, timeoutMs: 20_000 })),
    );
    expect(agentTypes.map((agent) => countArrived(agent, 'not now'))).toEqual([0, 0, 0, 0]);
  });

  test('a lone ! never turns the next prompt into a shell command', async () => {
    await Promise.all(agentTypes.map((type) => driver.waitForState('box', type, 'IDLE', 30_000)));
    await driver.run('send', 'box', '--all', '--keys', '!');
    const refused = await send('touch /workspace/pwned', '--all');
    expect(refused.map(({ outcome }) => outcome)).toEqual(agentTypes.map(() => 'composer-busy'));
    const sent = await send('touch nothing', '--all', '--clear-input');
    expect(sent.map(({ outcome, proof }) => `${outcome} ${proof}`)).toEqual(
      agentTypes.map(() => 'submitted agent'),
    );
    const { stdout } = await execa('ls', ['-A', driver.workspace]);
    expect(stdout).not.toContain('pwned');
  });
});

describe('a running turn', () => {
  test('takes the prompt in or queues it; interrupt ends it, and the next prompt is answered', async () => {
    await Promise.all(agentTypes.map((type) => driver.waitForState('box', type, 'IDLE', 30_000)));
    await send('SC-TOOL sleep 60', '--all');
    await Promise.all(agentTypes.map((type) => driver.waitForState('box', type, 'RUNNING', 30_000)));
    const second = await send('in between', '--all');
    expect(second.map(({ agent, outcome }) => `${agent} ${outcome}`)).toEqual([
      'pi submitted',
      'opencode queued',
      'claude queued',
      'codex submitted',
    ]);
    const stopped = await driver.run('interrupt', 'box', '--all', '--json');
    expect(stopped, stopped.stdout).toMatchObject({ code: 0 });
    const answers = await Promise.all(
      agentTypes.map((type) => driver.run('send', 'box', '--agent', type, '--wait', `SC-ECHO after-${type}`)),
    );
    for (const [index, type] of agentTypes.entries()) {
      expect(answers[index], answers[index]?.stderr).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`answer to after-${type}`),
      });
    }
  });
});
