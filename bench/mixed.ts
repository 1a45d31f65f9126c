// The four real agents through a random mix of turns, long tools, hangs, questions, retries, pauses and crashes, whose
// truth the model and the driver know; how long and how often the state shown was wrong, with reports, from the screens
// alone, and by the rule "unchanged for 6 s is stalled, otherwise running":
//
//   node bench/run.mjs mixed [--minutes N] [--seed N] [--containers]
//
// On the host engine, unless containers are asked for: there the agents ask nothing, so there are no questions.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { agentTypes } from '../test/support/agent-homes.ts';
import { openDeliveryBox } from '../test/support/delivery-box.ts';
import { installHostAgents } from '../test/support/host-agents.ts';
import { ensureImages, testTag } from '../test/support/images.ts';
import { ASK_FOR_RM, allowAllButRm } from './agent-permissions.ts';
import { printTable } from './measure.ts';
import { MixedAgent } from './mixed-agent.ts';
import { describeEvents } from './mixed-events.ts';
import { describeTally, Ledger } from './mixed-ledger.ts';
import { watchStates } from './mixed-watch.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    containers: { type: 'boolean', default: false },
  },
});
const minutes = Math.max(1, Number(values.minutes) || 30);
const seed = Number(values.seed) || 1;

async function openBox() {
  if (values.containers) {
    await ensureImages();
    return openDeliveryBox({ name: 'bench-mixed', host: 'host.docker.internal', args: ['--tag', testTag] });
  }
  const bin = await installHostAgents();
  return openDeliveryBox({
    name: 'bench-mixed',
    host: '127.0.0.1',
    args: ['--engine', 'host'],
    prepare: allowAllButRm,
    env: {
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      ...ASK_FOR_RM,
    },
  });
}

const box = await openBox();
try {
  if (!values.containers) {
    for (const type of ['claude', 'codex']) {
      await box.driver.waitForState('box', type, 'WAITING', 120_000);
      await box.driver.run('send', 'box', '--agent', type, '--keys', 'Enter');
    }
  }
  await box.waitUntilAll('IDLE');
  console.log(
    `four agents, ${minutes} minutes, seed ${seed}${values.containers ? ', containers' : ', host engine'}`,
  );
  const ledger = new Ledger();
  const watch = watchStates(box.server, ledger);
  const end = { at: Date.now() + minutes * 60_000 };
  process.once('SIGINT', () => {
    end.at = 0;
  });
  const asks = !values.containers;
  await Promise.all(
    agentTypes.map((type, index) => new MixedAgent(box, type, ledger, seed * 100 + index, asks).run(end)),
  );
  await sleep(3000);
  await watch.stop();
  printTable(describeTally(ledger, ['shown', 'screen', 'naive']));
  printTable(await describeEvents(box.driver, ledger));
  for (const judge of ['shown', 'screen'] as const)
    for (const line of ledger.listMistakes(judge)) console.log(`${judge} ${line}`);
} finally {
  await box.close();
}
