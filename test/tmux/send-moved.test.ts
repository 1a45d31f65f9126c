import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ensureBuilt, makeScratch } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer } from '../support/tmux-server.ts';

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(async () => {
  server = openTestServer();
  scratch = makeScratch('moved');
  driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '200' });
  await server.start();
});

afterEach(async () => {
  await server.kill();
  scratch.remove();
});

async function start(session: string, ...agents: readonly string[]): Promise<void> {
  const specs = agents.flatMap((agent) => ['--agent', `demo:${agent}`]);
  expect(await driver.run('start', session, ...specs)).toMatchObject({ code: 0 });
}

async function findPane(agent: string): Promise<string> {
  const rows = await server.run('list-panes', '-a', '-F', '#{pane_id} #{@adr_agent}');
  return /^(%\d+) /.exec(rows.split('\n').find((row) => row.endsWith(` ${agent}`)) ?? '')?.[1] ?? '';
}

const ask = (agent: string) => driver.run('send', 'one', '--agent', agent, '--wait', `to ${agent}`);
const listSessions = () => server.run('list-sessions', '-F', '#{session_name}');

describe('a pane that the user moved is found by what it carries', () => {
  test.each([
    ['to another window', ['break-pane', '-d', '-s', 'PANE', '-t', '=adr-one:']],
    ['to a session of his own', ['join-pane', '-d', '-s', 'PANE', '-t', '=keep:']],
    ['to another session of ours', ['join-pane', '-d', '-s', 'PANE', '-t', '=adr-two:']],
  ])('%s', async (_, words) => {
    await start('one', 'a', 'b');
    await start('two', 'a');
    const pane = await findPane('b');
    await server.run(...words.map((word) => (word === 'PANE' ? pane : word)));
    expect((await driver.readAgents('one')).map(({ agent }) => agent)).toEqual(['a', 'b']);
    expect((await driver.readAgents('two')).map(({ agent }) => agent)).toEqual(['a']);
    expect((await ask('b')).stdout).toBe('You said: to b\n');
    await driver.run('send', 'one', '--agent', 'b', '/hang');
    await driver.waitForState('one', 'b', 'RUNNING');
    expect(await driver.run('interrupt', 'one', '--agent', 'b')).toMatchObject({
      code: 0,
      stdout: 'b: interrupted\n',
    });
    expect((await driver.run('send', 'two', '--wait', 'x')).stdout).toBe('You said: x\n');
    expect(await driver.run('stop', 'one')).toMatchObject({ code: 0 });
    expect((await listSessions()).split('\n').sort()).toEqual(['adr-two', 'keep']);
    expect(await server.run('list-panes', '-a', '-F', '#{@adr_agent}')).not.toContain('b');
  });

  test('all of them moved: the session is still there, and is stopped without the one they are in', async () => {
    await start('one', 'a');
    await server.run('join-pane', '-d', '-s', await findPane('a'), '-t', '=keep:');
    expect(await listSessions()).toBe('keep');
    expect((await ask('a')).stdout).toBe('You said: to a\n');
    expect(await driver.run('start', 'one', '--agent', 'demo:a')).toMatchObject({ code: 5 });
    await driver.run('send', 'one', '/exit 3');
    expect(await driver.waitForState('one', 'a', 'EXITED')).toMatchObject({ exit: 3 });
    expect(await driver.run('stop', 'one')).toMatchObject({ code: 0 });
    expect(await server.run('list-panes', '-a', '-F', '#{session_name}')).toBe('keep');
  });

  test('a window that is linked into two sessions is one agent; a renamed session keeps its name', async () => {
    await start('one', 'a', 'b');
    await server.run('link-window', '-d', '-s', '=adr-one:', '-t', '=keep:');
    await server.run('rename-session', '-t', '=adr-one:', 'my-name');
    expect((await driver.readAgents('one')).map(({ agent }) => agent)).toEqual(['a', 'b']);
    expect((await ask('a')).stdout).toBe('You said: to a\n');
    expect(await driver.run('send', 'my-name', 'x')).toMatchObject({ code: 3 });
    expect(await driver.run('stop', 'one')).toMatchObject({ code: 0 });
    expect(await listSessions()).toBe('keep');
  });
});

test('a server that somebody restarted: every command says that the session is gone, and it can be started anew', async () => {
  await start('one', 'a');
  const waiting = driver.run('send', 'one', '--wait', '/hang');
  await driver.waitForState('one', 'a', 'RUNNING');
  await server.kill();
  await server.start();
  expect(await waiting).toMatchObject({ code: 3, stdout: '' });
  for (const words of [
    ['send', 'one', 'x'],
    ['interrupt', 'one'],
    ['status', 'one'],
    ['stop', 'one'],
  ]) {
    const said = await driver.run(...words);
    expect(said, words.join(' ')).toMatchObject({ code: 3, stdout: '' });
    expect(said.stderr).toContain('no session "one"\n  start one: ');
  }
  await start('one', 'a');
  expect((await ask('a')).stdout).toBe('You said: to a\n');
});

test('eight agents at once, prompted right after start returned', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `a${index}`);
  await start('one', ...names);
  const sent = await driver.run('send', 'one', '--all', '--wait', 'hello');
  expect(sent, sent.stderr).toMatchObject({ code: 0, stdout: 'You said: hello\n'.repeat(8) });
});
