import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findProcessesByEnvironment } from '../../src/system/process-table.ts';
import { ensureBuilt, makeScratch, type ProgramResult, runProgram } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer } from '../support/tmux-server.ts';

let server: TestServer;
let home: ReturnType<typeof makeScratch>;
let workspace: string;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(() => {
  server = openTestServer();
  home = makeScratch('session');
  driver = driveSessions(home, server.socket, { ADR_DEMO_THINK_MS: '300' });
  workspace = driver.workspace;
});

afterEach(async () => {
  await server.kill();
  home.remove();
});

const adrTmux = (...args: readonly string[]): Promise<ProgramResult> => driver.run(...args);

async function start(session: string, ...agents: readonly string[]): Promise<ProgramResult> {
  const result = await adrTmux('start', session, ...agents.flatMap((agent) => ['--agent', agent]));
  expect(result).toMatchObject({ code: 0 });
  return result;
}

describe.each([
  ['a server of its own', undefined],
  [
    'a running server with base-index 1 and a default-command',
    [
      'set -g base-index 1',
      'set -g pane-base-index 1',
      'set -g default-command "cat"',
      'set -g remain-on-exit off',
    ],
  ],
])('on %s', (_, lines) => {
  test('start, status, send, stop', async () => {
    if (lines) await server.start(...lines);
    const started = await start('refactor', 'demo:main', 'demo');
    expect(started.stdout).toContain('started refactor in ~/work');

    const panes = await server.run(
      'list-panes',
      '-t',
      '=adr-refactor:',
      '-F',
      '#{window_name} #{pane_title} #{@adr_agent}',
    );
    expect(panes.split('\n').map((line) => line.split(' ').at(-1))).toEqual(['main', 'demo-1']);
    expect(panes).toMatch(/^agents /);
    expect(await server.run('show-environment', '-t', '=adr-refactor', 'WORKSPACE')).toBe(
      `WORKSPACE=${workspace}`,
    );
    expect(await server.run('show-environment', '-t', '=adr-refactor')).not.toContain('ADR_RUN_ID');

    const prompt = 'first line\n\n    indented "quotes" $(x) `y` #{z} %9;';
    const sent = await adrTmux('send', 'refactor', '--agent', 'main', '--wait', prompt);
    expect(sent).toMatchObject({
      code: 0,
      stdout: `You said: ${prompt}\n`,
      stderr: 'main: submitted (confirmed by the agent)\n',
    });

    const tree = await adrTmux('status');
    expect(tree.stdout).toMatch(
      /^Sessions:\n─────────\nrefactor \[uptime: \d+s\] \[workspace: ~\/work\]\n├─ main \[\w+\]\n└─ demo-1 \[\w+\]\n$/,
    );
    await driver.waitForState('refactor', 'main', 'IDLE');

    const runs = (await driver.readAgents('refactor')).map(({ run }) => run);
    const stopped = await adrTmux('stop', 'refactor');
    expect(stopped).toMatchObject({ code: 0, stdout: 'stopped refactor: main, demo-1\n' });
    expect((await adrTmux('status')).stdout).toContain('No sessions');
    expect(readdirSync(join(home.path, '.local/state/adr/runs'))).toEqual([]);
    expect(runs.flatMap((run) => findProcessesByEnvironment('ADR_RUN_ID', run))).toEqual([]);
  });
});

test('in a C locale nothing is lost', async () => {
  await start('uni', 'demo:main');
  const sent = await runProgram('adr-tmux', ['send', 'uni', '--wait', 'grüße 日本語 👩‍👩‍👧'], {
    env: { ...driver.env, LC_ALL: 'C', LANG: 'C' },
  });
  expect(sent).toMatchObject({ code: 0, stdout: 'You said: grüße 日本語 👩‍👩‍👧\n' });
});

test.each(['help', '-', '- bullet', '--all x', '007', '--wait', 'a;', '0x10'])(
  'the prompt %j arrives as it is',
  async (prompt) => {
    await start('odd', 'demo:main');
    const sent = await adrTmux('send', 'odd', '--agent', 'main', '--', prompt);
    const plain = prompt === '--wait' ? sent : await adrTmux('send', 'odd', '--agent', 'main', prompt);
    expect([sent.code, plain.code]).toEqual([0, 0]);
    const [agent] = await driver.readAgents('odd');
    const prompts = driver
      .readReports(agent?.run ?? '')
      .split('\n')
      .filter((line) => line.includes('"event":"prompt"'))
      .map((line) => (JSON.parse(line.slice(line.indexOf('{'))) as { text: string }).text);
    expect(prompts).toEqual(prompt === '--wait' ? [prompt] : [prompt, prompt]);
  },
);

