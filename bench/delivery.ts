// What becomes of prompts sent to the four real agents in containers, and how long they take to the model, against a raw
// paste and Enter with the same pause:
//
//   node bench/run.mjs delivery [--rounds N] [--no-reports]
//
// It builds the images of the tests where they are missing.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type AgentType, agentTypes } from '../test/support/agent-homes.ts';
import {
  type DeliveryBox,
  HUGE_PROMPT,
  openDeliveryBox,
  PROMPTS,
  type Target,
} from '../test/support/delivery-box.ts';
import { ensureImages, testTag } from '../test/support/images.ts';
import { runProgram } from '../test/support/program.ts';
import { findMedian, printTable } from './measure.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { rounds: { type: 'string', default: '3' }, 'no-reports': { type: 'boolean', default: false } },
});
const rounds = Math.max(1, Number(values.rounds) || 3);

interface Tally {
  tried: number;
  exact: number;
  falseSubmitted: number;
  falseFailure: number;
  readonly ms: number[];
}

const fresh = (): Tally => ({ tried: 0, exact: 0, falseSubmitted: 0, falseFailure: 0, ms: [] });
const own = new Map<AgentType, Tally>(agentTypes.map((type) => [type, fresh()]));
const raw = new Map<AgentType, Tally>(agentTypes.map((type) => [type, fresh()]));
const ARRIVE_MS = 30_000;
// The 300 KB come last: pi draws its screen slowly from there on.
const prompts = [...PROMPTS.map(([, prompt]) => prompt), HUGE_PROMPT];

/** Milliseconds from `startedAt` to the request that carries the prompt; undefined when none came. */
async function waitForRequest(box: DeliveryBox, agent: AgentType, text: string, startedAt: number) {
  const found = await box.model.waitForUserText(text, { agent, timeoutMs: ARRIVE_MS }).catch(() => undefined);
  return found && found.at - startedAt;
}

function count(
  tally: Tally,
  box: DeliveryBox,
  agent: AgentType,
  text: string,
  ms: number | undefined,
): boolean {
  const exact = box.countArrived(text)[agentTypes.indexOf(agent)] === 1;
  tally.tried += 1;
  if (exact) tally.exact += 1;
  if (ms !== undefined) tally.ms.push(ms);
  return exact;
}

async function waitUntilIdle(box: DeliveryBox, agent: AgentType): Promise<void> {
  await box.driver.waitForState('box', agent, 'IDLE', 60_000).catch(async () => {
    const found = (await box.driver.readAgents('box')).find((entry) => entry.agent === agent);
    console.error(`${agent} is not idle: ${found?.state} ${found?.reason}`);
  });
}

async function sendOwn(box: DeliveryBox, agent: AgentType, text: string): Promise<void> {
  const tally = own.get(agent) ?? fresh();
  const startedAt = Date.now();
  const [target] = await box.send(text, '--agent', agent, '--when', 'idle');
  const exact = count(tally, box, agent, text, await waitForRequest(box, agent, text, startedAt));
  const said = target?.outcome === 'submitted';
  if (said && !exact) tally.falseSubmitted += 1;
  if (!said && exact) tally.falseFailure += 1;
}

async function sendRaw(box: DeliveryBox, agent: AgentType, text: string): Promise<void> {
  const tally = raw.get(agent) ?? fresh();
  const pane = (await box.listPanes())[agentTypes.indexOf(agent)] ?? '';
  const startedAt = Date.now();
  await box.paste(pane, text);
  await sleep(300);
  await box.server.run('send-keys', '-t', pane, 'Enter');
  count(tally, box, agent, text, await waitForRequest(box, agent, text, startedAt));
}

/** Two of each type, prompted by eight processes right after `start` returned. */
async function promptEight(box: DeliveryBox): Promise<readonly string[]> {
  await box.driver.run('stop', 'box');
  const agents = agentTypes.flatMap((type) => [1, 2].map((number) => ({ type, name: `${type}-${number}` })));
  const specs = agents.flatMap(({ type, name }) => ['--agent', `${type}:${name}`]);
  const started = await box.driver.run('start', 'eight', ...specs, '--tag', testTag);
  if (started.code !== 0) throw new Error(started.stderr);
  const sent = await Promise.all(
    agents.map(async ({ type, name }) => {
      const text = `to ${name}, cold`;
      const startedAt = Date.now();
      const args = ['send', 'eight', '--agent', name, '--json', '--ready-timeout', '110s', text];
      const { stdout, stderr } = await runProgram('adr-tmux', args, { env: box.driver.env });
      if (stdout === '') console.error(`${name}: ${stderr || 'send took more than its time limit'}`);
      const [target] = stdout === '' ? [] : (JSON.parse(stdout) as { targets: Target[] }).targets;
      const ms = await waitForRequest(box, type, text, startedAt);
      const exact = box.countArrived(text)[agentTypes.indexOf(type)] === 1;
      const good = exact && target?.outcome === 'submitted' && target.proof === 'agent';
      if (!good)
        console.error(`${name}: ${target?.outcome} ${target?.proof}, ${exact ? 'exact' : 'not arrived'}`);
      return { ms: ms ?? 0, good };
    }),
  );
  const seconds = sent.map(({ ms }) => (ms / 1000).toFixed(1)).join(', ');
  return [`${sent.filter(({ good }) => good).length} of ${sent.length} exact and confirmed`, `${seconds} s`];
}

const findP95 = (ms: readonly number[]): number =>
  [...ms].sort((a, b) => a - b)[Math.floor(ms.length * 0.95)] ?? 0;
const row = (agent: AgentType): readonly string[] => {
  const [ours, theirs] = [own.get(agent) ?? fresh(), raw.get(agent) ?? fresh()];
  const ratio = findMedian(ours.ms) / findMedian(theirs.ms);
  return [
    agent,
    `${ours.exact} of ${ours.tried}`,
    `${ours.falseSubmitted}`,
    `${ours.falseFailure}`,
    `${Math.round(findMedian(ours.ms))} ms`,
    `${Math.round(findP95(ours.ms))} ms`,
    `${theirs.exact} of ${theirs.tried}`,
    `${Math.round(findMedian(theirs.ms))} ms`,
    `${Math.round(findP95(theirs.ms))} ms`,
    `${ratio.toFixed(2)}x`,
  ];
};

await ensureImages();
const box = await openDeliveryBox({
  name: 'bench-delivery',
  host: 'host.docker.internal',
  args: ['--tag', testTag, ...(values['no-reports'] ? ['--no-reports'] : [])],
});
try {
  await box.waitUntilAll('IDLE');
  for (const prompt of prompts) {
    for (let round = 0; round < rounds; round++) {
      for (const agent of agentTypes) {
        await sendOwn(box, agent, `${prompt}\nround ${round}, ours`);
        await waitUntilIdle(box, agent);
        await sendRaw(box, agent, `${prompt}\nround ${round}, raw`);
        await waitUntilIdle(box, agent);
      }
    }
  }
  printTable([
    [
      '',
      'exact',
      'false submitted',
      'false failure',
      'median',
      'p95',
      'raw: exact',
      'median',
      'p95',
      'ours / raw',
    ],
    ...agentTypes.map(row),
  ]);
  printTable([['eight cold agents at once', ...(await promptEight(box))]]);
} finally {
  await box.driver.run('stop', 'eight');
  await box.close();
}
