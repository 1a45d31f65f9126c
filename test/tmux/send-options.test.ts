import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ensureBuilt, makeScratch, ROOT, runProgram } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(async () => {
  server = openTestServer();
  scratch = makeScratch('send');
  driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '300' });
  const agents = ['--agent', 'demo:a', '--agent', 'demo:b'];
  expect(await driver.run('start', 'two', ...agents)).toMatchObject({ code: 0 });
  await driver.waitForState('two', 'a', 'IDLE');
  await driver.waitForState('two', 'b', 'IDLE');
});

afterEach(async () => {
  await server.kill();
  scratch.remove();
});

const screen = (agent: 'a' | 'b'): Promise<string> =>
  server.run('capture-pane', '-p', '-t', `=adr-two:agents.${agent === 'a' ? 0 : 1}`);

async function readPrompts(agent: string): Promise<readonly string[]> {
  const found = (await driver.readAgents('two')).find((entry) => entry.agent === agent);
  return driver
    .readReports(found?.run ?? '')
    .split('\n')
    .filter((line) => line.includes('"event":"prompt"'))
    .map((line) => (JSON.parse(line.slice(line.indexOf('{'))) as { text: string }).text);
}

describe('who', () => {
  test('several agents need a choice; names, a type, all', async () => {
    const none = await driver.run('send', 'two', 'x');
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('--agent a, --agent b');
    expect((await driver.run('send', 'two', '-a', 'b', '-a', 'a', 'one')).stdout).toBe(
      'a: submitted (confirmed by the agent)\nb: submitted (confirmed by the agent)\n',
    );
    expect(await driver.run('send', 'two', '--type', 'demo', 'two')).toMatchObject({ code: 0 });
    expect(await driver.run('send', 'two', '--all', 'three')).toMatchObject({ code: 0 });
    expect(await readPrompts('a')).toEqual(['one', 'two', 'three']);
    expect(await driver.run('send', 'two', '--type', 'pi', 'x')).toMatchObject({ code: 3 });
    expect((await driver.run('send', 'two', '--agent', 'aa', 'x')).stderr).toContain('did you mean "a"');
    expect(await driver.run('send', 'two', '--all', '--agent', 'a', 'x')).toMatchObject({ code: 2 });
    expect(await driver.run('send', 'two', '--agent', 'a', '--timeout', '5s', 'x')).toMatchObject({
      code: 2,
    });
  });
});