test('a workspace with every awkward character in its path', async () => {
  const awkward = join(workspace, `it's a "dir", with: 日本 $HOME #{pid} ; & 100%`);
  mkdirSync(awkward);
  const started = await adrTmux('start', 'path', '--agent', 'demo:main', '--workspace', awkward);
  expect(started).toMatchObject({ code: 0 });
  expect(await server.run('list-panes', '-t', '=adr-path:', '-F', '#{pane_current_path}')).toBe(awkward);
  expect((await adrTmux('status', 'path')).stdout).toContain(
    `[workspace: ~/work/${awkward.split('/').at(-1)}]`,
  );
  await driver.waitForState('path', 'main', 'IDLE');
});

describe('bad input leaves nothing behind', () => {
  const file = (): string => {
    writeFileSync(join(workspace, 'file'), '');
    return join(workspace, 'file');
  };
  test.each<[string, () => readonly string[], number, string]>([
    ['unknown type', () => ['--agent', 'cluade'], 3, 'unknown agent type "cluade"'],
    ['no agent', () => [], 2, 'no agent given'],
    ['duplicate names', () => ['--agent', 'demo:a', '--agent', 'demo:a'], 2, 'two agents are named "a"'],
    ['missing workspace', () => ['--agent', 'demo', '-w', join(workspace, 'none')], 2, 'does not exist'],
    ['a file as workspace', () => ['--agent', 'demo', '-w', file()], 2, 'is not a directory'],
    ['the root as workspace', () => ['--agent', 'demo', '-w', '/'], 2, '"/"'],
    ['an unknown engine', () => ['--agent', 'demo', '--engine', 'vm'], 2, '"vm"'],
    ['an agent that is not installed', () => ['--agent', 'pi', '--engine', 'host'], 4, '"pi"'],
  ])('%s', async (_, args, code, words) => {
    const result = await runProgram('adr-tmux', ['start', 'bad', ...args()], {
      env: { ...driver.env, PATH: '/usr/bin:/bin' },
      cwd: workspace,
    });
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(/^error: .*\n {2}\S.*\n$/);
    expect(result.stderr).toContain(words);
    await expect(server.run('list-sessions')).rejects.toThrow();
    expect(readDirectory(join(home.path, '.local/state/adr/runs'))).toEqual([]);
  });

  test('a second session of the same name, and the first is not touched', async () => {
    await start('twice', 'demo:main');
    const [before] = await driver.readAgents('twice');
    const again = await adrTmux('start', 'twice', '--agent', 'demo:other');
    expect(again).toMatchObject({ code: 5, stdout: '' });
    expect(again.stderr).toContain('already running');
    expect((await driver.readAgents('twice')).map(({ agent, run }) => [agent, run])).toEqual([
      ['main', before?.run],
    ]);
    expect(listRuns()).toEqual([before?.run]);
  });

  test('five starts of one name at once: one wins', async () => {
    const all = await Promise.all(
      Array.from({ length: 5 }, () => adrTmux('start', 'race', '--agent', 'demo:main')),
    );
    expect(all.map(({ code }) => code).sort()).toEqual([0, 5, 5, 5, 5]);
    expect(listRuns()).toHaveLength(1);
  });

  test.each([
    [['send', 'none', 'x'], 3, 'no session "none"'],
    [['stop', 'none'], 3, 'no session "none"'],
    [['status', 'none'], 3, 'no session "none"'],
    [['inject', 'none'], 3, 'no session "none"'],
    [['send', 'none', '--file', '/nonexistent'], 2, '/nonexistent'],
  ])('%j', async (args, code, words) => {
    const result = await adrTmux(...args);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toContain(words);
  });
});

test('no tmux: one line and what to do', async () => {
  const bin = join(home.path, 'bin');
  mkdirSync(bin);
  const result = await runProgram('adr-tmux', ['status'], { env: { ...driver.env, PATH: bin } });
  expect(result).toMatchObject({ code: 4, stdout: '' });
  expect(result.stderr).toBe(
    'error: tmux is not installed, or not on PATH\n  install it: apt-get install tmux, dnf install tmux, or brew install tmux\n',
  );
});

