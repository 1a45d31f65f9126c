import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readWish, type Wish } from '../../src/session/wish.ts';
import { findProcessesByEnvironment } from '../../src/system/process-table.ts';
import { ensureBuilt, makeScratch, type ProgramResult, ROOT } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let home: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(() => {
  server = openTestServer();
  home = makeScratch('agents');
  driver = driveSessions(home, server.socket, { ADR_DEMO_THINK_MS: '300' });
});

afterEach(async () => {
  await server.kill();
  home.remove();
});

const adrTmux = (...args: readonly string[]): Promise<ProgramResult> => driver.run(...args);

async function succeed(...args: readonly string[]): Promise<ProgramResult> {
  const result = await adrTmux(...args);
  expect(result, result.stderr).toMatchObject({ code: 0 });
  return result;
}

async function start(name: string, ...agents: readonly string[]): Promise<string> {
  const { stdout } = await succeed('start', name, '--json', ...agents.flatMap((spec) => ['-a', spec]));
  return (JSON.parse(stdout) as { id: string }).id;
}

async function needWish(id: string): Promise<Wish> {
  const wish = await readWish({ HOME: driver.home }, id);
  if (!wish) throw new Error(`no wish of ${id}`);
  return wish;
}

interface Pane {
  readonly window: string;
  readonly pane: string;
  readonly agent: string;
  readonly run: string;
  readonly dead: boolean;
}

async function listPanes(): Promise<readonly Pane[]> {
  const format = '#{window_name} #{pane_id} #{@adr_agent} #{@adr_run} #{pane_dead}';
  const rows = (await server.run('list-panes', '-a', '-F', format)).split('\n').map((row) => row.split(' '));
  return rows.map(([window = '', pane = '', agent = '', run = '', dead]) => {
    return { window, pane, agent, run, dead: dead === '1' };
  });
}

const nameAgents = async (): Promise<readonly string[]> => (await listPanes()).map(({ agent }) => agent);

