import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeScratch } from '../support/program.ts';
import { waitFor } from '../support/tmux-server.ts';
import { copyCheckout, type InstallHome, makeHome, makePath } from './support.ts';

let files: ReturnType<typeof makeScratch>;
let checkout: string;
let home: InstallHome;

beforeAll(async () => {
  files = makeScratch('install-demo');
  checkout = copyCheckout(join(files.path, 'checkout'), { packages: true });
  await execa('node', ['build.mjs'], { cwd: checkout });
});

afterAll(() => files.remove());

beforeEach(() => {
  home = makeHome();
});

afterEach(() => home.remove());

/** Processes that have this HOME in their environment. */
function findProcesses(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== `${process.pid}`)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOME=${home.path}`);
      } catch {
        return false;
      }
    });
}

function listSockets(): readonly string[] {
  const folder = join(home.path, `tmux-${process.getuid?.() ?? 0}`);
  return existsSync(folder) ? readdirSync(folder) : [];
}

test('--demo starts, sends, shows the status and stops, and leaves nothing', async () => {
  const result = await home.run(join(checkout, 'install.sh'), ['--demo'], { TMUX_TMPDIR: home.path });

  expect(result, result.all).toMatchObject({ code: 0 });
  const demo = result.stdout.slice(result.stdout.indexOf('adr installed.'));
  expect(demo.split('\n').filter((line) => line.startsWith('$ '))).toEqual([
    expect.stringMatching(/^\$ adr-tmux start demo --agent demo:main --agent demo$/),
    expect.stringMatching(/^\$ adr-tmux send demo --agent main /),
    expect.stringMatching(/^\$ adr-tmux send demo --agent demo-1 /),
    expect.stringMatching(/^\$ adr-tmux status demo$/),
    expect.stringMatching(/^\$ adr-tmux stop demo --purge$/),
  ]);
  expect(demo).toContain('main: submitted (confirmed by the agent)');
  expect(demo).toMatch(/├─ main \[IDLE\]\n└─ demo-1 \[WAITING - rm -rf build\]/);
  expect(demo).toContain('stopped demo: main, demo-1');

  expect(listSockets()).toEqual([]);
  // The monitor leaves with the last session, at its next look.
  await waitFor('no process of the demo', () => findProcesses().length === 0, 8_000);
  expect(home.list('.local/state/adr').filter((name) => !name.endsWith('/'))).toEqual([]);
});

test('a --demo that is interrupted with Ctrl+C leaves nothing either', async () => {
  const env = { HOME: home.path, TMUX_TMPDIR: home.path, TMUX: '', SUDO_USER: '', ADR_TMUX_SOCKET: '' };
  const child = execa(join(checkout, 'install.sh'), ['--demo'], {
    env,
    stdin: 'ignore',
    reject: false,
    detached: true,
  });
  // Beside it tmux has a lock file for a moment.
  const findSocket = () => listSockets().find((name) => !name.endsWith('.lock'));
  const socket = await waitFor('a tmux server', findSocket, 30_000);
  await waitFor('a session', async () => {
    const listed = await execa('tmux', ['-L', socket, 'list-sessions'], {
      env: { TMUX_TMPDIR: home.path },
      reject: false,
    });
    return listed.exitCode === 0;
  });
  // The terminal sends it to the whole group.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect((await child).exitCode).toBe(130);
  expect(listSockets()).toEqual([]);
  await waitFor('no process of the demo', () => findProcesses().length === 0, 8_000);
  expect(home.list('.local/state/adr').filter((name) => !name.endsWith('/'))).toEqual([]);
});

test('--demo without tmux installs, says what is missing, and ends with 4', async () => {
  const path = makePath(join(files.path, 'no-tmux'), { without: ['tmux'] });
  const result = await home.run(join(checkout, 'install.sh'), ['--demo'], { PATH: path });
  expect(result).toMatchObject({
    code: 4,
    stderr: expect.stringMatching(/adr is installed, but the demo needs tmux 3\.2[\s\S]*apt install tmux/),
  });
  expect(await home.run(join(home.path, '.local/bin/adr'), ['--version'])).toMatchObject({ code: 0 });
});
