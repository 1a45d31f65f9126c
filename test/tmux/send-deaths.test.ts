import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureBuilt, makeScratch } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer } from '../support/tmux-server.ts';

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(async () => {
  server = openTestServer();
  scratch = makeScratch('deaths');
  driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '200' });
  await server.start();
});

afterEach(async () => {
  await server.kill();
  scratch.remove();
});

const MOMENTS = [0, 200, 300, 400, 500, 700];

test('a pane that dies at any moment of a send takes no server down, and is not called submitted in vain', async () => {
  for (const [index, moment] of MOMENTS.entries()) {
    const session = `s${index}`;
    expect(await driver.run('start', session, '--agent', 'demo:a')).toMatchObject({ code: 0 });
    await driver.waitForState(session, 'a', 'IDLE');
    const [agent] = await driver.readAgents(session);
    const pid = Number(await server.run('display-message', '-p', '-t', `=adr-${session}:`, '#{pane_pid}'));
    const sending = driver.run('send', session, `line one\nline two ${index}`, '--ready-timeout', '5s');
    await new Promise((resolve) => setTimeout(resolve, moment));
    const reports = driver.readReports(agent?.run ?? '');
    process.kill(pid, 'SIGKILL');
    const { code, stdout } = await sending;
    expect([0, 5, 7], stdout).toContain(code);
    // It was confirmed by a report that stood there, or written between our look and its end.
    if (code === 0) expect(stdout + reports).toMatch(/confirmed by the agent/);
    expect(await server.run('list-sessions', '-F', '#{session_name}')).toContain('keep');
    expect(await driver.run('stop', session)).toMatchObject({ code: 0 });
  }
}, 120_000);

test('a session that went with its server is not found, and can be started anew', async () => {
  expect(await driver.run('start', 'one', '--agent', 'demo:a')).toMatchObject({ code: 0 });
  await server.kill();
  expect(await driver.run('send', 'one', 'x')).toMatchObject({ code: 3, stdout: '' });
  expect((await driver.run('status')).stdout).toContain('No sessions');
  expect(await driver.run('start', 'one', '--agent', 'demo:a')).toMatchObject({ code: 0 });
  expect((await driver.run('send', 'one', '--wait', 'x')).stdout).toBe('You said: x\n');
});

test('a pane that was moved to another window is found', async () => {
  expect(await driver.run('start', 'one', '--agent', 'demo:a', '--agent', 'demo:b')).toMatchObject({
    code: 0,
  });
  await server.run('break-pane', '-d', '-s', '=adr-one:agents.1');
  expect((await driver.run('send', 'one', '--agent', 'b', '--wait', 'x')).stdout).toBe('You said: x\n');
});

test('eight agents at once', async () => {
  const specs = Array.from({ length: 8 }, (_, index) => ['--agent', `demo:a${index}`]).flat();
  expect(await driver.run('start', 'many', ...specs)).toMatchObject({ code: 0 });
  const sent = await driver.run('send', 'many', '--all', '--wait', 'hello');
  expect(sent, sent.stderr).toMatchObject({ code: 0 });
  expect(sent.stdout).toBe('You said: hello\n'.repeat(8));
});
