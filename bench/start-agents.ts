// How long four real agents in containers take until they are ready:
//
//   node bench/run.mjs start-agents [--tag TAG] [--rounds N]
//
// Without --tag it uses the images of the tests and builds what is missing of them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { type AgentType, agentTypes, writeAgentHomes } from '../test/support/agent-homes.ts';
import { ensureImages, testTag } from '../test/support/images.ts';
import { startModelServer } from '../test/support/model-server.ts';
import { ensureBuilt, makeScratch } from '../test/support/program.ts';
import { driveSessions, listContainers, type SessionDriver } from '../test/support/session-driver.ts';
import { openTestServer } from '../test/support/tmux-server.ts';
import { findMedian, printTable } from './measure.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { tag: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});
const tag = values.tag ?? testTag;
const rounds = Math.max(1, Number(values.rounds) || 3);
const LIMIT_S = 90;

interface Round {
  readonly start: number;
  readonly ready: Readonly<Record<AgentType, number>>;
  readonly stop: number;
}

async function measureRound(driver: SessionDriver): Promise<Round> {
  const startedAt = performance.now();
  const since = () => (performance.now() - startedAt) / 1000;
  const specs = agentTypes.flatMap((type) => ['--agent', `${type}:${type}`]);
  const started = await driver.run('start', 'bench', ...specs, '--tag', tag, '--json');
  if (started.code !== 0) throw new Error(started.stderr);
  const start = since();
  const { id } = JSON.parse(started.stdout) as { readonly id: string };
  const ready = new Map<string, number>();
  while (ready.size < agentTypes.length) {
    const agents = await driver.readAgents('bench');
    for (const { agent, state } of agents) {
      if (state === 'IDLE' && !ready.has(agent)) ready.set(agent, since());
    }
    if (since() < LIMIT_S) continue;
    throw new Error(`not ready after ${LIMIT_S} s: ${JSON.stringify(agents)}`);
  }
  const stopAt = performance.now();
  const stopped = await driver.run('stop', 'bench');
  const stop = (performance.now() - stopAt) / 1000;
  const left = await listContainers(id);
  if (stopped.code !== 0 || left.length > 0) throw new Error(`${stopped.stderr} left: ${left.join(' ')}`);
  const times = agentTypes.map((type) => [type, ready.get(type) ?? Number.NaN]);
  return { start, ready: Object.fromEntries(times) as Record<AgentType, number>, stop };
}

await ensureBuilt();
if (values.tag === undefined) await ensureImages();
const model = await startModelServer();
const scratch = makeScratch('bench');
const server = openTestServer();
const driver = driveSessions(scratch, server.socket);
try {
  await writeAgentHomes(driver.home, (agent) => model.url(agent, 'host.docker.internal'));
  await execa('git', ['init', '-q'], { cwd: driver.workspace });
  writeFileSync(join(driver.workspace, 'README.md'), '# bench\n');
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) measured.push(await measureRound(driver));
  const rows: readonly (readonly [string, (round: Round) => number])[] = [
    ['start has returned', ({ start }) => start],
    ...agentTypes.map((type): [string, (round: Round) => number] => [
      `${type} is ready`,
      ({ ready }) => ready[type],
    ]),
    ['all four are ready', ({ ready }) => Math.max(...Object.values(ready))],
    ['stop', ({ stop }) => stop],
  ];
  console.log(`seconds, ${rounds} rounds, images :${tag}`);
  printTable([
    ['', 'median', ...measured.map((_, index) => `#${index + 1}`)],
    ...rows.map(([name, pick]) => [
      name,
      findMedian(measured.map(pick)).toFixed(2),
      ...measured.map((round) => pick(round).toFixed(2)),
    ]),
  ]);
} finally {
  await driver.run('stop', 'bench');
  await server.kill();
  await model.close();
  scratch.remove();
}