describe('add, restart, remove', () => {
  test('a session changes while it runs, and its wish with it', async () => {
    const id = await start('work', 'demo:main', 'demo');
    const added = await succeed('add', 'work', '-a', 'demo', '-a', 'demo:late');
    expect(added.stdout).toBe('added to work in ~/work: demo-2, late\n');
    expect(await nameAgents()).toEqual(['main', 'demo-1', 'demo-2', 'late']);
    expect((await succeed('send', 'work', '-a', 'late', '--wait', 'hi')).stdout).toBe('You said: hi\n');
    const [late] = (await driver.readAgents('work')).slice(-1);
    const noted = async () => (await needWish(id)).agents.find(({ name }) => name === 'late')?.conversation;
    const conversation = await waitFor('its conversation in the wish', noted, 30_000);
    expect(driver.readReports(late?.run ?? '')).toContain(conversation);

    const before = await listPanes();
    await driver.waitForState('work', 'demo-1', 'IDLE', 30_000);
    expect((await succeed('restart', 'work', '-a', 'demo-1')).stdout).toBe('restarted in work: demo-1\n');
    const after = await listPanes();
    expect(after.map(({ pane }) => pane)).toEqual(before.map(({ pane }) => pane));
    expect(after.filter(({ run }, at) => run !== before[at]?.run).map(({ agent }) => agent)).toEqual([
      'demo-1',
    ]);
    expect((await succeed('send', 'work', '-a', 'demo-1', '--wait', 'new')).stdout).toBe('You said: new\n');
    expect((await succeed('capture', 'work', '-a', 'demo-1', '-n', '200')).stdout).toContain('You said: new');

    const removed = await succeed('remove', 'work', '-a', 'demo-1', '-a', 'demo-2', '--yes', '--json');
    expect(JSON.parse(removed.stdout)).toMatchObject({
      removed: ['demo-1', 'demo-2'],
      agents: ['main', 'late'],
    });
    expect(await nameAgents()).toEqual(['main', 'late']);
    const gone = [...before, ...after].filter(({ agent }) => agent.startsWith('demo')).map(({ run }) => run);
    expect(gone.flatMap((run) => findProcessesByEnvironment('ADR_RUN_ID', run))).toEqual([]);
    expect(
      readdirSync(join(driver.home, '.local/state/adr/runs')).filter((name) => gone.includes(name)),
    ).toEqual([]);
    const wish = await needWish(id);
    expect(wish.agents.map(({ name, run }) => [name, run])).toEqual(
      (await listPanes()).map(({ agent, run }) => [agent, run]),
    );

    await succeed('stop', 'work');
    expect((await needWish(id)).stoppedAt).toBeGreaterThan(0);
  });

  test('dead, closed or in the middle of a turn', async () => {
    await start('work', 'demo:main', 'demo:b');
    await succeed('send', 'work', '-a', 'main', '/exit 3');
    await driver.waitForState('work', 'main', 'EXITED', 30_000);
    expect((await adrTmux('logs', 'work', '-a', 'main')).stderr).toContain('is over');
    await succeed('restart', 'work', '-a', 'main');
    expect((await succeed('send', 'work', '-a', 'main', '--wait', 'back')).stdout).toBe('You said: back\n');

    const pane = (await listPanes()).find(({ agent }) => agent === 'b')?.pane ?? '';
    await server.run('kill-pane', '-t', pane);
    expect((await adrTmux('restart', 'work', '-a', 'bb')).stderr).toContain('"bb"');
    await succeed('restart', 'work', '-a', 'b');
    expect(await nameAgents()).toEqual(['main', 'b']);

    await succeed('send', 'work', '-a', 'b', '/hang');
    await driver.waitForState('work', 'b', 'RUNNING', 30_000);
    for (const command of ['restart', 'remove']) {
      const refused = await adrTmux(command, 'work', '-a', 'b');
      expect(refused).toMatchObject({ code: 6, stdout: '' });
      expect(refused.stderr).toContain('b is in the middle of a turn');
    }
    await succeed('restart', 'work', '-a', 'b', '--yes');
    const last = await adrTmux('remove', 'work', '--all', '--yes');
    expect(last).toMatchObject({ code: 2, stdout: '' });
    expect(last.stderr).toContain('adr-tmux stop work');
  });

  test('what is wrong is refused, and nothing changes', async () => {
    const id = await start('work', 'demo:main');
    const look = async () => {
      // Which conversation it is in is noted when it tells.
      const agents = (await needWish(id)).agents.map((agent) => ({ ...agent, conversation: undefined }));
      return [await listPanes(), agents];
    };
    const before = await look();
    const wrong: readonly (readonly [readonly string[], number, string])[] = [
      [['add', 'wrok', '-a', 'demo'], 3, 'did you mean "work"?'],
      [['add', 'work', '-a', 'demo:main'], 5, 'an agent "main" already'],
      [['add', 'work', '-a', 'demo:ok', '-a', 'demo,modle=x'], 2, 'did you mean "model"?'],
      [['add', 'work', '-a', 'demo:ok', '-a', 'demo,memory=9x'], 2, '"9x"'],
      [['add', 'work', '-a', 'demo:ok', '-a', 'demo,workspace=/none'], 2, 'does not exist'],
      [['add', 'work', '-a', 'demo,prompt=@none'], 2, 'no file'],
      [['restart', 'work', '-a', 'mian'], 3, 'did you mean "main"?'],
      [['remove', 'work', '-a', 'mian'], 3, 'did you mean "main"?'],
      [['capture', 'work', '-n', 'x'], 2, '"x"'],
    ];
    for (const [args, code, words] of wrong) {
      const result = await adrTmux(...args);
      expect(result, args.join(' ')).toMatchObject({ code, stdout: '' });
      expect(result.stderr).toContain(words);
    }
    expect(await look()).toEqual(before);
  });
});

