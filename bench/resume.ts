// How long `resume` takes for four agents, each in its conversation, against `start` of the same:
//
//   node bench/run.mjs resume [--tag TAG [--network NETWORK]] [--rounds N]
//
// Demo agents; with --tag pi, opencode, claude and codex in containers of these images.
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { isSameProcessAlive } from '../src/system/process-table.ts';
import { agentTypes, writeAgentHomes } from '../test/support/agent-homes.ts';
import { startModelServer } from '../test/support/model-server.ts';
import { ensureBuilt, makeScratch } from '../test/support/program.ts';
import { driveSessions, type SessionDriver } from '../test/support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../test/support/tmux-server.ts';
import { findMedian, printTable } from './measure.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    tag: { type: 'string' },
    network: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
});
const { tag, network } = values;
const rounds = Math.max(1, Number(values.rounds) || 5);
const specs =
  tag === undefined
    ? ['demo:pi', 'demo:opencode', 'demo:claude', 'demo:codex']
    : agentTypes.map((type) => `${type}:${type}`);
const place = [
  ...(tag === undefined ? [] : ['--tag', tag]),
  ...(network === undefined ? [] : ['--network', network]),
];
const LIMIT_MS = 120_000;

/** Seconds until the command returned, and until all agents were ready. */
interface Times {
  readonly returned: number;
  readonly ready: number;
}

async function measure(driver: SessionDriver, ...args: readonly string[]): Promise<Times> {
  const from = performance.now();
  const since = () => (performance.now() - from) / 1000;
  const { code, stderr } = await driver.run(...args, '--json');
  if (code !== 0) throw new Error(stderr);
  const returned = since();
  await waitFor(
    'all ready',
    async () => (await driver.readAgents('bench')).every(({ state }) => state === 'IDLE'),
    LIMIT_MS,
  );
  return { returned, ready: since() };
}

async function measureRound(
  driver: SessionDriver,
  server: TestServer,
): Promise<{ readonly start: Times; readonly resume: Times }> {
  const start = await measure(
    driver,
    'start',
    'bench',
    ...specs.flatMap((spec) => ['--agent', spec]),
    ...place,
  );
  const sent = await driver.run('send', 'bench', '--all', '--wait', 'SC-SAY something to go on with');
  if (sent.code !== 0) throw new Error(sent.stderr);
  await waitFor('the conversations', async () =>
    (await driver.readAgents('bench')).every(({ conversation }) => conversation !== undefined),
  );
  const pid = Number(await server.run('display-message', '-p', '#{pid}'));
  process.kill(pid, 'SIGKILL');
  await waitFor('the end of the tmux server', () => !isSameProcessAlive(pid, ''));
  const planned = await driver.run('resume', 'bench', '--dry-run', '--json');
  if (planned.stdout.includes('"conversation": null')) throw new Error(planned.stdout);
  const resume = await measure(driver, 'resume', 'bench');
  await driver.run('stop', 'bench', '--purge');
  return { start, resume };
}

await ensureBuilt();
const model = await startModelServer();
const scratch = makeScratch('bench-resume');
const server = openTestServer();
const driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '100' });
try {
  const host = network === 'host' ? '127.0.0.1' : 'host.docker.internal';
  await writeAgentHomes(driver.home, (agent) => model.url(agent, host));
  await execa('git', ['init', '-q'], { cwd: driver.workspace });
  const measured: Awaited<ReturnType<typeof measureRound>>[] = [];
  for (let round = 0; round < rounds; round++) measured.push(await measureRound(driver, server));
  const median = (pick: (round: (typeof measured)[number]) => number) => findMedian(measured.map(pick));
  const row = (name: string, part: keyof Times): readonly string[] => {
    const [start, resume] = [median((round) => round.start[part]), median((round) => round.resume[part])];
    return [name, start.toFixed(2), resume.toFixed(2), (resume / start).toFixed(2)];
  };
  const what = tag === undefined ? 'demo agents' : `real agents in containers of images :${tag}`;
  console.log(`seconds, median of ${rounds} rounds, 4 ${what}`);
  printTable([
    ['', 'start', 'resume', 'ratio'],
    row('the command has returned', 'returned'),
    row('all four are ready', 'ready'),
  ]);
} finally {
  await driver.run('stop', 'bench', '--purge');
  await server.kill();
  await model.close();
  scratch.remove();
}
