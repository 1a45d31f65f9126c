import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseHeartbeat } from '../../src/activity/heartbeat.ts';
import { ensureBuilt, makeScratch, ROOT } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

interface Entry {
  readonly kind: string;
  readonly agent?: string;
  readonly from?: string | null;
  readonly to?: string;
  readonly at: number;
  readonly since?: number;
  readonly [more: string]: unknown;
}

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;
const program = join(ROOT, 'bin/adr-tmux.js');

beforeAll(async () => {
  await ensureBuilt();
  server = openTestServer();
  scratch = makeScratch('events');
  driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '300', ADR_DEMO_WORD_MS: '10' });
  expect(await driver.run('start', 'keep', '--agent', 'demo:only')).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await server.kill();
  scratch.remove();
});

const parse = (stdout: string): readonly Entry[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);

async function readEvents(...args: readonly string[]): Promise<readonly Entry[]> {
  const { code, stdout, stderr } = await driver.run('events', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return parse(stdout);
}

const path = (entries: readonly Entry[]): readonly string[] =>
  entries.filter(({ kind }) => kind === 'state').map(({ from, to }) => `${from} ${to}`);

test('every state and every prompt, during the session and after it', async () => {
  await driver.run('start', 'life', '--agent', 'demo:a', '--agent', 'demo:b');
  await driver.run('wait', 'life');
  const follower = execa(process.execPath, [program, 'events', 'life', '-f', '-n', '0'], {
    env: driver.env,
    stdin: 'ignore',
  });
  const text = "say 'x'\nand $HOME";
  await driver.run('send', 'life', '--agent', 'a', text);
  await driver.run('wait', 'life');
  await driver.run('send', 'life', '--agent', 'a', '/ask rm -rf build');
  await driver.run('wait', 'life', '--until', 'waiting', '--any');
  expect(await driver.run('send', 'life', '--agent', 'a', 'no')).toMatchObject({ code: 6 });
  expect(await driver.run('interrupt', 'life', '--agent', 'b')).toMatchObject({ code: 0 });
  const running = await readEvents('life', '--agent', 'a');
  // On a slow machine the agent is ready before the monitor's first look.
  expect(path(running).join(', ')).toMatch(
    /^(null STARTING, STARTING IDLE|null IDLE), IDLE (RUNNING|WAITING)/,
  );
  // Under load the turn and its question may be seen at once.
  expect(path(running).at(-1)).toMatch(/^(RUNNING|IDLE) WAITING$/);
  expect(running.at(-1)).toMatchObject({ kind: 'prompt', outcome: 'waiting', text: 'no', proof: 'none' });
  expect(running.find(({ kind, outcome }) => kind === 'prompt' && outcome === 'submitted')).toMatchObject({
    ...{ v: 1, session: 'life', agent: 'a', type: 'demo', proof: 'agent', text },
    bytes: Buffer.byteLength(text),
  });
  expect(running.findLast(({ kind }) => kind === 'state')).toMatchObject({
    witness: 'report',
    question: { kind: 'approval', what: 'rm -rf build' },
  });
  for (const { at, since } of running) expect(since ?? at).toBeLessThanOrEqual(at);
  expect(await readEvents('life', '--agent', 'b', '-n', '1')).toMatchObject([
    { kind: 'interrupt', agent: 'b', outcome: 'idle' },
  ]);
  expect(await readEvents('life', '--since', '1h', '-n', '2')).toHaveLength(2);
  expect(await readEvents('life', '--since', '2999-01-01')).toEqual([]);

  await driver.run('stop', 'life');
  const { stdout, exitCode } = await follower;
  expect(exitCode).toBe(0);
  const followed = parse(stdout);
  expect(followed.at(-1)).toMatchObject({ kind: 'session', to: 'stopped' });
  const all = await readEvents('life');
  expect(all.slice(-followed.length)).toEqual(followed);
  expect(all.length).toBeGreaterThan(followed.length);
  expect(await readEvents('adr-life', '-n', '1')).toEqual(all.slice(-1));

  const directory = join(scratch.path, '.local/state/adr/events');
  for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
});

test('a session that goes without our doing ends its history; a new one of its name has its own', async () => {
  await driver.run('start', 'again', '--agent', 'demo:a');
  await driver.run('wait', 'again');
  const follower = execa(process.execPath, [program, 'events', 'again', '-f'], {
    env: driver.env,
    stdin: 'ignore',
  });
  // It has found the session, and follows it.
  await new Promise((resolve) => follower.stdout.once('data', resolve));
  await server.run('kill-session', '-t', '=adr-again');
  expect(parse((await follower).stdout).at(-1)).toMatchObject({ to: 'gone' });
  await driver.run('start', 'again', '--agent', 'demo:b');
  await driver.run('wait', 'again');
  const later = await readEvents('again');
  expect(later.some(({ agent }) => agent === 'a')).toBe(false);
  expect(await driver.run('events', 'again', '--agent', 'a')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('no agent "a"'),
  });
});

test('a pane that is closed by hand is an agent that has ended', async () => {
  await driver.run('start', 'panes', '--agent', 'demo:a', '--agent', 'demo:b');
  await driver.run('wait', 'panes');
  const { stdout } = await driver.run('status', 'panes', '--json');
  const [first] =
    (JSON.parse(stdout) as { sessions: { agents: { pane: string }[] }[] }).sessions[0]?.agents ?? [];
  await server.run('kill-pane', '-t', first?.pane ?? '');
  const end = await waitFor('its end', async () =>
    (await readEvents('panes', '--agent', 'a')).find(({ to }) => to === 'EXITED'),
  );
  expect(end).toMatchObject({ from: 'IDLE', exit: null, reason: 'its pane is gone' });
});

test('a monitor that begins anew tells nothing twice, and goes on where the other ended', async () => {
  await driver.run('start', 'twice', '--agent', 'demo:a');
  await driver.run('send', 'twice', '/ask one');
  await driver.run('wait', 'twice', '--until', 'waiting');
  const before = await waitFor('the question', async () => {
    const entries = await readEvents('twice');
    return entries.at(-1)?.to === 'WAITING' && entries;
  });
  const readBeat = async () => parseHeartbeat(await server.run('show-options', '-s', '-v', '@adr_monitor'));
  const beat = await readBeat();
  if (beat) process.kill(beat.pid, 'SIGKILL');
  await driver.run('status');
  await waitFor('a new monitor', async () => (await readBeat())?.pid !== beat?.pid);
  await driver.run('wait', 'twice', '--until', 'waiting');
  expect(await readEvents('twice')).toEqual(before);
  await driver.run('send', 'twice', '--keys', 'n');
  const after = await waitFor('what came then', async () => {
    const entries = await readEvents('twice');
    return entries.length > before.length && entries;
  });
  expect(after[before.length]).toMatchObject({ kind: 'state', from: 'WAITING' });
  const since = after[before.length]?.since ?? 0;
  expect(since).toBeGreaterThan(before.at(-1)?.at ?? 0);
});

test('a closed pipe ends it quietly; a name that is not there is an error', async () => {
  const shell = `'${process.execPath}' '${program}' events keep | true; echo "ended with \${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await execa('bash', ['-c', shell], { env: driver.env, stdin: 'ignore' });
  expect({ stdout, stderr }).toEqual({ stdout: 'ended with 0', stderr: '' });
  expect(await driver.run('events', 'kepe')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('did you mean "keep"?'),
  });
  expect(await driver.run('events', 'keep', '--since', 'banana')).toMatchObject({ code: 2 });
  expect(await driver.run('events', 'keep', '-n', 'all')).toMatchObject({ code: 2 });
});