test('options and first prompts of each agent; a secret stands in no argv', async () => {
  const other = join(driver.home, 'other');
  mkdirSync(other);
  writeFileSync(join(driver.workspace, 'task.md'), 'from a file,\nwith two lines');
  const started = await succeed(
    ...['start', 'opts', '--env', 'SHARED=hunter1', '--prompt', 'for all', '--timeout', '1h'],
    ...['-a', 'demo:main,env=TOKEN=hunter2,workspace=../other,prompt=@task.md', '-a', 'demo'],
    ...['-a', 'demo:quiet,no-reports,prompt="a, b"'],
  );
  expect(started.stdout).toContain('main: submitted (confirmed by the agent)\n');
  expect(started.stdout).toContain('demo-1: submitted (confirmed by the agent)\n');
  expect(started.stdout).toContain('quiet: submitted (seen on its screen)\n');
  const panes = await listPanes();
  const [main, second] = panes.map(({ run }) => run);
  expect(driver.readReports(main ?? '')).toContain('from a file,\\nwith two lines');
  expect(driver.readReports(second ?? '')).toContain('for all');
  const shown = await server.run(
    'list-panes',
    '-a',
    '-F',
    '#{pane_pid} #{pane_current_path} #{pane_start_command}',
  );
  expect(shown).not.toContain('hunter');
  expect(shown.split('\n')[0]).toContain(` ${other} `);
  expect(await server.run('show-environment', '-t', '=adr-opts')).not.toContain('hunter');
  for (const run of [main ?? '', second ?? '']) {
    const pids = findProcessesByEnvironment('ADR_RUN_ID', run);
    const argv = pids.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).join(' ');
    const environment = pids.map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8')).join(' ');
    expect(argv).toContain('demo-agent');
    expect(argv).not.toContain('hunter');
    expect(environment).toContain('SHARED=hunter1');
    expect(environment.includes('TOKEN=hunter2')).toBe(run === main);
  }
  // The same again after a restart, but not its prompt.
  await succeed('restart', 'opts', '-a', 'main', '--yes');
  await driver.waitForState('opts', 'main', 'IDLE', 30_000);
  const again = (await listPanes()).find(({ agent }) => agent === 'main')?.run ?? '';
  const environment = findProcessesByEnvironment('TOKEN', 'hunter2').length;
  expect(environment).toBeGreaterThan(0);
  expect(driver.readReports(again)).not.toContain('from a file');
});

test('a first prompt that nobody waits for arrives all the same', async () => {
  const started = await succeed('start', 'bg', '--json', '-a', 'demo:main,prompt=go', '--no-wait-prompt');
  const { id } = JSON.parse(started.stdout) as { id: string };
  const outcome = await waitFor(
    'the prompt',
    async () => (await needWish(id)).agents[0]?.prompt?.outcome,
    60_000,
  );
  expect(outcome).toBe('submitted');
});

