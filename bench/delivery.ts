// What becomes of prompts sent to the four real agents in containers, and how long they take to the model, against a raw
// paste and Enter with the same pause:
//
//   node bench/run.mjs delivery [--rounds N] [--no-reports]
//
// It builds the images of the tests where they are missing.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type AgentType, agentTypes } from '../test/support/agent-homes.ts';
import { type DeliveryBox, openDeliveryBox, PROMPTS } from '../test/support/delivery-box.ts';
import { ensureImages, testTag } from '../test/support/images.ts';
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
const ARRIVE_MS = 8000;

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

await ensureImages();
const box = await openDeliveryBox({
  name: 'bench-delivery',
  host: 'host.docker.internal',
  args: ['--tag', testTag, ...(values['no-reports'] ? ['--no-reports'] : [])],
});
try {
  await box.waitUntilAll('IDLE');
  for (let round = 0; round < rounds; round++) {
    for (const [, prompt] of PROMPTS) {
      for (const agent of agentTypes) {
        await sendOwn(box, agent, `${prompt}\nround ${round}, ours`);
        await box.driver.waitForState('box', agent, 'IDLE', 30_000);
        await sendRaw(box, agent, `${prompt}\nround ${round}, raw`);
        await box.driver.waitForState('box', agent, 'IDLE', 30_000);
      }
    }
  }
} finally {
  await box.close();
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
    `${ratio.toFixed(2)}x`,
  ];
};
printTable([
  ['', 'exact', 'false submitted', 'false failure', 'median', 'p95', 'raw: exact', 'median', 'ours / raw'],
  ...agentTypes.map(row),
]);
