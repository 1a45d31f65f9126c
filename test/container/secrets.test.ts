import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
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

async function scanArguments(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return findSecrets(texts.join('\n'));
}

/** Everything below a directory that this user's own HOME does not hold. */
async function scanFiles(directory: string): Promise<readonly string[]> {
  const args = ['-rslaF', '--exclude-dir=home', ...ALL.flatMap((secret) => ['-e', secret]), directory];
  const { stdout } = await execa('grep', args, { reject: false });
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
  const run = user.start([...args, '--name', name, '-e', `TRY=${script}`, ...options], SECRETS);
  await waitUntil(async () => (await readdir(user.workspace)).includes('seen'));
  // Who joins it has the same variables, and nobody else sees them there either.
  const joined =
    'printf %s "$OPENAI_API_KEY$MINE$FILED" > /workspace/.joined; mv /workspace/.joined /workspace/joined; sleep 60';
  const beside = user.start(['exec', name, '--', 'sh', '-c', joined]);
  await waitUntil(async () => (await readdir(user.workspace)).includes('joined'));
  await rename(join(user.workspace, 'joined'), join(user.root, 'home', 'joined'));
  expect(await scanArguments()).toEqual([]);
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
  expect(findSecrets(stdout + stderr)).toEqual([]);
  expect(await images()).toBe(before);
  const seen = Number(await readFile(join(user.workspace, 'seen'), 'utf8'));
  expect(seen).toBe([...Object.values(SECRETS), IN_FILE, `{"apiKey":"${IN_CONFIG}"}`].join('').length);
  const plan = await user.start([...args, '--dry-run', '--debug', ...options], SECRETS);
  expect(plan.stdout).toContain('variable: OPENAI_API_KEY=***');
  expect(findSecrets(plan.stdout + plan.stderr)).toEqual([]);
});

test('values arrive as they are', async () => {
  const values = ["it's", 'two\nlines', '$HOME `id` $(id) "x" \\', ' blanks ', 'ünï', ''];
  const options = values.flatMap((value, index) => ['-e', `V${index}=${value}`]);
  const script = `node -p 'JSON.stringify([0,1,2,3,4,5].map(i=>process.env["V"+i]))'`;
  const { stdout } = await user.startAgent(script, options);
  expect(JSON.parse(stdout)).toEqual(values);
});