describe('over several windows', () => {
  const onSmall = async (...args: readonly string[]): Promise<void> => {
    // A terminal of 80x24 is where the user is.
    const command = [process.execPath, join(ROOT, 'bin/adr-tmux.js'), ...args]
      .map((word) => `'${word}'`)
      .join(' ');
    const done = join(driver.home, `done-${args[0]}`);
    const outer = openTestServer();
    const env = Object.entries(driver.env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    try {
      await outer.run(
        ...['new-session', '-d', '-x', '80', '-y', '25', ...env, '-c', driver.workspace],
        `${command} > /dev/tty; echo $? > ${done}; sleep 1000`,
      );
      const code = await waitFor('its end', () => readText(done), 60_000);
      expect(code).toBe('0\n');
    } finally {
      await outer.kill();
    }
  };

  test('panes that would be too small go to further windows, removed ones make room', async () => {
    await onSmall('start', 'many', ...[1, 2, 3, 4, 5].flatMap(() => ['-a', 'demo']));
    expect((await listPanes()).map(({ window, agent }) => `${window} ${agent}`)).toEqual([
      'agents demo-1',
      'agents demo-2',
      'agents demo-3',
      'agents-2 demo-4',
      'agents-2 demo-5',
    ]);
    await onSmall('add', 'many', ...['a', 'b', 'c', 'd'].flatMap((name) => ['-a', `demo:${name}`]));
    expect((await listPanes()).map(({ window, agent }) => `${window} ${agent}`)).toEqual([
      'agents demo-1',
      'agents demo-2',
      'agents demo-3',
      'agents a',
      'agents-2 demo-4',
      'agents-2 demo-5',
      'agents-2 b',
      'agents-2 c',
      'agents-3 d',
    ]);
    expect(await server.run('display-message', '-p', '-t', '=adr-many:', '#{window_name}')).toBe('agents');
    expect((await driver.readAgents('many')).map(({ agent }) => agent)).toHaveLength(9);
    expect((await succeed('send', 'many', '-a', 'd', '--wait', 'far')).stdout).toBe('You said: far\n');
    await succeed('remove', 'many', '-a', 'd', '-a', 'demo-5', '-y');
    await succeed('restart', 'many', '-a', 'demo-4', '-y');
    expect((await listPanes()).map(({ window, agent }) => `${window} ${agent}`).slice(4)).toEqual([
      'agents-2 demo-4',
      'agents-2 b',
      'agents-2 c',
    ]);
    const borders = await server.run('list-windows', '-t', '=adr-many', '-F', '#{pane-border-status}');
    expect(borders).toBe('top\ntop');
  });

  test('a window for every agent; the user keeps his window, pane and zoom', async () => {
    await succeed('start', 'win', '--layout', 'windows', '-a', 'demo:a', '-a', 'demo:b');
    await succeed('add', 'win', '-a', 'demo:c');
    expect((await listPanes()).map(({ window }) => window)).toEqual(['a', 'b', 'c']);
    await succeed('start', 'zoom', '--layout', 'main-vertical', '-a', 'demo:x', '-a', 'demo:y');
    const [x = ''] = (await listPanes()).filter(({ agent }) => agent === 'x').map(({ pane }) => pane);
    await server.run('resize-pane', '-Z', '-t', x);
    await succeed('add', 'zoom', '-a', 'demo:z');
    const shown = await server.run(
      'display-message',
      '-p',
      '-t',
      '=adr-zoom:',
      '#{pane_id} #{window_zoomed_flag}',
    );
    expect(shown).toBe(`${x} 1`);
    const list = (await succeed('list')).stdout.split('\n');
    expect(list[0]).toMatch(/^SESSION +STATES +UPTIME +WORKSPACE +AGENTS$/);
    expect(list.slice(1)).toEqual([
      expect.stringMatching(/^win .* {2}~\/work +a b c$/),
      expect.stringMatching(/^zoom .* {2}~\/work +x y z$/),
      '',
    ]);
    expect((await succeed('ls', '-q')).stdout).toBe('win\nzoom\n');
  });
});

describe('at once, or killed in the middle', () => {
  test('five adds at once: five names', async () => {
    const id = await start('race', 'demo:main');
    const all = await Promise.all(Array.from({ length: 5 }, () => adrTmux('add', 'race', '-a', 'demo')));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    const names = ['demo-1', 'demo-2', 'demo-3', 'demo-4', 'demo-5', 'main'];
    expect([...(await nameAgents())].sort()).toEqual(names);
    expect((await needWish(id)).agents.map(({ name }) => name).sort()).toEqual(names);
  });

  test('adds while it is stopped: nothing is left', async () => {
    const id = await start('race', 'demo:main', 'demo:b');
    const stopping = adrTmux('stop', 'race');
    const adds = await Promise.all(Array.from({ length: 4 }, () => adrTmux('add', 'race', '-a', 'demo')));
    expect((await stopping).code).toBe(0);
    for (const { code } of adds) expect([0, 3, 6]).toContain(code);
    await expect(server.run('list-sessions')).rejects.toThrow();
    expect(readdirSync(join(driver.home, '.local/state/adr/runs'))).toEqual([]);
    expect(findProcessesByEnvironment('ADR_SESSION_ID', id)).toEqual([]);
  });

  test.each(['add', 'restart', 'remove'])(
    '%s killed at any moment: what is there is wanted, and it can be done again',
    async (command) => {
      const id = await start('kill', 'demo:main', 'demo:x');
      const args =
        { add: ['-a', 'demo'], restart: ['-a', 'x', '-y'], remove: ['-a', 'x', '-y'] }[command] ?? [];
      for (const ms of [200, 350, 600]) {
        await execa(process.execPath, [join(ROOT, 'bin/adr-tmux.js'), command, 'kill', ...args], {
          ...{ env: driver.env, cwd: driver.workspace, reject: false, stdin: 'ignore' },
          ...{ timeout: ms, killSignal: 'SIGKILL' },
        });
        const wish = await needWish(id);
        for (const { agent, run, dead } of await listPanes()) {
          const wanted = wish.agents.find(({ name }) => name === agent);
          expect(wanted?.name).toBe(agent);
          if (!dead) expect(wanted?.run).toBe(run);
        }
        if (command === 'remove') {
          if ((await nameAgents()).includes('x')) await succeed('remove', 'kill', ...args);
          await succeed('add', 'kill', '-a', 'demo:x');
        }
      }
      await succeed('restart', 'kill', '--all', '--yes');
      await succeed('send', 'kill', '-a', 'x', '--wait', 'alive');
      await succeed('stop', 'kill');
      expect(findProcessesByEnvironment('ADR_SESSION_ID', id)).toEqual([]);
    },
  );
});

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8') || undefined;
  } catch {
    return undefined;
  }
}
