import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseHeartbeat } from '../../src/activity/heartbeat.ts';
import { ensureBuilt, makeScratch, ROOT } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(async () => {
  await ensureBuilt();
  server = openTestServer();
  scratch = makeScratch('wait');
  driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '400', ADR_DEMO_WORD_MS: '10' });
  // Keeps the server, and with it the monitor, from one test to the next.
  await start('keep', 'only');
});

afterAll(async () => {
  await server.kill();
  scratch.remove();
});

async function start(session: string, ...agents: readonly string[]): Promise<void> {
  const specs = agents.flatMap((agent) => ['--agent', `demo:${agent}`]);
  expect(await driver.run('start', session, ...specs)).toMatchObject({ code: 0 });
}

async function waitJson(...args: readonly string[]) {
  const { code, stdout } = await driver.run('wait', ...args, '--json');
  const parsed = JSON.parse(stdout) as {
    readonly result: string;
    readonly waitedMs: number;
    readonly agents: readonly { readonly agent: string; readonly state: string; readonly reached: boolean }[];
  };
  return { code, ...parsed, states: parsed.agents.map(({ agent, state }) => `${agent} ${state}`) };
}

/** Starts a wait that runs on while the test does something. */
function startWait(...args: readonly string[]) {
  const child = execa(process.execPath, [join(ROOT, 'bin/adr-tmux.js'), 'wait', ...args], {
    env: driver.env,
    reject: false,
    stdin: 'ignore',
  });
  return { child, code: child.then(({ exitCode }) => exitCode) };
}

describe('wait', () => {
  test('until the agents are ready, then until the turns just sent are over', async () => {
    await start('turns', 'a', 'b');
    expect(await waitJson('turns')).toMatchObject({
      code: 0,
      result: 'reached',
      states: ['a IDLE', 'b IDLE'],
    });
    for (let round = 0; round < 3; round++) {
      await driver.run('send', 'turns', '--agent', 'a', `hello ${round}`);
      const waited = await waitJson('turns');
      expect(waited).toMatchObject({ code: 0, states: ['a IDLE', 'b IDLE'] });
      const history = (await driver.run('events', 'turns', '-n', '1')).stdout;
      expect(JSON.parse(history)).toMatchObject({ kind: 'state', agent: 'a', to: 'IDLE' });
    }
    const text = await driver.run('wait', 'turns', '--agent', 'a');
    expect(text).toMatchObject({ code: 0, stdout: 'a [IDLE]\n', stderr: '' });
  });

  test('a question ends it, unless it was waited for; one agent is enough for --any', async () => {
    await start('asks', 'a', 'b');
    await driver.run('send', 'asks', '--agent', 'a', '/ask rm -rf build');
    expect(await waitJson('asks')).toMatchObject({ code: 6, result: 'waiting' });
    expect(await driver.run('wait', 'asks', '-a', 'a')).toMatchObject({
      code: 6,
      stdout: 'a [WAITING - rm -rf build]\n',
      stderr: 'a waits for an answer\n  answer it: adr-tmux answer asks --agent a yes (or no)\n',
    });
    expect(await waitJson('asks', '--until', 'waiting', '--until', 'idle')).toMatchObject({ code: 0 });
    expect(await waitJson('asks', '--any')).toMatchObject({ code: 0, states: ['a WAITING', 'b IDLE'] });
    expect(await waitJson('asks', '--any', '--until', 'any', '--type', 'demo')).toMatchObject({ code: 0 });
    expect(await waitJson('asks', '--next', '--until', 'waiting', '--timeout', '500ms')).toMatchObject({
      code: 124,
      result: 'timeout',
    });
  });

  test('an agent that exits ends it with 3, or is what was waited for', async () => {
    await start('ends', 'a', 'b');
    await driver.run('wait', 'ends');
    const idle = startWait('ends', '--next', '--until', 'idle');
    const exited = startWait('ends', '--any', '--until', 'exited');
    await driver.run('send', 'ends', '--agent', 'b', '/exit 3');
    expect(await idle.code).toBe(3);
    expect(await exited.code).toBe(0);
    expect(await waitJson('ends', '--until', 'idle')).toMatchObject({
      code: 3,
      states: ['a IDLE', 'b EXITED'],
    });
    const all = startWait('ends', '--until', 'exited');
    await driver.run('stop', 'ends');
    expect(await all.code).toBe(0);
    expect(await driver.run('wait', 'ends')).toMatchObject({ code: 3 });
  });

  test('times out, and leaves at Ctrl+C', async () => {
    await start('long', 'a');
    await driver.run('send', 'long', '/hang');
    expect(await driver.run('wait', 'long', '--timeout', '1s')).toMatchObject({
      code: 124,
      stdout: 'a [RUNNING]\n',
    });
    const waiting = startWait('long');
    // It is listening once its monitor has been asked to look often.
    const since = Date.now();
    await waitFor('a look', async () => {
      const beat = parseHeartbeat(await server.run('show-options', '-s', '-v', '@adr_monitor'));
      return (beat?.at ?? 0) > since + 300;
    });
    waiting.child.kill('SIGINT');
    expect(await waiting.code).toBe(130);
  });

  test('the monitor dies meanwhile: the wait sees the end all the same', async () => {
    await start('dies', 'a');
    await driver.run('wait', 'dies');
    await driver.run('send', 'dies', 'x');
    const waiting = startWait('dies');
    const beat = parseHeartbeat(await server.run('show-options', '-s', '-v', '@adr_monitor'));
    if (beat) process.kill(beat.pid, 'SIGKILL');
    expect(await waiting.code).toBe(0);
  });

  test('says what is wrong with its arguments', async () => {
    expect(await driver.run('wait', 'nobody')).toMatchObject({ code: 3 });
    expect(await driver.run('wait', 'keep', '-a', 'onli')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('did you mean "only"?'),
    });
    expect(await driver.run('wait', 'keep', '--until', 'done')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('idle, waiting, exited, stalled, any'),
    });
    expect(await driver.run('wait', 'keep', '--all', '--any')).toMatchObject({ code: 2 });
    expect(await driver.run('wait', 'keep', '--timeout', 'soon')).toMatchObject({ code: 2 });
  });
});

test('status --fail-on tells by its exit code whether somebody is needed', async () => {
  await start('needed', 'a');
  await driver.run('send', 'needed', '/ask x');
  await driver.waitForState('needed', 'a', 'WAITING');
  expect(await driver.run('status', 'needed', '--fail-on', 'stalled,waiting')).toMatchObject({ code: 8 });
  expect(await driver.run('status', '--fail-on', 'stalled', '--fail-on', 'exited')).toMatchObject({
    code: 0,
  });
  expect(await driver.run('status', 'needed', '--fail-on', 'bored')).toMatchObject({ code: 2 });
});
