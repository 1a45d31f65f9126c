import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeScratch } from '../support/program.ts';
import { openTestServer, waitFor } from '../support/tmux-server.ts';
import { copyCheckout, type InstallHome, makeHome, makePath } from './support.ts';

let files: ReturnType<typeof makeScratch>;
let checkout: string;
/** A PATH without an engine: other runs of this user's are none of these tests' business. */
let path: string;
let home: InstallHome;

beforeAll(async () => {
  files = makeScratch('install-upgrade');
  checkout = copyCheckout(join(files.path, 'checkout'), { packages: true });
  path = makePath(join(files.path, 'no-engine'), { without: ['docker'] });
});

afterAll(() => files.remove());

beforeEach(() => {
  home = makeHome();
});

afterEach(() => home.remove());

/** Installs the checkout as another version, whose files are all called otherwise. */
async function install(version: string): Promise<void> {
  const packageJson = join(checkout, 'package.json');
  const text = readFileSync(packageJson, 'utf8');
  writeFileSync(packageJson, text.replace(/"version": "[^"]+"/, `"version": "${version}"`));
  const build = join(checkout, 'build.mjs');
  const script = readFileSync(build, 'utf8');
  writeFileSync(build, script.replace(/chunks\/[^'[]*\[/, `chunks/${version}-[`));
  expect(await home.run(join(checkout, 'install.sh'), [], { PATH: path })).toMatchObject({ code: 0 });
  const chunks = readdirSync(join(home.path, '.local/share/adr/dist/chunks'));
  expect(chunks.filter((name) => !name.startsWith(version))).toEqual([]);
}

const installed = (name: string) => join(home.path, '.local/bin', name);

test('a session that the old version started is read, sent to and stopped by the new one', async () => {
  const server = openTestServer();
  const env = { ADR_TMUX_SOCKET: server.socket, PATH: path };
  const adrTmux = (...args: readonly string[]) => home.run(installed('adr-tmux'), args, env);
  const readMonitor = async () =>
    (await server.run('show-options', '-s')).split('\n').find((line) => line.startsWith('@adr_')) ?? '';
  try {
    await install('1.0.0');
    expect(await adrTmux('start', 'old', '--agent', 'demo:main')).toMatchObject({ code: 0 });
    const before = await waitFor('a monitor', async () => (await readMonitor()) || undefined);
    expect(before).toContain('1.0.0');

    await install('1.1.0');

    const sent = await adrTmux('send', 'old', '--agent', 'main', 'still there?', '--wait');
    expect(sent, sent.all).toMatchObject({ code: 0, stdout: 'You said: still there?\n' });
    const status = await adrTmux('status', 'old');
    expect(status.stdout).toMatch(/^old \[[\s\S]*main \[IDLE/m);
    await waitFor('the newer monitor', async () => (await readMonitor()).includes('1.1.0'), 30_000);
    const events = await adrTmux('events', 'old');
    expect(events.stdout).toContain('still there?');
    expect(await adrTmux('stop', 'old')).toMatchObject({ code: 0, stdout: 'stopped old: main\n' });
    expect(readdirSync(join(home.path, '.local/state/adr/runs'))).toEqual([]);
  } finally {
    await server.kill();
  }
});

test('what runs meanwhile needs no file of its version any more', async () => {
  await install('1.0.0');
  const runs = join(home.path, '.local/state/adr/runs');
  const run = home.run(installed('adr'), ['run', 'demo', '--prompt', '/hang', '--timeout', '8s'], {
    PATH: path,
  });
  await waitFor('a run', () => {
    try {
      return readdirSync(runs).length > 0;
    } catch {
      return false;
    }
  });
  const uninstall = await home.run(join(checkout, 'uninstall.sh'), [], { PATH: path });
  expect(uninstall).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Warning: runs go on[\s\S]*demo/),
  });
  renameSync(join(home.path, '.local/share/adr'), join(home.path, 'away'));

  expect(await run).toMatchObject({
    code: 124,
    stderr: 'error: Task terminated due to timeout (max 8s exceeded)\n  give it more with --timeout\n',
  });
  expect(readdirSync(runs)).toEqual([]);
});

test('a file of variables is ours to read, not Node’s: what it says never counts for adr itself', async () => {
  await install('1.0.0');
  mkdirSync(join(home.path, 'work'));
  const own = join(home.path, 'env');
  writeFileSync(own, 'ADR_MEMORY=nonsense\nMINE=1\n');
  const args = ['run', 'demo', '-w', 'work', '--prompt', 'hi', '--env-file'];
  expect(await home.run(installed('adr'), [...args, own], { PATH: path })).toMatchObject({
    code: 0,
    stdout: 'You said: hi\n',
  });
  expect(await home.run(installed('adr'), [...args, 'none'], { PATH: path })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: Env file not found: /),
  });
  const server = openTestServer();
  const env = { ADR_TMUX_SOCKET: server.socket, PATH: path };
  try {
    const start = ['start', 'vars', '--agent', 'demo:main', '--env-file', own];
    const started = await home.run(installed('adr-tmux'), start, env);
    expect(started, started.all).toMatchObject({ code: 0 });
    expect(await home.run(installed('adr-tmux'), ['wait', 'vars', '--timeout', '60s'], env)).toMatchObject({
      code: 0,
    });
    expect(await home.run(installed('adr-tmux'), ['stop', 'vars'], env)).toMatchObject({ code: 0 });
  } finally {
    await server.kill();
  }
});
