import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../support/program.ts';
import { openTestServer } from '../support/tmux-server.ts';
import { buildFakeImage, fakeImage, listContainers, User, waitUntil } from './support.ts';

/** Made anew each time: this file's own text is in caches. */
const makeSecret = () => `sk-${randomBytes(12).toString('hex')}`;

const SECRETS = {
  /** Forwarded because the agent type says so. */
  OPENAI_API_KEY: makeSecret(),
  /** Named by the user, taken from his environment. */
  MINE: makeSecret(),
} as const;
const IN_FILE = makeSecret();
const IN_CONFIG = makeSecret();
const ALL = [...Object.values(SECRETS), IN_FILE, IN_CONFIG];

let user: User;

beforeAll(buildFakeImage);
beforeEach(async () => {
  user = await User.create();
});
afterEach(async () => {
  expect(await listContainers(user.workspace)).toEqual([]);
  await user.remove();
});

/** Which secrets a text holds, plain or in base64. */
function findSecrets(text: string): readonly string[] {
  return ALL.filter((secret) => text.includes(secret) || text.includes(btoa(secret).slice(0, -4)));
}

/** Looks at the argv of every process again and again until told to stop; gives what it found, and how often it looked. */
function watchArguments(): () => Promise<{ readonly found: readonly string[]; readonly looks: number }> {
  const found = new Set<string>();
  let [looks, ended] = [0, false];
  const watching = (async () => {
    for (; !ended; looks++) {
      for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
        const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
        for (const secret of findSecrets(words)) found.add(`${secret}: ${words.slice(0, 200)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return async () => {
    ended = true;
    await watching;
    return { found: [...found], looks };
  };
}

/** Everything below a directory that this user's own HOME does not hold. */
async function scanFiles(directory: string): Promise<readonly string[]> {
  // Not in the argv of grep, which is looked at too.
  const args = ['-rslaF', '--exclude-dir=home', '--exclude-dir=node_modules', '-f', '-', directory];
  const { stdout } = await execa('grep', args, { input: ALL.join('\n'), reject: false });
  return stdout.split('\n').filter(Boolean);
}

async function scanEngine(image: string): Promise<readonly string[]> {
  const ids = (await execa('docker', ['ps', '-aq'])).stdout.split('\n').filter(Boolean);
  const volumes = (await execa('docker', ['volume', 'ls', '-q'])).stdout.split('\n').filter(Boolean);
  const texts = await Promise.all([
    execa('docker', ['inspect', ...ids, ...volumes], { reject: false }),
    execa('docker', ['image', 'inspect', image]),
    execa('docker', ['history', '--no-trunc', image]),
  ]);
  return findSecrets(texts.map(({ stdout }) => stdout).join('\n'));
}

/** What the engine keeps of the containers over this workspace: their output, and what its files say of them. */
async function scanLogs(): Promise<readonly string[]> {
  const ids = await listContainers(user.workspace);
  const logs = await Promise.all(
    ids.map((id) => execa('docker', ['logs', id], { reject: false, all: true })),
  );
  expect(ids).toHaveLength(1);
  return findSecrets(logs.map(({ all }) => all).join('\n'));
}

/** Every layer of an image, as it would be handed on. */
async function scanLayers(image: string): Promise<readonly string[]> {
  const grep = ['grep', '-aoF', ...ALL.flatMap((secret) => ['-e', secret, '-e', btoa(secret).slice(0, -4)])];
  const { stdout } = await execa('sh', ['-c', 'docker save "$0" | "$@"', image, ...grep], { reject: false });
  return stdout.split('\n').filter(Boolean);
}

test.each<readonly [string, readonly string[]]>([
  ['plain', []],
  ['read-only', ['--read-only']],
])('no secret is seen outside the container during a %s run', async (_, options) => {
  await mkdir(join(user.root, 'home', '.pi', 'agent'), { recursive: true });
  await execa(
    'sh',
    [
      '-c',
      `echo '{"apiKey":"${IN_CONFIG}"}' > home/.pi/agent/models.json; echo "FILED=${IN_FILE}" > home/env`,
    ],
    { cwd: user.root },
  );
  const images = async () => (await execa('docker', ['images', '-aq', fakeImage])).stdout;
  const before = await images();
  // The agent tells that it has them without saying them.
  const script = `printf %s "$OPENAI_API_KEY$MINE$FILED$(cat ~/.pi/agent/models.json)" | wc -c > /workspace/seen; until [ -e /workspace/done ]; do sleep 0.1; done`;
  const args = [
    'run',
    'pi',
    '--image',
    fakeImage,
    '--prompt',
    'x',
    '-e',
    'MINE',
    '--env-file',
    '../home/env',
  ];
  const name = `secrets-${process.pid}`;
  const endWatch = watchArguments();
  const run = user.start([...args, '--name', name, '-e', `TRY=${script}`, ...options], SECRETS);
  await waitUntil(async () => (await readdir(user.workspace)).includes('seen'));
  // Who joins it has the same variables, and nobody else sees them there either.
  const joined =
    'printf %s "$OPENAI_API_KEY$MINE$FILED" > /workspace/.joined; mv /workspace/.joined /workspace/joined; sleep 60';
  const beside = user.start(['exec', name, '--', 'sh', '-c', joined]);
  await waitUntil(async () => (await readdir(user.workspace)).includes('joined'));
  await rename(join(user.workspace, 'joined'), join(user.root, 'home', 'joined'));
  expect(await scanLogs()).toEqual([]);
  expect(await scanFiles('/tmp')).toEqual([]);
  expect(await scanFiles('/run')).toEqual([]);
  expect(await scanEngine(fakeImage)).toEqual([]);
  await writeFile(join(user.workspace, 'done'), '');
  const { stdout, stderr, exitCode } = await run;
  await beside;
  expect(exitCode).toBe(0);
  expect(await readFile(join(user.root, 'home', 'joined'), 'utf8')).toBe(
    [...Object.values(SECRETS), IN_FILE].join(''),
  );
  const { found, looks } = await endWatch();
  expect(found).toEqual([]);
  expect(looks).toBeGreaterThan(10);
  expect(findSecrets(stdout + stderr)).toEqual([]);
  expect(await images()).toBe(before);
  expect(await scanFiles('/tmp')).toEqual([]);
  expect(await readdir(join(user.root, 'state', 'adr', 'runs'))).toEqual([]);
  const seen = Number(await readFile(join(user.workspace, 'seen'), 'utf8'));
  expect(seen).toBe([...Object.values(SECRETS), IN_FILE, `{"apiKey":"${IN_CONFIG}"}`].join('').length);
  const plan = await user.start([...args, '--dry-run', '--debug', ...options], SECRETS);
  expect(plan.stdout).toContain('variable: OPENAI_API_KEY=***');
  expect(findSecrets(plan.stdout + plan.stderr)).toEqual([]);
});

test('the image that agents run on holds none in any layer, and the scan would find one', async () => {
  const image = 'adr-test/fake-secret:test';
  await writeFile(join(user.root, 'home', 'key'), IN_FILE);
  await execa('sh', ['-c', 'tar -C home -c key | docker import - "$0"', image], { cwd: user.root });
  expect(await scanLayers(image)).not.toEqual([]);
  await execa('docker', ['rmi', image]);
  expect(await scanLayers(fakeImage)).toEqual([]);
});

test('in a session neither tmux nor the screen nor what is kept of it shows one', async () => {
  const server = openTestServer();
  // The user's own server is there already, without the session's variables.
  await server.start();
  await mkdir(join(user.root, 'home', '.pi', 'agent'), { recursive: true });
  await writeFile(join(user.root, 'home', '.pi', 'agent', 'models.json'), `{"apiKey":"${IN_CONFIG}"}`);
  await writeFile(join(user.root, 'home', 'env'), `FILED=${IN_FILE}\n`);
  const script = 'printf %s "$MINE$FILED" | wc -c > /workspace/seen; exec sleep 60';
  const adrTmux = (...args: readonly string[]) =>
    execa(process.execPath, ['--', join(ROOT, 'bin', 'adr-tmux.js'), ...args], {
      env: { ...user.env, ...SECRETS, ADR_TMUX_SOCKET: server.socket, TMUX: '' },
      extendEnv: false,
      cwd: user.workspace,
      reject: false,
      all: true,
    });
  const endWatch = watchArguments();
  try {
    const own = ['-e', 'MINE', '--env-file', '../home/env', '-e', `TRY=${script}`];
    const started = await adrTmux('start', 'box', '--agent', 'pi:main', '--image', fakeImage, ...own);
    expect(started.exitCode, started.all).toBe(0);
    await waitUntil(
      async () => (await readFile(join(user.workspace, 'seen'), 'utf8').catch(() => '')) !== '',
    );
    const seen = Number(await readFile(join(user.workspace, 'seen'), 'utf8'));
    expect(seen).toBe((SECRETS.MINE + IN_FILE).length);
    const shown = await Promise.all([
      ...['-g', '-t=adr-box'].map((scope) => server.run('show-environment', scope)),
      ...['-g', '-s', '-t=adr-box:'].map((scope) => server.run('show-options', scope)),
      server.run('list-panes', '-a', '-F', '#{pane_start_command} #{pane_title} #{@adr_state}'),
      server.run('capture-pane', '-p', '-S', '-', '-t', '=adr-box:'),
      server.run('show-buffer').catch(() => ''),
    ]);
    expect(findSecrets(shown.join('\n'))).toEqual([]);
    expect(await scanFiles('/tmp')).toEqual([]);
    expect(await scanEngine(fakeImage)).toEqual([]);
    const said = [started, await adrTmux('status', '--json'), await adrTmux('stop', 'box')];
    expect(findSecrets(said.map(({ all }) => all).join('\n'))).toEqual([]);
    expect(await scanFiles('/tmp')).toEqual([]);
  } finally {
    await adrTmux('stop', 'box');
    await server.kill();
  }
  expect((await endWatch()).found).toEqual([]);
});

test('values arrive as they are', async () => {
  const values = ["it's", 'two\nlines', '$HOME `id` $(id) "x" \\', ' blanks ', 'ünï', ''];
  const options = values.flatMap((value, index) => ['-e', `V${index}=${value}`]);
  const script = `node -p 'JSON.stringify([0,1,2,3,4,5].map(i=>process.env["V"+i]))'`;
  const { stdout } = await user.startAgent(script, options);
  expect(JSON.parse(stdout)).toEqual(values);
});
