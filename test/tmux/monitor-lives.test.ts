import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { nudgeMonitor, parseHeartbeat } from '../../src/activity/heartbeat.ts';
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
  await start();
});

afterEach(async () => {
  await server.kill();
  scratch.remove();
});

async function start(): Promise<void> {
  const started = await driver.run('start', 'one', '--agent', 'demo:a', '--agent', 'demo:b');
  expect(started).toMatchObject({ code: 0 });
  await driver.run('wait', 'one');
}

const readBeat = async () =>
  parseHeartbeat(await server.run('show-options', '-s', '-v', '@adr_monitor').catch(() => ''));
const waitForBeat = () => waitFor('a heartbeat', readBeat);
const isAlive = (beat: { readonly pid: number; readonly startTime: string }): boolean =>
  isSameProcessAlive(beat.pid, beat.startTime);

async function readAgent(name: string) {
  const agents = await driver.readAgents('one');
  const found = agents.find(({ agent }) => agent === name);
  if (!found) throw new Error(`no agent ${name}`);
  return found as typeof found & { readonly since: number; readonly pane: string };
}

/** A look of the monitor's that began after this call. */
async function waitForLook(): Promise<void> {
  const asked = Date.now();
  nudgeMonitor(await waitForBeat());
  await waitFor('a look', async () => ((await readBeat())?.at ?? 0) > asked);
}

test('of ten that start at once one stays', async () => {
  const first = await waitForBeat();
  process.kill(first.pid, 'SIGKILL');
  await waitFor('its end', () => !isAlive(first));
  const argv = [join(ROOT, 'bin/adr-tmux.js'), 'monitor', '--socket', server.socket];
  const started = Array.from({ length: 10 }, () =>
    execa(process.execPath, argv, { env: driver.env, stdio: 'ignore', reject: false }),
  );
  let left = started.length;
  for (const child of started) void child.then(() => left--);
  await waitFor('nine to leave', () => left <= 1, 60_000);
  const beat = await waitForBeat();
  expect(isAlive(beat)).toBe(true);
  // One that `wait` started as well may have been slow enough to come among them.
  const isOurs = started.some(({ pid }) => pid === beat.pid);
  await waitFor('all others to leave', () => left === (isOurs ? 1 : 0), 60_000);
  await driver.run('stop', 'one');
  await Promise.all(started);
});

test('on a server that is started anew another begins; nothing is written to panes that are not ours', async () => {
  const first = await waitForBeat();
  const pane = (await readAgent('a')).pane;
  await server.run('kill-server');
  // The first pane of the new server has the number of ours.
  await waitFor('a new server', () =>
    server.run('new-session', '-d', '-s', 'mine', 'cat').then(
      () => true,
      () => false,
    ),
  );
  expect(await server.run('list-panes', '-a', '-F', '#{pane_id}')).toBe(pane);
  await waitFor('the first one leaves', () => !isAlive(first));
  expect(await server.run('show-options', '-p', '-t', pane)).toBe('');
  await start();
  const second = await waitForBeat();
  expect(second.pid).not.toBe(first.pid);
  expect(await readAgent('a')).toMatchObject({ state: 'IDLE' });
});

test('one that was asleep gives way, and does not write what it saw before', async () => {
  const first = await waitForBeat();
  process.kill(first.pid, 'SIGSTOP');
  await driver.run('send', 'one', '--agent', 'a', '/ask rm -rf build');
  await waitFor(
    'its heartbeat is old',
    async () => Date.now() - ((await readBeat())?.at ?? 0) > 6_000,
    20_000,
  );
  expect(await readAgent('a')).toMatchObject({ state: 'WAITING' });
  const second = await waitFor('another', async () => {
    const beat = await readBeat();
    return beat && beat.pid !== first.pid && beat;
  });
  const asked = await readAgent('a');
  process.kill(first.pid, 'SIGCONT');
  await waitFor('the first one leaves', () => !isAlive(first));
  await waitForLook();
  expect(isAlive(second)).toBe(true);
  expect(await readAgent('a')).toMatchObject({ state: 'WAITING', since: asked.since });
});

test('whatever one agent does to its reports changes nothing but its own line', async () => {
  const beat = await waitForBeat();
  const { run } = await readAgent('a');
  const other = await readAgent('b');
  const directory = join(scratch.path, '.local/state/adr/runs', run);
  const path = join(directory, 'reports');
  const at = Date.now();
  const lie = (event: object, when: number | string = at): void =>
    appendFileSync(path, `${when} demo ${JSON.stringify(event)}\n`);
  const tricks: Readonly<Record<string, () => void>> = {
    'binary, NULs, no UTF-8': () =>
      appendFileSync(path, Buffer.from([0, 0xff, 0xfe, 0x0a, 0xc3, 0x28, 0x0a, 0])),
    'times that cannot be': () => {
      for (const when of [-5, 0, 1, 99999999999999, '9999999999999999', '1e20'])
        lie({ event: 'prompt', text: 'x' }, when);
    },
    'texts that could break a listing': () =>
      lie({
        event: 'ask',
        command: "a\tb\u001b]0;x\u0007\r\n\u2028#{pane_id}#(touch /tmp/never)%H';kill-server",
      }),
    truncated: () => truncateSync(path, 10),
    'a line of 10 MB': () => lie({ event: 'ask', command: 'x'.repeat(10 * 1024 * 1024) }),
    'a flood': () => appendFileSync(path, `${at} demo {"event":"prompt","text":"x"}\n`.repeat(400_000)),
    gone: () => rmSync(path),
    'a link': () => symlinkSync('/etc/passwd', path),
    'a directory': () => mkdirSync(path),
    'a FIFO': () => void execFileSync('mkfifo', [path]),
    'its directory gone': () => rmSync(directory, { recursive: true }),
    'a file in its place': () => writeFileSync(directory, ''),
  };
  for (const [name, play] of Object.entries(tricks)) {
    if (['a link', 'a directory', 'a FIFO'].includes(name)) rmSync(path, { recursive: true, force: true });
    play();
    await waitForLook();
    const { code, stdout } = await driver.run('status', 'one', '--json');
    expect({ name, code }).toEqual({ name, code: 0 });
    const { agents } = (JSON.parse(stdout) as { sessions: { agents: (typeof other)[] }[] }).sessions[0] ?? {};
    expect({ name, agents: agents?.map(({ agent }) => agent) }).toEqual({ name, agents: ['a', 'b'] });
    expect({ name, ...agents?.[1] }).toMatchObject({ name, state: 'IDLE', since: other.since });
    expect({ name, since: (agents?.[0]?.since ?? 0) <= Date.now() }).toEqual({ name, since: true });
    expect({ name, pid: (await readBeat())?.pid }).toEqual({ name, pid: beat.pid });
  }
  await driver.run('send', 'one', '--agent', 'b', '/ask x');
  expect((await driver.run('wait', 'one', '--agent', 'b', '--until', 'waiting')).code).toBe(0);
});
