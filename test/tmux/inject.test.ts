import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureBuilt, makeScratch, ROOT } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

const PROGRAM = `'${process.execPath}' '${join(ROOT, 'bin/adr-tmux.js')}'`;

let inner: TestServer;
let outer: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(async () => {
  inner = openTestServer();
  outer = openTestServer();
  scratch = makeScratch('inject');
  driver = driveSessions(scratch, inner.socket);
  expect(await driver.run('start', 'one', '--agent', 'demo:main')).toMatchObject({ code: 0 });
  await outer.start();
});

afterEach(async () => {
  await outer.kill();
  await inner.kill();
  scratch.remove();
});

const listClients = async (): Promise<string> => inner.run('list-clients', '-F', '#{client_session}');

test('attaches a terminal, also from a pane of another tmux server; detaching ends it with 0', async () => {
  const command = `${PROGRAM} inject one --socket ${inner.socket}; echo "left with $?"; sleep 1000`;
  await outer.run('respawn-pane', '-k', '-t', '=keep:', command);
  await waitFor('a client', async () => (await listClients()) === 'adr-one');
  await waitFor('the agent on it', async () =>
    (await outer.run('capture-pane', '-p', '-t', '=keep:')).includes('Ask demo'),
  );
  await inner.run('detach-client', '-s', '=adr-one');
  await waitFor('the end', async () =>
    (await outer.run('capture-pane', '-p', '-t', '=keep:')).includes('left with 0'),
  );
  expect((await driver.run('status')).stdout).toContain('one [uptime');
});

test('inside the same server it switches the client', async () => {
  await inner.run('new-session', '-d', '-s', 'mine', 'sh');
  const client = `TMUX= tmux -u -L ${inner.socket} attach-session -t =mine`;
  await outer.run('respawn-pane', '-k', '-t', '=keep:', client);
  await waitFor('a client', async () => (await listClients()) === 'mine');
  await inner.run('send-keys', '-t', '=mine:', `${PROGRAM} attach one --socket ${inner.socket}`, 'Enter');
  await waitFor('the switch', async () => (await listClients()) === 'adr-one');
});

test('without a terminal: one error and what to do', async () => {
  const result = await driver.run('inject', 'one');
  expect(result).toMatchObject({ code: 4, stdout: '' });
  expect(result.stderr).toBe(
    'error: attaching needs a terminal\n  run it in one, or look from here: adr-tmux status one\n',
  );
});
