import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demo } from '../../src/agents/demo/demo.ts';
import { deliverPrompt } from '../../src/prompt/deliver-prompt.ts';
import type { Delivery } from '../../src/prompt/outcome.ts';
import { systemClock } from '../../src/system/clock.ts';
import { type RunProcess, runProcess } from '../../src/system/process.ts';
import { TmuxClient } from '../../src/tmux/client.ts';
import { ensureBuilt, makeScratch, ROOT } from '../support/program.ts';
import { driveSessions } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;

beforeAll(ensureBuilt);

beforeEach(async () => {
  server = openTestServer();
  scratch = makeScratch('deaths');
  await server.start();
});

afterEach(async () => {
  await server.kill();
  scratch.remove();
});

interface Agent {
  readonly pane: string;
  readonly pid: number;
  readonly reports: string;
}

let agents = 0;

/** The demo agent in a window of its own, once it has said that it is ready. */
async function startAgent(on: TestServer): Promise<Agent> {
  const directory = join(scratch.path, `agent-${++agents}`);
  mkdirSync(directory);
  const settings = [
    '-e',
    `ADR_REPORTS=${directory}`,
    '-e',
    'ADR_DEMO_START_MS=0',
    '-e',
    'ADR_DEMO_THINK_MS=200',
  ];
  const printed = await on.run(
    ...['new-window', '-d', '-t', '=keep:', '-P', '-F', '#{pane_id} #{pane_pid}', ...settings, '--'],
    ...[process.execPath, join(ROOT, 'dist/demo-agent.js'), ';', 'set-option', '-w', '-t', '=keep:{end}'],
    ...['remain-on-exit', 'on'],
  );
  const [pane = '', pid = ''] = printed.split(' ');
  const reports = join(directory, 'reports');
  await waitFor('the demo agent', () => readReports(reports).includes('"ready"'), 30_000);
  return { pane, pid: Number(pid), reports };
}

