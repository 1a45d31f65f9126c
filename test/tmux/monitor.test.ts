import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseHeartbeat } from '../../src/activity/heartbeat.ts';
import { isSameProcessAlive } from '../../src/system/process-table.ts';
import { ensureBuilt, makeScratch, ROOT } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(async () => {
  server = openTestServer();
  scratch = makeScratch('monitor');
  driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '300' });
  expect(await driver.run('start', 'one', '--agent', 'demo:main')).toMatchObject({ code: 0 });
});

afterEach(async () => {
  await server.kill();
  scratch.remove();
});

async function readBeat() {
  return parseHeartbeat(await server.run('show-options', '-s', '-v', '@adr_monitor').catch(() => ''));
}

const readPane = (option: string): Promise<string> =>
  server.run('display-message', '-p', '-t', '=adr-one:', `#{${option}}`);

test('start leaves one monitor, which writes what status reads, and ends with the last session', async () => {
  const beat = await waitFor('a heartbeat', readBeat);
  await waitFor('a verdict', async () => (await readPane('@adr_state')) === 'IDLE');
  // Others come, see that it is there, and leave.
  const other = await execa(process.execPath, [join(ROOT, 'bin/adr-tmux.js'), 'monitor'], {
    env: driver.env,
  });
  expect(other.exitCode).toBe(0);
  expect((await readBeat())?.pid).toBe(beat.pid);
  await driver.run('stop', 'one');
  await waitFor('its end', () => !isSameProcessAlive(beat.pid, beat.startTime));
});

test('a report is seen within a second, without anybody asking', async () => {
  await waitFor('a verdict', async () => (await readPane('@adr_state')) === 'IDLE');
  await driver.run('send', 'one', '/ask rm -rf build');
  const run = await readPane('@adr_run');
  await waitFor('the report', () => driver.readReports(run).includes('"event":"ask"'));
  await waitFor('WAITING', async () => (await readPane('@adr_state')) === 'WAITING', 2_000);
  expect(JSON.parse(await readPane('@adr_question'))).toMatchObject({
    what: expect.stringContaining('rm -rf build'),
  });
});

test('killed: status is right at once all the same, and starts it again', async () => {
  await waitFor('a verdict', async () => (await readPane('@adr_state')) === 'IDLE');
  const first = await waitFor('a heartbeat', readBeat);
  process.kill(first.pid, 'SIGKILL');
  const run = await readPane('@adr_run');
  await server.run('send-keys', '-t', '=adr-one:', '-l', '/ask rm -rf build');
  await waitFor('its text', async () =>
    (await server.run('capture-pane', '-p', '-t', '=adr-one:')).includes('rm -rf build'),
  );
  await server.run('send-keys', '-t', '=adr-one:', 'Enter');
  await waitFor('the report', () => driver.readReports(run).includes('"event":"ask"'), 30_000);
  expect(await readPane('@adr_state')).toBe('IDLE');
  expect((await driver.readAgents('one'))[0]).toMatchObject({ state: 'WAITING' });
  const second = await waitFor('a new monitor', async () => {
    const beat = await readBeat();
    return beat && beat.pid !== first.pid ? beat : undefined;
  });
  expect(isSameProcessAlive(second.pid, second.startTime)).toBe(true);
});

test('a monitor of an older version is replaced', async () => {
  const first = await waitFor('a heartbeat', readBeat);
  const old = `${process.pid} - 0.0.1 ${Date.now() + 60_000}`;
  await server.run('set-option', '-s', '@adr_monitor', old);
  await waitFor('the first one gives way', () => !isSameProcessAlive(first.pid, first.startTime));
  expect(await driver.run('start', 'two', '--agent', 'demo:main')).toMatchObject({ code: 0 });
  await waitFor('the new one', async () => (await readBeat())?.version !== '0.0.1');
});

test('panes and sessions of others are left alone', async () => {
  await server.run('new-session', '-d', '-s', 'adr-foreign', 'cat');
  await server.run('split-window', '-d', '-t', '=adr-one:', 'cat');
  await waitFor('a verdict', async () => (await readPane('@adr_state')) !== '');
  await driver.run('send', 'one', '--agent', 'main', '--wait', 'x');
  const options = await server.run('list-panes', '-a', '-F', '#{pane_current_command}=#{@adr_state}');
  expect(options.split('\n').filter((line) => line.startsWith('cat='))).toEqual(['cat=', 'cat=']);
  expect((await driver.run('status')).stdout).not.toContain('foreign');
  await driver.run('stop', 'one');
  expect(await server.run('list-sessions', '-F', '#{session_name}')).toBe('adr-foreign');
});
