// What the monitor costs, and how soon it sees what happens:
//
//   node bench/run.mjs monitor [--panes 4,20,50] [--seconds 60] [--rounds 5] [--no-hang]
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { readScreen } from '../src/activity/read-screen.ts';
import { demoSigns } from '../src/agents/demo/signs.ts';
import { findOnPath } from '../src/system/find-on-path.ts';
import { ensureBuilt, makeScratch, ROOT } from '../test/support/program.ts';
import { driveSessions } from '../test/support/session-driver.ts';
import { openTestServer, waitFor } from '../test/support/tmux-server.ts';
import { findMedian, printTable } from './measure.ts';
import { fillServer, readUsage, startMonitor } from './monitor-panes.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    panes: { type: 'string', default: '4,20,50' },
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '5' },
    hang: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
async function measureCost(count: number): Promise<readonly string[]> {
  const scratch = makeScratch('bench');
  const server = openTestServer();
  const calls = join(scratch.path, 'calls');
  const bin = join(scratch.path, 'bin');
  mkdirSync(bin);
  const tmux = await findOnPath('tmux', process.env);
  writeFileSync(join(bin, 'tmux'), `#!/bin/sh\necho >> '${calls}'\nexec '${tmux}' "$@"\n`);
  chmodSync(join(bin, 'tmux'), 0o755);
  writeFileSync(calls, '');
  const countCalls = (): number => readFileSync(calls, 'utf8').length;
  try {
    await fillServer(server, scratch.path, count);
    const monitor = startMonitor(server, scratch.path, { PATH: `${bin}:${process.env.PATH}` });
    const pid = monitor.pid ?? 0;
    await delay(10_000);
    const before = { ...readUsage(pid), calls: countCalls(), at: performance.now() };
    await delay(Number(values.seconds) * 1000);
    const after = { ...readUsage(pid), calls: countCalls(), at: performance.now() };
    const ticks = (after.at - before.at) / 3000;
    const states = await server.run('list-panes', '-a', '-F', '#{@adr_state}');
    if (states.split('\n').filter((state) => state !== '').length !== count)
      throw new Error(`unjudged: ${states}`);
    return [
      `${count} panes`,
      ((after.own - before.own) / ticks).toFixed(1),
      ((after.children - before.children) / ticks).toFixed(1),
      ((after.calls - before.calls) / ticks).toFixed(2),
      before.rss.toFixed(0),
      after.rss.toFixed(0),
    ];
  } finally {
    await server.kill();
    scratch.remove();
  }
}

type Happening = 'question asked' | 'turn over' | 'process killed' | 'model hung';

interface Setting {
  readonly reports: boolean;
  /** A `wait` runs meanwhile: the monitor looks often. */
  readonly waiting: boolean;
}