function readReports(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Delivers a prompt and does `strike` before its `moment`th call of tmux; `calls`: how many there were. */
async function deliver(
  on: TestServer,
  agent: Agent,
  text: string,
  moment: number,
  strike: (input: string) => Promise<void>,
) {
  let calls = 0;
  const run: RunProcess = async (...call) => {
    if (++calls === moment) await strike(String(call[2]?.input ?? ''));
    return runProcess(...call);
  };
  const { delivery } = await deliverPrompt(
    { pane: agent.pane, type: demo, reports: agent.reports },
    { text, when: 'now', readyTimeoutMs: 20_000, submit: true, clearInput: false },
    {
      tmux: new TmuxClient({ socket: on.socket, run }),
      clock: systemClock,
      owner: { token: `${process.pid}.1.${agent.pane.slice(1)}`, isAlive: () => true },
    },
  );
  return { delivery, calls };
}

/** Every moment of a delivery, a few side by side; more than one delivery has calls. */
async function atEveryMoment(strikeAt: (moment: number) => Promise<void>): Promise<void> {
  const probe = await deliver(server, await startAgent(server), 'a\nb', 0, async () => undefined);
  expect(probe.delivery).toMatchObject({ outcome: 'submitted', proof: 'agent' });
  const moments = Array.from({ length: probe.calls + 1 }, (_, index) => index + 1);
  expect(moments.length).toBeGreaterThan(8);
  for (let from = 0; from < moments.length; from += 4) {
    await Promise.all(moments.slice(from, from + 4).map(strikeAt));
  }
}

/** A prompt is called submitted only where the agent's report of it stands. */
function expectTrue(delivery: Delivery, agent: Agent, moment: number): void {
  const reported = readReports(agent.reports).includes('"prompt"');
  const told = `call ${moment}: ${JSON.stringify(delivery)}`;
  if (delivery.outcome === 'submitted') expect(reported, told).toBe(true);
  else expect(['exited', 'not-found'], told).toContain(delivery.outcome);
}

describe('whatever dies between two steps of a delivery: no server goes down, nothing is left, no word is false', () => {
  test('the agent', async () => {
    await atEveryMoment(async (moment) => {
      const agent = await startAgent(server);
      const { delivery } = await deliver(server, agent, 'line one\nline two', moment, async () => {
        process.kill(agent.pid, 'SIGKILL');
        const isDead = () => server.run('display-message', '-p', '-t', agent.pane, '#{pane_dead}');
        await waitFor('its death', async () => (await isDead()) === '1');
      });
      expectTrue(delivery, agent, moment);
      expect(await server.run('show-options', '-p', '-t', agent.pane)).not.toContain('@adr_lock');
    });
    expect(await server.run('list-buffers')).toBe('');
    expect(await server.run('list-sessions', '-F', '#{session_name}')).toBe('keep');
  }, 120_000);

  test('its pane', async () => {
    await atEveryMoment(async (moment) => {
      const agent = await startAgent(server);
      const strike = async () => void (await server.run('kill-pane', '-t', agent.pane));
      const { delivery } = await deliver(server, agent, 'line one\nline two', moment, strike);
      expectTrue(delivery, agent, moment);
    });
    expect(await server.run('list-buffers')).toBe('');
    expect(await server.run('list-sessions', '-F', '#{session_name}')).toBe('keep');
  }, 120_000);

  test('the tmux server itself', async () => {
    await atEveryMoment(async (moment) => {
      const other = openTestServer();
      await other.start();
      const agent = await startAgent(other);
      const { delivery } = await deliver(other, agent, 'line one\nline two', moment, other.kill);
      await other.kill();
      expectTrue(delivery, agent, moment);
    });
  }, 120_000);
});

test('somebody types between two steps: his text is never submitted, neither with ours nor alone', async () => {
  await atEveryMoment(async (moment) => {
    const agent = await startAgent(server);
    const { delivery } = await deliver(server, agent, 'line one\nline two', moment, async (input) => {
      // What comes between the last look and Enter cannot be seen.
      if (input.includes('Enter')) return;
      await server.run('send-keys', '-l', '-t', agent.pane, 'half a thought');
      const screen = () => server.run('capture-pane', '-p', '-t', agent.pane);
      await waitFor('the typed text', async () => (await screen()).includes('half a thought'));
    });
    const told = `call ${moment}: ${JSON.stringify(delivery)}`;
    const reports = readReports(agent.reports);
    expect(reports, told).not.toContain('half a thought');
    expect(['submitted', 'typed', 'composer-busy'], told).toContain(delivery.outcome);
    expect(reports.includes('"prompt"'), told).toBe(delivery.outcome === 'submitted');
  });
}, 180_000);

test('Ctrl+C at any call of tmux: the next sender is not held up, nothing is sent twice, no buffer is left', async () => {
  const driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '100' });
  const names = ['a', 'b', 'c', 'd'];
  const specs = names.flatMap((name) => ['--agent', `demo:${name}`]);
  expect(await driver.run('start', 'one', ...specs)).toMatchObject({ code: 0 });
  const realTmux = (await execa('which', ['tmux'])).stdout;
  const interruptAt = async (moment: number, agent: string): Promise<boolean> => {
    const directory = join(scratch.path, `interrupt-${moment}`);
    mkdirSync(directory);
    const counter = join(directory, 'calls');
    const script = [
      '#!/bin/sh',
      `n=$(($(cat ${counter} 2>/dev/null) + 1)); echo $n > ${counter}`,
      `[ $n -eq ${moment} ] && kill -INT $PPID`,
      `exec ${realTmux} "$@"`,
    ];
    writeFileSync(join(directory, 'tmux'), `${script.join('\n')}\n`, { mode: 0o755 });
    const text = `line one\nof ${moment}`;
    const args = [join(ROOT, 'bin/adr-tmux.js'), 'send', 'one', '--agent', agent, text];
    const env = { ...driver.env, PATH: `${directory}:${process.env.PATH ?? ''}` };
    const { signal, stderr } = await execa(process.execPath, args, { env, reject: false, stdin: 'ignore' });
    if (signal === 'SIGINT') expect(stderr, `call ${moment}`).toContain('interrupted: ');
    const next = await driver.run(
      'send',
      'one',
      '--agent',
      agent,
      '--clear-input',
      '--wait',
      `after ${moment}`,
    );
    expect(next, `call ${moment}: ${next.stderr}`).toMatchObject({ stdout: `You said: after ${moment}\n` });
    const run = (await driver.readAgents('one')).find((entry) => entry.agent === agent)?.run ?? '';
    const prompts = driver
      .readReports(run)
      .split('\n')
      .filter((line) => line.includes('"event":"prompt"'));
    const mine = prompts.filter((line) => line.includes(`of ${moment}"`));
    expect(mine.length, `call ${moment}`).toBeLessThan(2);
    if (mine[0]) expect(mine[0]).toContain(JSON.stringify(text));
    return signal === 'SIGINT';
  };
  let interrupted = 0;
  for (let from = 1; ; from += names.length) {
    const ends = await Promise.all(names.map((name, index) => interruptAt(from + index, name)));
    interrupted += ends.filter(Boolean).length;
    if (!ends.every(Boolean)) break;
  }
  expect(interrupted).toBeGreaterThan(8);
  expect(await server.run('list-buffers')).toBe('');
}, 180_000);