describe('typed inside tmux', () => {
  test('start leaves the session it is typed in alone, and stop does too', async () => {
    await server.start();
    const before = await server.run('list-panes', '-t', '=keep:', '-F', '#{pane_id} #{pane_pid}');
    const pane = before.split(' ')[0] ?? '';
    const socket = await server.run('display-message', '-p', '#{socket_path}');
    const inside = { ...driver.env, TMUX: `${socket},1,0`, TMUX_PANE: pane, ADR_TMUX_SOCKET: '' };
    const started = await runProgram('adr-tmux', ['start', 'two', '--agent', 'demo:c', '--agent', 'demo:d'], {
      env: inside,
      cwd: workspace,
    });
    expect(started, started.stderr).toMatchObject({ code: 0 });
    const panes = await server.run('list-panes', '-a', '-F', '#{session_name} #{@adr_session} #{@adr_agent}');
    expect(panes.split('\n').sort()).toEqual(['adr-two two c', 'adr-two two d', 'keep  ']);
    const sent = await runProgram('adr-tmux', ['send', 'two', '-a', 'd', '--wait', 'x'], { env: inside });
    expect(sent.stdout).toBe('You said: x\n');
    expect((await runProgram('adr-tmux', ['stop', 'two'], { env: inside })).code).toBe(0);
    expect(await server.run('list-panes', '-a', '-F', '#{pane_id} #{pane_pid}')).toBe(before);
  });

  test('a pane id of another server means nothing here', async () => {
    await start('one', 'demo:main');
    const [pane = ''] = (await server.run('list-panes', '-a', '-F', '#{pane_id}')).split('\n');
    const result = await runProgram('adr-tmux', ['start', 'two', '--agent', 'demo:a', '--agent', 'demo:b'], {
      env: { ...driver.env, TMUX: '/tmp/elsewhere,1,0', TMUX_PANE: pane },
      cwd: workspace,
    });
    expect(result, result.stderr).toMatchObject({ code: 0 });
    const panes = await server.run('list-panes', '-a', '-F', '#{@adr_session} #{@adr_agent}');
    expect(panes.split('\n').sort()).toEqual(['one main', 'two a', 'two b']);
  });
});

test('a foreign session of the name is in the way: said as it is', async () => {
  await server.start();
  await server.run('new-session', '-d', '-s', 'adr-mine', 'sleep 1000');
  const result = await adrTmux('start', 'mine', '--agent', 'demo');
  expect(result).toMatchObject({ code: 5, stdout: '' });
  expect(result.stderr).toContain('tmux already has a session "adr-mine"');
});

test('an ADR_BIN that cannot run is found before anything is created', async () => {
  const result = await runProgram('adr-tmux', ['start', 'bad', '--agent', 'demo'], {
    env: { ...driver.env, ADR_BIN: '/nonexistent/adr' },
    cwd: workspace,
  });
  expect(result).toMatchObject({ code: 2, stdout: '' });
  await expect(server.run('list-sessions')).rejects.toThrow();
});

test('an agent that puts something else in place of its reports harms nobody', async () => {
  await start('odd', 'demo:main', 'demo:other');
  await driver.waitForState('odd', 'main', 'IDLE');
  const [agent] = await driver.readAgents('odd');
  const reports = join(home.path, '.local/state/adr/runs', agent?.run ?? '', 'reports');
  rmSync(reports);
  const listener = createServer().listen(reports);
  try {
    await new Promise((resolve) => listener.once('listening', resolve));
    expect((await adrTmux('status', 'odd')).code).toBe(0);
    expect((await adrTmux('send', 'odd', '--agent', 'other', '--wait', 'x')).stdout).toBe('You said: x\n');
    const sent = await adrTmux('send', 'odd', '--agent', 'main', 'y');
    expect(sent).toMatchObject({ code: 0, stdout: 'main: submitted (seen on its screen)\n' });
  } finally {
    listener.close();
  }
});

test('sessions are told apart by their whole name', async () => {
  await start('api', 'demo:main');
  await start('api-2', 'demo:main');
  expect((await adrTmux('stop', 'ap')).code).toBe(3);
  expect((await adrTmux('stop', 'api')).code).toBe(0);
  expect((await adrTmux('status')).stdout).toContain('api-2 [uptime');
  expect((await adrTmux('send', 'api', 'x')).code).toBe(3);
  expect((await adrTmux('send', 'api-2', '--wait', 'x')).stdout).toBe('You said: x\n');
});