describe('how', () => {
  test('--dry-run sends nothing and says what stands in the way', async () => {
    await driver.run('send', 'two', '--agent', 'b', '/ask rm -rf build');
    await driver.waitForState('two', 'b', 'WAITING');
    const dry = await driver.run('send', 'two', '--all', '--dry-run', 'one\ntwo');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(/^a: would get 7 bytes, 2 lines\nb: waiting: .*rm -rf build\n$/);
    expect(await readPrompts('a')).toEqual([]);
  });

  test('the same prompt twice at once is two prompts, each confirmed by its own report', async () => {
    const sent = await Promise.all([1, 2].map(() => driver.run('send', 'two', '-a', 'a', '--wait', 'again')));
    expect(sent.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, 'You said: again\n'],
      [0, 'You said: again\n'],
    ]);
    expect(await readPrompts('a')).toEqual(['again', 'again']);
  });

  test('--no-submit leaves the text; the next prompt is refused, --clear-input takes it away', async () => {
    const left = await driver.run('send', 'two', '--agent', 'a', '--no-submit', 'not\nyet');
    expect(left).toMatchObject({
      code: 0,
      stdout: 'a: typed (seen on its screen): it stands in the composer, as asked\n',
    });
    expect(await screen('a')).toContain('yet');
    expect(await driver.run('send', 'two', '--agent', 'a', 'x')).toMatchObject({ code: 6 });
    expect(await driver.run('send', 'two', '--agent', 'a', '--clear-input', 'now')).toMatchObject({
      code: 0,
    });
    expect(await readPrompts('a')).toEqual(['now']);
  });

  test('--keys presses keys; what is no key is refused, not typed', async () => {
    await driver.run('send', 'two', '--agent', 'a', '/ask rm -rf build');
    await driver.waitForState('two', 'a', 'WAITING');
    expect(await driver.run('send', 'two', '--agent', 'a', '--keys', 'n')).toMatchObject({
      code: 0,
      stdout: 'a: pressed\n',
    });
    await driver.waitForState('two', 'a', 'IDLE');
    const wrong = await driver.run('send', 'two', '--agent', 'a', '--keys', 'Escape,Bogus');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('"Bogus" is no key');
    expect(await screen('a')).not.toContain('Bogus');
  });

  test('--literal: a command of the agent is text', async () => {
    const sent = await driver.run('send', 'two', '--agent', 'a', '--literal', '--wait', '/exit 3');
    expect(sent).toMatchObject({ code: 0 });
    expect((await driver.readAgents('two'))[0]?.state).not.toBe('EXITED');
  });

  test('--no-ready-wait and --ready-timeout: not ready is said, nothing is pasted', async () => {
    await driver.run('send', 'two', '--agent', 'a', '/tool 5');
    const started = Date.now();
    const refused = await driver.run('send', 'two', '--agent', 'a', '--when', 'idle', '--no-ready-wait', 'x');
    expect(refused).toMatchObject({ code: 124, stdout: 'a: not-ready: it is still at work\n' });
    expect(Date.now() - started).toBeLessThan(3000);
    const late = await driver.run(
      'send',
      'two',
      '--agent',
      'a',
      '--when',
      'idle',
      '--ready-timeout',
      '500ms',
      'x',
    );
    expect(late).toMatchObject({ code: 124 });
    expect(await readPrompts('a')).toEqual(['/tool 5']);
  });

  test('--wait: an error, a question, a time limit and an exit are no answers', async () => {
    const wait = (...args: readonly string[]) => driver.run('send', 'two', '--agent', 'a', '--wait', ...args);
    expect(await wait('/error out of tokens')).toMatchObject({ code: 7, stdout: '' });
    expect(await wait('--timeout', '1s', '/tool 4')).toMatchObject({ code: 124, stdout: '' });
    const asked = await wait('/ask rm -rf build');
    expect(asked).toMatchObject({ code: 6, stdout: '' });
    expect(asked.stderr).toContain('it asks: ');
    await driver.run('send', 'two', '--agent', 'a', '--keys', 'n');
    await driver.waitForState('two', 'a', 'IDLE');
    expect(await wait('/exit 3')).toMatchObject({ code: 5, stdout: '' });
  });

  test('to all, one of them dead: the others get it, each is told, exit 7', async () => {
    await driver.run('send', 'two', '--agent', 'b', '/exit 3');
    await driver.waitForState('two', 'b', 'EXITED');
    const sent = await driver.run('send', 'two', '--all', '--json', 'hello');
    expect(sent.code).toBe(7);
    expect(JSON.parse(sent.stdout)).toMatchObject({
      v: 1,
      targets: [
        { agent: 'a', type: 'demo', outcome: 'submitted', proof: 'agent' },
        { agent: 'b', type: 'demo', outcome: 'exited', proof: 'none', detail: 'the agent has exited (3)' },
      ],
    });
    expect(await readPrompts('a')).toEqual(['hello']);
    const keys = await driver.run('send', 'two', '--all', '--keys', 'C-e');
    expect(keys).toMatchObject({ code: 7, stdout: 'a: pressed\nb: exited\n' });
  });

  test('a prompt from a file, from standard input, and nothing at all', async () => {
    expect(await driver.run('send', 'two', '--agent', 'a', '--file', '/etc/hostname')).toMatchObject({
      code: 0,
    });
    expect(await driver.run('send', 'two', '--agent', 'a', '')).toMatchObject({ code: 2, stdout: '' });
    expect((await driver.run('send', 'two', '--agent', 'a')).stderr).toContain('the prompt is empty');
    const empty = await runProgram('adr-tmux', ['send', 'two', '--agent', 'a', '-'], {
      env: driver.env,
      input: '',
    });
    expect(empty).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('a question that comes up behind the paste', () => {
  test.each([2.2, 2.4, 2.6, 2.8])(
    'is never answered by our Enter (sent %s s after the tool began)',
    async (offset) => {
      await driver.run('send', 'two', '--agent', 'a', '/tool 3');
      await driver.run('send', 'two', '--agent', 'a', '/ask rm -rf x');
      const run = (await driver.readAgents('two'))[0]?.run ?? '';
      await waitFor('the tool', () => driver.readReports(run).includes('"event":"tool"'));
      await new Promise((resolve) => setTimeout(resolve, offset * 1000));
      const { stdout } = await driver.run('send', 'two', '--agent', 'a', 'innocent');
      const asks = await driver.waitForState('two', 'a', 'WAITING').then(
        () => true,
        () => false,
      );
      // What was said of the prompt, should it go wrong.
      const told = { stdout, asks, answered: driver.readReports(run).includes('"event":"answered"') };
      expect(told).toEqual({ stdout, asks: true, answered: false });
    },
  );
});

test('Ctrl+C in the middle says what may be left, and the next sender is not held up', async () => {
  await driver.run('send', 'two', '--agent', 'a', '/tool 3');
  const child = execa(
    process.execPath,
    [join(ROOT, 'bin/adr-tmux.js'), 'send', 'two', '-a', 'a', '--when', 'idle', 'x'],
    {
      env: driver.env,
      reject: false,
      stdin: 'ignore',
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  child.kill('SIGINT');
  const { signal, stderr } = await child;
  expect([signal, stderr]).toEqual(['SIGINT', expect.stringContaining('interrupted: ')]);
  expect((await driver.run('send', 'two', '--agent', 'a', '--wait', 'y')).stdout).toBe('You said: y\n');
  expect(await readPrompts('a')).toEqual(['/tool 3', 'y']);
});

describe('interrupt', () => {
  test('a sender that waits for the end of the turn keeps nobody out', async () => {
    await driver.run('send', 'two', '--agent', 'a', '/hang');
    await driver.waitForState('two', 'a', 'RUNNING');
    const waiting = ['one', 'two'].map((text) =>
      driver.run('send', 'two', '--agent', 'a', '--wait', '--ready-timeout', '100s', text),
    );
    const stopped = await driver.run('interrupt', 'two', '--agent', 'a', '--timeout', '60s');
    expect(stopped).toMatchObject({ code: 0, stdout: 'a: interrupted\n' });
    // Two that wait for idle: each has a turn of its own.
    const answers = await Promise.all(waiting);
    expect(answers.map(({ stdout }) => stdout)).toEqual(['You said: one\n', 'You said: two\n']);
  });

  test('ends the turn, and says when there was none', async () => {
    await driver.run('send', 'two', '--agent', 'a', '/hang');
    await driver.waitForState('two', 'a', 'RUNNING');
    const stopped = await driver.run('interrupt', 'two', '--all');
    expect(stopped).toMatchObject({ code: 0, stdout: 'a: interrupted\nb: no turn was running\n' });
    expect((await driver.run('send', 'two', '--agent', 'a', '--wait', 'x')).stdout).toBe('You said: x\n');
  });

  test('never answers a question', async () => {
    await driver.run('send', 'two', '--agent', 'a', '/ask rm -rf build');
    await driver.waitForState('two', 'a', 'WAITING');
    expect(await driver.run('interrupt', 'two', '--agent', 'a')).toMatchObject({ code: 6 });
    await waitFor('the question', async () => (await screen('a')).includes('1. Yes'));
  });
});
