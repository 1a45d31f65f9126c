// What `adr run` costs over a bare `docker run` of the same image: node bench/run.mjs run-overhead [ROUNDS]
import { type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFakeImage, fakeImage, User } from '../test/container/support.ts';
import { ensureBuilt, ROOT } from '../test/support/program.ts';
import { findMedian, printTable } from './measure.ts';

const rounds = Math.max(3, Number(process.argv[2] ?? '') || 11);
const LOOK_MS = 20;

interface Measured {
  readonly ms: number;
  /** Largest resident size of the process itself, in MB. */
  readonly peakMb: number;
}

function readPeak(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function measure(argv: readonly string[], options: SpawnOptions): Promise<Measured> {
  const [file = '', ...args] = argv;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: 'ignore' });
    let peakMb = 0;
    const timer = setInterval(() => {
      peakMb = Math.max(peakMb, readPeak(child.pid ?? 0));
    }, LOOK_MS);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(timer);
      if (code === 0) resolve({ ms: performance.now() - started, peakMb });
      else reject(new Error(`${argv.join(' ')} ended with ${code}`));
    });
  });
}

await ensureBuilt();
await buildFakeImage();
const user = await User.create();
try {
  const adr = [process.execPath, join(ROOT, 'bin/adr.js')];
  const run = [...adr, 'run', 'pi', '--image', fakeImage, '--prompt', 'x', '-e', 'TRY=true'];
  const cases = [
    { name: 'docker run --rm IMAGE true', argv: ['docker', 'run', '--rm', fakeImage, 'true'] },
    { name: 'adr run', argv: run },
    { name: 'adr run --read-only', argv: [...run, '--read-only'] },
  ];
  const results = cases.map((): Measured[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { argv }] of cases.entries()) {
      results[index]?.push(await measure(argv, { env: user.env, cwd: user.workspace }));
    }
  }
  const base = findMedian((results[0] ?? []).map(({ ms }) => ms));
  console.log(`median of ${rounds} whole runs in turn, Node ${process.versions.node}; peak memory: largest`);
  printTable([
    ['', 'ms', 'x docker', 'peak MB'],
    ...cases.map(({ name }, index) => {
      const measured = results[index] ?? [];
      const ms = findMedian(measured.map((one) => one.ms));
      const peak = Math.max(...measured.map((one) => one.peakMb));
      return [name, ms.toFixed(0), (ms / base).toFixed(2), peak.toFixed(0)];
    }),
  ]);
} finally {
  await user.remove();
}