test('a renamed session and a hijacked title do not matter', async () => {
  await start('named', 'demo:main', 'demo:other');
  await server.run('rename-session', '-t', '=adr-named', 'something');
  await server.run('select-pane', '-t', '=something:agents', '-T', 'other');
  expect((await adrTmux('send', 'named', '--agent', 'main', '--wait', 'x')).stdout).toBe('You said: x\n');
  expect((await adrTmux('stop', 'named')).code).toBe(0);
});

describe('an agent in a state of its own', () => {
  test('a question: WAITING with what is asked; a prompt is refused and does not answer it', async () => {
    await start('ask', 'demo:main');
    expect((await adrTmux('send', 'ask', '/ask rm -rf build')).code).toBe(0);
    const asking = await driver.waitForState('ask', 'main', 'WAITING');
    expect(asking.question?.what).toContain('rm -rf build');
    const refused = await adrTmux('send', 'ask', 'yes');
    expect(refused).toMatchObject({ code: 6 });
    expect(refused.stdout).toMatch(/^main: waiting: .*rm -rf build/);
    expect((await driver.waitForState('ask', 'main', 'WAITING')).question?.what).toContain('rm -rf build');
  });

  test('an exit: EXITED with its code; a prompt is refused and the server lives', async () => {
    await start('exit', 'demo:main', 'demo:other');
    await adrTmux('send', 'exit', '--agent', 'main', '/exit 7');
    expect(await driver.waitForState('exit', 'main', 'EXITED')).toMatchObject({ exit: 7 });
    expect(await adrTmux('send', 'exit', '--agent', 'main', 'x')).toMatchObject({ code: 5 });
    const both = await adrTmux('send', 'exit', '--all', 'x');
    expect(both).toMatchObject({ code: 7 });
    expect(both.stdout).toBe(
      'main: exited: the agent has exited (7)\nother: submitted (confirmed by the agent)\n',
    );
  });

  test('text that somebody is typing is not submitted', async () => {
    await start('typing', 'demo:main');
    await driver.waitForState('typing', 'main', 'IDLE');
    await server.run('send-keys', '-t', '=adr-typing:', '-l', 'half a thou');
    const refused = await adrTmux('send', 'typing', 'x');
    expect(refused).toMatchObject({ code: 6 });
    expect(refused.stdout).toContain('composer-busy');
    expect(await server.run('capture-pane', '-p', '-t', '=adr-typing:')).toContain('half a thou');
  });

  test('a running turn: the prompt is queued, or waits for its end', async () => {
    await start('busy', 'demo:main');
    await adrTmux('send', 'busy', '/tool 3');
    expect((await adrTmux('send', 'busy', 'second')).stdout).toMatch(/^main: queued/);
    expect((await adrTmux('send', 'busy', '--wait', 'third')).stdout).toBe('You said: third\n');
  });

  test('copy mode is left, the prompt arrives', async () => {
    await start('copy', 'demo:main');
    await driver.waitForState('copy', 'main', 'IDLE');
    await server.run('copy-mode', '-t', '=adr-copy:');
    expect((await adrTmux('send', 'copy', '--wait', 'x')).stdout).toBe('You said: x\n');
  });
});

test('ten senders at once: ten prompts, none mixed, none lost, none doubled', async () => {
  await start('many', 'demo:main');
  const texts = Array.from({ length: 10 }, (_, index) => `prompt ${index} `.repeat(20).trim());
  const sent = await Promise.all(texts.map((text) => adrTmux('send', 'many', text)));
  expect(sent.map(({ code }) => code)).toEqual(texts.map(() => 0));
  const [agent] = await driver.readAgents('many');
  const arrived = driver
    .readReports(agent?.run ?? '')
    .split('\n')
    .filter((line) => line.includes('"event":"prompt"'))
    .map((line) => (JSON.parse(line.slice(line.indexOf('{'))) as { text: string }).text);
  expect([...arrived].sort()).toEqual([...texts].sort());
}, 60_000);

/** Run directories; beside each stands its record. */
function listRuns(): readonly string[] {
  return readDirectory(join(home.path, '.local/state/adr/runs')).filter((name) => !name.endsWith('.json'));
}

function readDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
