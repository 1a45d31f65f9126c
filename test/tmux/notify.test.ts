import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseHeartbeat } from '../../src/activity/heartbeat.ts';
import { ensureBuilt, makeScratch } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let terminal: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;
let told: string;

beforeAll(ensureBuilt);

beforeEach(async () => {
  server = openTestServer();
  // A terminal whose picture and bell can be read.
  terminal = openTestServer();
  scratch = makeScratch('notify');
  told = join(scratch.path, 'told');
  // Writes down what it is given, as the two programs that are looked for would be told.
  const bin = join(scratch.path, 'bin');
  mkdirSync(bin);
  writeProgram(join(bin, 'notify-send'), 'printf "desktop|%s|%s\\n" "$3" "$4" >> "$HOME/told"');
  driver = driveSessions(scratch, server.socket, {
    ADR_DEMO_THINK_MS: '300',
    PATH: `${bin}:${process.env.PATH}`,
    DISPLAY: ':99',
    ADR_NOTIFY_CMD:
      'echo "command|$ADR_SESSION/$ADR_AGENT|$ADR_FROM>$ADR_STATE|$ADR_QUESTION|$ADR_EXIT_CODE" >> "$HOME/told"',
  });
  expect(await driver.run('start', 'one', '--agent', 'demo:a', '--agent', 'demo:b')).toMatchObject({
    code: 0,
  });
  await driver.run('wait', 'one');
});

afterEach(async () => {
  await terminal.kill();
  await driver.run('stop', 'one');
  await server.kill();
  scratch.remove();
});

function writeProgram(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

const readTold = (): readonly string[] =>
  existsSync(told) ? readFileSync(told, 'utf8').split('\n').slice(0, -1) : [];
const waitForTold = (line: string): Promise<boolean> => waitFor(line, () => readTold().includes(line));

/** Attaches a terminal to the session, in the background of its own tmux, so that a bell leaves a mark. */
async function attach(): Promise<void> {
  const line = `env -u TMUX tmux -u -L ${server.socket} attach -t =adr-one`;
  await terminal.run('new-session', '-d', '-s', 'other', '-x', '120', '-y', '40', 'cat');
  await terminal.run('new-window', '-d', '-n', 'client', line);
  await waitFor('a client', async () => (await server.run('list-clients')) !== '');
}

const seeClient = (text: string): Promise<boolean> =>
  waitFor(text, async () => (await terminal.run('capture-pane', '-p', '-t', 'other:client')).includes(text));

test('a question, in all three ways, once; what it says is never run', async () => {
  await attach();
  const what = `echo '$(touch ${scratch.path}/pwned)' #{pane_id} %H`;
  await driver.run('send', 'one', '--agent', 'b', `/ask ${what}`);
  await waitForTold(`command|one/b|RUNNING>WAITING|${what}|`);
  expect(readTold()).toContain(`desktop|one/b asks|${what}`);
  await seeClient(`one/b asks: ${what}`);
  await waitFor(
    'a bell',
    async () =>
      (await terminal.run('display-message', '-p', '-t', 'other:client', '#{window_bell_flag}')) === '1',
  );
  const count = readTold().length;
  // A new monitor does not tell it again, and tells what comes next.
  const beat = parseHeartbeat(await server.run('show-options', '-s', '-v', '@adr_monitor'));
  if (beat) process.kill(beat.pid, 'SIGKILL');
  await driver.run('wait', 'one', '--until', 'any');
  await driver.run('send', 'one', '--agent', 'a', '/exit 3');
  await driver.run('wait', 'one', '--agent', 'a', '--until', 'exited');
  // The exit is told in the pane that is looked at: to nobody. The next question of b is news.
  await driver.run('send', 'one', '--agent', 'b', '--keys', 'n');
  await driver.run('wait', 'one', '--agent', 'b');
  await driver.run('send', 'one', '--agent', 'b', '/ask again');
  await waitForTold('command|one/b|RUNNING>WAITING|again|');
  expect(readTold().slice(count)).toEqual([
    'desktop|one/b asks|again',
    'command|one/b|RUNNING>WAITING|again|',
  ]);
  expect(existsSync(join(scratch.path, 'pwned'))).toBe(false);
});

test('an exit is told, an end by stop is not; the desktop can be switched off', async () => {
  mkdirSync(join(scratch.path, '.config/adr'), { recursive: true });
  writeFileSync(join(scratch.path, '.config/adr/config'), 'ADR_NOTIFY_DESKTOP=0\n');
  await driver.run('send', 'one', '--agent', 'a', '/exit 3');
  await waitForTold('command|one/a|IDLE>EXITED||3');
  expect(await driver.run('stop', 'one')).toMatchObject({ code: 0 });
  expect(readTold()).toEqual(['command|one/a|IDLE>EXITED||3']);
});
