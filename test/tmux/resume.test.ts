import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { isSameProcessAlive } from '../../src/system/process-table.ts';
import { ensureBuilt, makeScratch, type ProgramResult, runProgram } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let home: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(() => {
  server = openTestServer();
  home = makeScratch('resume');
  driver = driveSessions(home, server.socket, { ADR_DEMO_THINK_MS: '100', ADR_DEMO_WORD_MS: '10' });
});

afterEach(async () => {
  await server.kill();
  home.remove();
});

const adrTmux = (...args: readonly string[]): Promise<ProgramResult> => driver.run(...args);

/** Ends the tmux server as a crash would, and waits until it is gone. */
async function killServer(): Promise<void> {
  const pid = Number(await server.run('display-message', '-p', '#{pid}'));
  process.kill(pid, 'SIGKILL');
  await waitFor('the end of the tmux server', () => !isSameProcessAlive(pid, ''));
}

const state = (...path: readonly string[]): string => join(home.path, '.local/state/adr', ...path);

interface WishFile {
  id: string;
  name: string;
  stoppedAt?: number;
  agents: {
    name: string;
    type: string;
    conversation?: string;
    prompt?: { text: string; outcome?: string };
  }[];
}

function readWishFile(name: string): { readonly path: string; readonly wish: WishFile } {
  for (const file of readdirSync(state('sessions')).filter((entry) => entry.endsWith('.json'))) {
    const path = state('sessions', file);
    const wish = JSON.parse(readFileSync(path, 'utf8')) as WishFile;
    if (wish.name === name) return { path, wish };
  }
  throw new Error(`no wish of ${name}`);
}

/** A session whose agent `main` has said something; its conversation stands in the wish. */
async function startAndTalk(name: string, ...agents: readonly string[]): Promise<void> {
  const specs = ['demo:main', ...agents].flatMap((agent) => ['--agent', agent]);
  expect(await adrTmux('start', name, ...specs)).toMatchObject({ code: 0 });
  expect(await adrTmux('send', name, '--agent', 'main', '--wait', `kumquat ${name}`)).toMatchObject({
    code: 0,
  });
  await waitFor('the conversation in the wish', () => readWishFile(name).wish.agents[0]?.conversation);
}

const readScreen = async (name: string, agent = 'main'): Promise<string> =>
  (await adrTmux('capture', name, '--agent', agent)).stdout;

test('after a dead tmux server all sessions come back, each agent in its own conversation', async () => {
  await startAndTalk('one', 'demo:second');
  await startAndTalk('two');
  const before = readWishFile('one').wish;
  await killServer();

  expect((await adrTmux('list')).stdout).toMatch(
    /^No sessions.*\nLost, .* adr-tmux resume: (one, two|two, one)\n$/,
  );
  const listed = await adrTmux('resume', '--list');
  expect(listed.stdout).toMatch(/^one +lost \d+s ago +~\/work +main \(demo\) second \(demo\)$/m);
  const planned = await adrTmux('resume', 'one', '--dry-run');
  expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('would resume one in ~/work') });
  expect((await adrTmux('status')).stdout).toContain('No sessions');

  const resumed = await adrTmux('resume', '--json');
  expect(resumed).toMatchObject({ code: 0 });
  const body = JSON.parse(resumed.stdout) as {
    sessions: { session: string; id: string; agents: { name: string; conversation: string | null }[] }[];
    failed: unknown[];
  };
  expect(body.failed).toEqual([]);
  const one = body.sessions.find(({ session }) => session === 'one');
  expect(one).toMatchObject({
    id: before.id,
    agents: [
      { name: 'main', type: 'demo', conversation: before.agents[0]?.conversation, fresh: null },
      // Nothing was said to it.
      { name: 'second', type: 'demo', conversation: null, fresh: 'gone' },
    ],
  });
  for (const name of ['one', 'two']) {
    const { conversation } = await driver.waitForState(name, 'main', 'IDLE');
    expect(conversation).toBe(readWishFile(name).wish.agents[0]?.conversation);
    await waitFor('what was said before', async () =>
      (await readScreen(name)).includes(`You said: kumquat ${name}`),
    );
  }
  const events = (await adrTmux('events', 'one')).stdout;
  expect(events).toMatch(/"kind":"session","to":"resumed"/);
  expect(readdirSync(state('runs')).filter((entry) => entry.endsWith('.json'))).toHaveLength(3);

  expect((await adrTmux('resume')).stdout).toBe('Nothing to resume: no session was lost.\n');
  expect(await adrTmux('resume', 'one')).toMatchObject({
    code: 5,
    stderr: expect.stringMatching(
      /"one" is still running\n.*adr-tmux inject one; .*restart one --all --resume/,
    ),
  });
});

