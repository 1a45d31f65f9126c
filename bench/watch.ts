// What an open watch costs, and how soon a key shows on the screen:
//
//   node bench/run.mjs watch [--agents 4,20,50] [--seconds 60] [--keys 200] [--size 120x40]
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt, makeScratch, ROOT } from '../test/support/program.ts';
import { openTestServer, type TestServer, waitFor } from '../test/support/tmux-server.ts';
import { openControlClient } from './control-client.ts';
import { findMedian, findPercentile, printTable } from './measure.ts';
import { fillServer, readUsage, startMonitor } from './monitor-panes.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    agents: { type: 'string', default: '4,20,50' },
    seconds: { type: 'string', default: '60' },
    keys: { type: 'string', default: '200' },
    size: { type: 'string', default: '120x40' },
  },
});

/** A frame begins with it; tmux tells what a pane writes with its control characters in octal. */
const FRAME = '\\033[?2026h';
/** After a minute spans are shown in minutes. */
const SETTLE_MS = 70_000;

/** The least that a program in Node which asks tmux once a second can cost. */
const POLLER = `setInterval(() => require('node:child_process').execFile('tmux', process.argv.slice(1), () => {}), 1000)`;
/** The least that a program in Node needs to write what was typed. */
const ECHO = `process.stdin.setRawMode(true); process.stdin.on('data', (key) => process.stdout.write('<' + key + '>')); process.stdout.write('ready')`;

interface Cost {
  /** Percent of one core; the program's own, and that of the tmux calls it makes. */
  readonly own: number;
  readonly children: number;
  readonly frames: number;
  readonly bytes: number;
  readonly rss: number;
}

/** Runs a program in a terminal of its own and measures it once it is at rest. */
async function measureProgram(argv: readonly string[], env: Env, shows: RegExp): Promise<Cost> {
  const terminal = openTestServer();
  try {
    const pid = await openTerminal(terminal, argv, env, shows);
    await delay(SETTLE_MS);
    const client = await openControlClient(terminal.socket, 'view');
    const before = { ...readUsage(pid), at: performance.now() };
    client.take();
    await delay(Number(values.seconds) * 1000);
    const after = { ...readUsage(pid), at: performance.now() };
    const written = client.take();
    await client.close();
    const ms = after.at - before.at;
    return {
      own: ((after.own - before.own) / ms) * 100,
      children: ((after.children - before.children) / ms) * 100,
      frames: ((written.split(FRAME).length - 1) * 60_000) / ms,
      bytes: (written.length * 60_000) / ms,
      rss: after.rss,
    };
  } finally {
    await terminal.kill();
  }
}

type Env = Readonly<Record<string, string>>;

async function openTerminal(
  terminal: TestServer,
  argv: readonly string[],
  env: Env,
  shows: RegExp,
): Promise<number> {
  const [columns = '', rows = ''] = values.size.split('x');
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  await terminal.run(
    ...['new-session', '-d', '-s', 'view', '-x', columns, '-y', rows, ...variables, '--', ...argv],
  );
  await waitFor(`${shows}`, async () => shows.test(await terminal.run('capture-pane', '-p', '-t', 'view')));
  return Number(await terminal.run('display-message', '-p', '-t', 'view', '#{pane_pid}'));
}

/** A server with so many agents that a monitor looks after; gives what `use` gives. */
async function withAgents<T>(
  count: number,
  lively: boolean,
  use: (server: TestServer, env: Env) => Promise<T>,
): Promise<T> {
  const scratch = makeScratch('bench');
  const server = openTestServer();
  try {
    await fillServer(server, scratch.path, count, lively);
    startMonitor(server, scratch.path);
    await waitFor(
      'states',
      async () => {
        const states = await server.run('list-panes', '-a', '-F', '#{@adr_state}');
        return states.split('\n').filter((state) => state !== '').length === count;
      },
      60_000,
    );
    return await use(server, { HOME: scratch.path, XDG_STATE_HOME: '', ADR_TMUX_SOCKET: server.socket });
  } finally {
    await server.kill();
    scratch.remove();
  }
}

const WATCH = [process.execPath, `${ROOT}/bin/adr-tmux.js`, 'watch'];
const SHOWN = /q leave/;

function formatCost(name: string, cost: Cost, base: Cost): readonly string[] {
  const percent = cost.own + cost.children;
  return [
    name,
    cost.own.toFixed(2),
    cost.children.toFixed(2),
    (percent / (base.own + base.children)).toFixed(1),
    cost.frames.toFixed(1),
    (cost.bytes / 1024).toFixed(1),
    cost.rss.toFixed(0),
  ];
}

async function measureCosts(): Promise<readonly (readonly string[])[]> {
  const counts = values.agents.split(',').map(Number);
  const base = await withAgents(4, false, ({ socket }, env) =>
    measureProgram(
      [process.execPath, '-e', `${POLLER}; console.log('ready')`, '--', '-L', socket, 'list-panes', '-a'],
      env,
      /ready/,
    ),
  );
  const rows = [formatCost('node, one tmux call a second', base, base)];
  for (const [count, lively] of [...counts.map((count) => [count, false] as const), [4, true] as const]) {
    const cost = await withAgents(count, lively, (_, env) => measureProgram(WATCH, env, SHOWN));
    rows.push(formatCost(`watch, ${count} agents ${lively ? 'that stream' : 'at rest'}`, cost, base));
  }
  return rows;
}

/** Times of single keys, in ms, each pressed once what came before is painted. */
async function measureKeys(
  argv: readonly string[],
  env: Env,
  shows: RegExp,
  keys: readonly string[],
  painted: (output: string) => boolean,
): Promise<readonly number[]> {
  const terminal = openTestServer();
  try {
    await openTerminal(terminal, argv, env, shows);
    await delay(2000);
    const client = await openControlClient(terminal.socket, 'view');
    const times: number[] = [];
    for (let index = 0; index < Number(values.keys); index++) {
      times.push(await client.time(keys[index % keys.length] ?? '', painted));
      await delay(20 + Math.random() * 60);
    }
    await client.close();
    return times;
  } finally {
    await terminal.kill();
  }
}

async function measureAllKeys(): Promise<readonly (readonly string[])[]> {
  const echo = await measureKeys([process.execPath, '-e', ECHO], {}, /ready/, ['j', 'k'], (output) =>
    /<[jk]>/.test(output),
  );
  const rows: (readonly string[])[] = [];
  const add = (name: string, times: readonly number[]): void => {
    const [median, high] = [findMedian(times), findPercentile(times, 95)];
    rows.push([name, median.toFixed(1), high.toFixed(1), (median / findMedian(echo)).toFixed(1)]);
  };
  add('node echoes the key', echo);
  // A frame of the clock has no selection mark in it.
  const moved = (output: string): boolean => output.includes('❯');
  for (const count of values.agents.split(',').map(Number))
    add(
      `watch, ${count} agents: j, k`,
      await withAgents(count, false, (_, env) => measureKeys(WATCH, env, SHOWN, ['j', 'k'], moved)),
    );
  return rows;
}

await ensureBuilt();
console.log(
  `percent of one core over ${values.seconds} s at ${values.size}: itself, its tmux calls; times the first row; frames and KB a minute; MB`,
);
printTable([['', 'own', 'calls', 'x', 'frames', 'KB', 'MB'], ...(await measureCosts())]);
console.log(`ms from a key to its frame, ${values.keys} keys`);
printTable([['', 'median', 'p95', 'x'], ...(await measureAllKeys())]);