/** Seconds from what happened, as the screen shows it or the signal was sent, to the state in tmux. */
async function measureDelays(
  { reports, waiting }: Setting,
  happenings: readonly Happening[],
): Promise<ReadonlyMap<Happening, number>> {
  const scratch = makeScratch('bench');
  const server = openTestServer();
  const driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '1500', ADR_DEMO_WORD_MS: '0' });
  const target = '=adr-bench:';
  const look = async () => {
    const [state = '', ...screen] = (
      await server.run(
        'display-message',
        '-p',
        '-t',
        target,
        '#{@adr_state}',
        ';',
        'capture-pane',
        '-p',
        '-t',
        target,
      )
    ).split('\n');
    return { state, reading: readScreen(demoSigns, screen.join('\n'), '') };
  };
  const reach = (wanted: string) => waitFor(wanted, async () => (await look()).state === wanted, 60_000);
  /** From the moment that `happened`, or the call, to the state. */
  const time = async (
    wanted: string,
    happened: (reading: ReturnType<typeof readScreen>) => boolean,
    limitMs = 60_000,
  ): Promise<number> => {
    let from: number | undefined;
    return waitFor(
      wanted,
      async () => {
        const { state, reading } = await look();
        if (from === undefined && happened(reading)) from = performance.now();
        if (state !== wanted) return undefined;
        return (performance.now() - (from ?? performance.now())) / 1000;
      },
      limitMs,
    );
  };
  const submit = async (text: string): Promise<void> => {
    await server.run('send-keys', '-t', target, '-l', text);
    await delay(300);
    await server.run('send-keys', '-t', target, 'Enter');
  };
  /** Between two looks at any time of the monitor's round. */
  const settle = (): Promise<void> => delay(6_000 + Math.random() * 3_000);
  const steps: Readonly<Record<Happening, () => Promise<number>>> = {
    'question asked': async () => {
      await submit('/ask bench');
      const seconds = await time('WAITING', ({ dialog }) => dialog !== undefined);
      await server.run('send-keys', '-t', target, '-l', 'n');
      await reach('IDLE');
      return seconds;
    },
    'turn over': async () => {
      await submit('/tool 8');
      await reach('RUNNING');
      return time('IDLE', ({ busy }) => busy === undefined);
    },
    'model hung': async () => {
      await submit('/hang');
      return time('STALLED', ({ busy }) => busy !== undefined, 240_000);
    },
    'process killed': async () => {
      const run = Number(await server.run('display-message', '-p', '-t', target, '#{pane_pid}'));
      const child = readFileSync(`/proc/${run}/task/${run}/children`, 'utf8').trim().split(' ').at(-1);
      process.kill(Number(child), 'SIGKILL');
      return time('EXITED', () => true);
    },
  };
  const delays = new Map<Happening, number>();
  try {
    const options = reports ? [] : ['--no-reports'];
    const started = await driver.run('start', 'bench', '--agent', 'demo:a', ...options);
    if (started.code !== 0) throw new Error(started.stderr);
    await reach('IDLE');
    // For a state that does not come; it goes with the server.
    const words = ['wait', 'bench', '--until', 'exited,waiting,idle,stalled', '--next', '--timeout', '1h'];
    const argv = [join(ROOT, 'bin/adr-tmux.js'), ...words];
    for (const happening of happenings) {
      const waiter = waiting
        ? execa(process.execPath, argv, { env: driver.env, stdio: 'ignore', reject: false })
        : undefined;
      await settle();
      delays.set(happening, await steps[happening]());
      waiter?.kill();
    }
    return delays;
  } finally {
    await server.kill();
    scratch.remove();
  }
}

async function measureAllDelays(): Promise<readonly (readonly string[])[]> {
  const settings: readonly Setting[] = [
    { reports: true, waiting: false },
    { reports: false, waiting: false },
    { reports: true, waiting: true },
    { reports: false, waiting: true },
  ];
  const quick: readonly Happening[] = ['question asked', 'turn over', 'process killed'];
  const columns: string[][] = [];
  for (const setting of settings) {
    const rounds: ReadonlyMap<Happening, number>[] = [];
    for (let round = 0; round < Number(values.rounds); round++)
      rounds.push(await measureDelays(setting, quick));
    const cells = quick.map((happening) => {
      const times = rounds.map((round) => round.get(happening) ?? Number.NaN);
      return `${findMedian(times).toFixed(2)} (${Math.max(...times).toFixed(2)})`;
    });
    const hung = values.hang && !setting.waiting ? await measureDelays(setting, ['model hung']) : undefined;
    columns.push([...cells, hung?.get('model hung')?.toFixed(1) ?? '-']);
  }
  return [...quick, 'model hung'].map((happening, row) => [
    happening,
    ...columns.map((cells) => cells[row] ?? ''),
  ]);
}

await ensureBuilt();
console.log(`a tick: CPU in ms, tmux invocations; memory in MB after 10 s and ${values.seconds} s later`);
const costs: (readonly string[])[] = [];
for (const count of values.panes.split(',').map(Number)) costs.push(await measureCost(count));
printTable([['', 'monitor', 'tmux client', 'invocations', 'MB', 'MB later'], ...costs]);
console.log(`\nseconds from the event to the state, median (slowest) of ${values.rounds}`);
printTable([['', 'reports', 'screen alone', 'reports, wait', 'screen, wait'], ...(await measureAllDelays())]);
