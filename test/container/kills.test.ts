import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { buildFakeImage, fakeImage, listContainers, User } from './support.ts';

const program = fileURLToPath(new URL('../../bin/adr.js', import.meta.url));
const KILLS = Number(process.env.ADR_TEST_KILLS ?? 50);
const AT_ONCE = 5;
/** A whole undisturbed run of this agent takes about this long, so that every part of its life is hit. */
const LIFE_MS = 2200;

beforeAll(buildFakeImage);

/** Numbers in [0, 1) that a seed decides (mulberry32). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WAYS = [
  { victim: 'adr', signal: 'SIGKILL' },
  { victim: 'adr', signal: 'SIGTERM' },
  { victim: 'adr', signal: 'SIGHUP' },
  { victim: 'client', signal: 'SIGKILL' },
  { victim: 'group', signal: 'SIGKILL' },
] as const;

/** Processes of this user: they carry his HOME, whoever their parent is now. */
async function listProcesses(user: User): Promise<readonly { pid: number; command: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!environment.split('\0').includes(`HOME=${user.env.HOME}`)) return undefined;
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid: Number(pid), command: command.replaceAll('\0', ' ').slice(0, 120) };
    }),
  );
  return found.filter((entry) => entry !== undefined);
}

async function findChildren(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

async function runAndKill(user: User, random: () => number, network: string): Promise<string> {
  const way = WAYS[Math.floor(random() * WAYS.length)] ?? WAYS[0];
  const delay = random() * LIFE_MS;
  const options = [
    ...(random() < 0.4 ? ['--read-only'] : []),
    ...(random() < 0.4 ? ['--network', network] : []),
  ];
  const args = ['run', 'pi', '--image', fakeImage, '--prompt', 'x', '-e', 'TRY=sleep 0.5', ...options];
  const run = execa(process.execPath, [program, ...args], {
    env: user.env,
    extendEnv: false,
    cwd: user.workspace,
    stdio: 'ignore',
    detached: true,
    reject: false,
  });
  const pid = run.pid ?? 0;
  await new Promise((resolve) => setTimeout(resolve, delay));
  if (way.victim === 'adr') kill(pid, way.signal);
  if (way.victim === 'group') kill(-pid, way.signal);
  if (way.victim === 'client') for (const child of await findChildren(pid)) kill(child, way.signal);
  const { exitCode, signal } = await run;
  return `${way.signal} of ${way.victim} after ${Math.round(delay)} ms ${options.join(' ')}: ${exitCode ?? signal}`;
}

test(`${KILLS} kills at random moments of a run's life leave nothing after the next clean`, async () => {
  const seed = Number(process.env.ADR_TEST_SEED ?? Date.now() % 1e6);
  const random = makeRandom(seed);
  const user = await User.create();
  const network = `adr-test-kills-${process.pid}`;
  const done: string[] = [];
  const count = async () => {
    const volumes = await execa('docker', [
      ...['volume', 'ls', '-q', '--filter', `label=adr.workspace=${user.workspace}`],
    ]);
    const networks = await execa('docker', ['network', 'ls', '-q', '--filter', `name=${network}`]);
    return {
      containers: (await listContainers(user.workspace)).length,
      volumes: volumes.stdout.split('\n').filter(Boolean).length,
      networks: networks.stdout.split('\n').filter(Boolean).length,
      files: await readdir(join(user.root, 'state', 'adr', 'runs')).catch(() => []),
      processes: await listProcesses(user),
    };
  };
  while (done.length < KILLS) {
    const batch = Array.from({ length: Math.min(AT_ONCE, KILLS - done.length) }, () =>
      runAndKill(user, random, network),
    );
    done.push(...(await Promise.all(batch)));
    // What a killed client asked for may still be on its way.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const cleaned = await user.start(['clean']);
    expect(cleaned.exitCode, cleaned.stderr).toBe(0);
    expect(await count(), `seed ${seed}\n${done.slice(-AT_ONCE).join('\n')}`).toEqual({
      containers: 0,
      volumes: 0,
      networks: 0,
      files: [],
      processes: [],
    });
  }
  await user.remove();
}, 900_000);