test('after stop by its name; --fresh; what --purge forgets', async () => {
  await startAndTalk('stopped');
  const { wish } = readWishFile('stopped');
  expect(await adrTmux('stop', 'stopped')).toMatchObject({ code: 0 });

  expect((await adrTmux('resume')).stdout).toMatch(/^Nothing to resume: .* adr-tmux resume stopped\n$/);
  expect(await adrTmux('resume', 'stoped')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('did you mean "stopped"?'),
  });
  const resumed = await adrTmux('resume', 'stopped');
  expect(resumed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/main +demo +its conversation goes on/),
  });
  expect(readWishFile('stopped').wish).toMatchObject({ id: wish.id });
  expect(readWishFile('stopped').wish.stoppedAt).toBeUndefined();
  await waitFor('what was said', async () => (await readScreen('stopped')).includes('kumquat'));

  const restarted = await adrTmux('restart', 'stopped', '--agent', 'main', '--resume', '--yes');
  expect(restarted).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('main: its conversation goes on'),
  });
  await waitFor('what was said', async () => (await readScreen('stopped')).includes('kumquat'));

  expect(await adrTmux('stop', 'stopped')).toMatchObject({ code: 0 });
  const fresh = await adrTmux('resume', 'stopped', '--fresh');
  expect(fresh).toMatchObject({ code: 0, stdout: expect.stringMatching(/main +demo +a new conversation$/m) });
  await driver.waitForState('stopped', 'main', 'IDLE');
  expect(await readScreen('stopped')).not.toContain('kumquat');

  await adrTmux('stop', 'stopped');
  expect(existsSync(state('transcripts', wish.id, 'main'))).toBe(true);
  expect(await adrTmux('stop', 'stopped', '--purge')).toMatchObject({
    code: 0,
    stdout: 'nothing is kept of stopped\n',
  });
  expect(
    [state('transcripts'), state('sessions'), state('events')].flatMap((path) => readdirSync(path)),
  ).toEqual([]);
  expect(await adrTmux('stop', 'stopped', '--purge')).toMatchObject({ code: 3 });
});

test('a first prompt that was not delivered follows, one that was does not', async () => {
  const specs = ['--agent', 'demo:main,prompt=said once', '--agent', 'demo:late'];
  expect(await adrTmux('start', 'prompts', ...specs)).toMatchObject({ code: 0 });
  await driver.waitForState('prompts', 'main', 'IDLE');
  await waitFor('the conversation in the wish', () => readWishFile('prompts').wish.agents[0]?.conversation);
  await killServer();
  const { path, wish } = readWishFile('prompts');
  const late = wish.agents.map((agent) =>
    agent.name === 'late' ? { ...agent, prompt: { text: 'at last' } } : agent,
  );
  writeFileSync(path, JSON.stringify({ ...wish, agents: late }));

  const resumed = await adrTmux('resume', 'prompts');
  expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining('late: submitted') });
  expect(resumed.stdout).not.toContain('main: submitted');
  await waitFor('the answer', async () =>
    (await readScreen('prompts', 'late')).includes('You said: at last'),
  );
  const main = await readScreen('prompts');
  expect(main.split('You said: said once')).toHaveLength(2);
});

test('of several at once one wins, and the others say so', async () => {
  await startAndTalk('race');
  await killServer();
  const results = await Promise.all([1, 2, 3].map(() => adrTmux('resume', 'race')));
  expect(results.map(({ code }) => code).sort()).toEqual([0, 5, 5]);
  expect((await server.run('list-panes', '-a', '-F', '#{@adr_agent}')).split('\n')).toEqual(['main']);
});

test('a session on a tmux server that only its own terminals know is not taken for lost', async () => {
  await server.start();
  const inside = await server.run('display-message', '-p', '#{socket_path},#{pid},0');
  const run = (tmux: string, ...args: readonly string[]): Promise<ProgramResult> =>
    runProgram('adr-tmux', args, {
      env: { ...driver.env, ADR_TMUX_SOCKET: '', TMUX: tmux, TMUX_TMPDIR: home.path },
      cwd: driver.workspace,
    });
  expect(await run(inside, 'start', 'inside', '--agent', 'demo:main')).toMatchObject({ code: 0 });
  expect(await run('', 'resume', 'inside')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining(`still running, on the tmux server ${inside.split(',')[0]}`),
  });
  expect(await run(inside, 'stop', 'inside')).toMatchObject({ code: 0, stdout: 'stopped inside: main\n' });
});

test('what keeps a session from coming back is told, and its wish is kept', async () => {
  await startAndTalk('stuck');
  await killServer();
  const { path, wish } = readWishFile('stuck');
  const text = readFileSync(path, 'utf8');
  const expectRefusal = async (code: number, ...words: readonly string[]): Promise<void> => {
    const result = await adrTmux('resume', 'stuck');
    expect(result).toMatchObject({ code, stdout: '' });
    for (const word of words) expect(result.stderr).toContain(word);
    expect((await adrTmux('status')).stdout).toContain('No sessions');
  };

  renameSync(driver.workspace, `${driver.workspace}-away`);
  const gone = await runProgram('adr-tmux', ['resume', 'stuck'], { env: driver.env, cwd: home.path });
  expect(gone).toMatchObject({ code: 2 });
  expect(gone.stderr).toContain('the workspace of session "stuck" is gone');
  renameSync(`${driver.workspace}-away`, driver.workspace);

  writeFileSync(path, text.replaceAll('"demo"', '"nosuch"'));
  await expectRefusal(3, 'the agent type "nosuch" of agent "main" is gone', 'adr-tmux stop stuck --purge');

  writeFileSync(path, text.slice(0, 40));
  await expectRefusal(2, path, 'cannot be read');
  expect((await adrTmux('resume')).stderr).toContain(path);

  // A tmux session of that name that is none of ours.
  writeFileSync(path, text);
  await server.run('new-session', '-d', '-s', 'adr-stuck', 'sleep 1000');
  await expectRefusal(5, 'tmux already has a session "adr-stuck"');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(wish);
  expect(readdirSync(state('runs'))).toEqual([]);
  await server.run('kill-session', '-t', '=adr-stuck');

  // The agent would exit at once.
  rmSync(state('transcripts', wish.id), { recursive: true });
  const resumed = await adrTmux('resume', 'stuck');
  expect(resumed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('a new conversation: nothing is kept of an earlier one'),
  });
  await driver.waitForState('stuck', 'main', 'IDLE');
});
