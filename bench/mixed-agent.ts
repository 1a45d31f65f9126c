import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { AgentType } from '../test/support/agent-homes.ts';
import type { DeliveryBox } from '../test/support/delivery-box.ts';
import type { RecordedRequest } from '../test/support/model-server.ts';
import type { Ledger } from './mixed-ledger.ts';

/** As DEFAULT_LIMITS has it: at work without progress for so long is STALLED (ms). */
const STALL_AFTER = 90_000;
const LIMIT = 120_000;

type Step = 'turn' | 'quiet-tool' | 'loud-tool' | 'hang' | 'question' | 'retry' | 'slow' | 'pause' | 'crash';

const MIX: readonly Step[] = [
  ...([
    'turn',
    'turn',
    'turn',
    'quiet-tool',
    'quiet-tool',
    'loud-tool',
    'loud-tool',
    'pause',
    'pause',
  ] as const),
  ...(['question', 'question', 'retry', 'slow', 'slow', 'hang', 'crash'] as const),
];

/** One agent that goes through steps in an order of its own, and says what is true meanwhile. */
export class MixedAgent {
  readonly #box: DeliveryBox;
  readonly #type: AgentType;
  readonly #ledger: Ledger;
  readonly #asks: boolean;
  #seed: number;
  #step: Step = 'pause';
  #count = 0;

  constructor(box: DeliveryBox, type: AgentType, ledger: Ledger, seed: number, asks: boolean) {
    this.#box = box;
    this.#type = type;
    this.#ledger = ledger;
    this.#seed = seed;
    this.#asks = asks && type !== 'pi';
  }

  /** Goes on until then (ms since the epoch; may change); each step is finished. */
  async run(end: { readonly at: number }): Promise<void> {
    this.#say('IDLE');
    let bag: Step[] = [];
    while (Date.now() < end.at) {
      if (bag.length === 0) bag = MIX.filter((step) => this.#asks || step !== 'question');
      const [step] = bag.splice(Math.floor(this.#random() * bag.length), 1);
      if (!step) continue;
      this.#step = step;
      await this.#perform(step).catch(async (error: Error) => {
        console.log(`${this.#type}: ${step}: ${error.message}`);
        await this.#recover();
      });
      await sleep(this.#between(3, 8) * 1000);
    }
  }

  async #perform(step: Step): Promise<void> {
    const seconds = this.#between(8, 25);
    switch (step) {
      case 'turn':
        return this.#finish(await this.#send(`SC-ECHO turn-${++this.#count}`));
      case 'quiet-tool':
        return this.#finish(await this.#send(`SC-TOOL sleep ${seconds}; echo done`));
      case 'loud-tool':
        return this.#finish(
          await this.#send(`SC-TOOL for i in $(seq ${seconds}); do echo line $i; sleep 1; done`),
        );
      case 'pause':
        await sleep(seconds * 1000);
        return undefined;
      case 'slow':
        await this.#send('SC-SLOW answer');
        await sleep(seconds * 1000);
        return this.#interrupt();
      case 'retry':
        await this.#send('SC-429 now');
        await sleep(4000);
        return this.#interrupt();
      case 'question':
        return this.#question(seconds);
      case 'hang': {
        const request = await this.#send('SC-HANG now');
        await sleep(request.at + STALL_AFTER - Date.now());
        this.#say('STALLED');
        await sleep(20_000);
        return this.#interrupt();
      }
      case 'crash':
        return this.#crash();
    }
  }

  async #question(seconds: number): Promise<void> {
    const sentAt = Date.now();
    await this.#send('SC-ASK rm -rf build');
    await this.#waitForAnswer(sentAt, 'tool');
    this.#say('WAITING');
    await sleep(seconds * 1000);
    const [pane] = await this.#findPane();
    this.#say('RUNNING');
    await this.#box.server.run('send-keys', '-t', pane, 'Enter');
    await this.#waitForAnswer(sentAt, 'say');
    this.#say('IDLE');
  }

  async #crash(): Promise<void> {
    const [, pid] = await this.#findPane();
    await execa('kill', ['-KILL', await findLeaf(pid)]);
    this.#say('EXITED');
    await sleep(10_000);
    this.#say(undefined);
    const { code, stderr } = await this.#box.driver.run('restart', 'box', '--agent', this.#type, '--yes');
    if (code !== 0) throw new Error(stderr);
    await this.#box.driver.waitForState('box', this.#type, 'IDLE', LIMIT);
    this.#say('IDLE');
  }

  /** Sends, and waits for the request it makes: from then on the agent is at work. */
  async #send(text: string): Promise<RecordedRequest> {
    const sentAt = Date.now();
    this.#say(undefined);
    const [target] = await this.#box.send(text, '--agent', this.#type, '--clear-input');
    if (!/submitted|queued|unconfirmed/.test(target?.outcome ?? ''))
      throw new Error(`send: ${target?.outcome}`);
    const request = await this.#waitForRequest(sentAt, () => true);
    this.#say('RUNNING', request.at);
    return request;
  }

  async #finish(request: RecordedRequest): Promise<void> {
    await this.#waitForAnswer(request.at - 1, 'say');
    this.#say('IDLE');
  }

  async #waitForAnswer(since: number, kind: 'say' | 'tool'): Promise<void> {
    await this.#waitForRequest(since, ({ plan, status }) => plan?.kind === kind && status !== undefined);
  }

  async #waitForRequest(
    since: number,
    test: (request: RecordedRequest) => boolean,
  ): Promise<RecordedRequest> {
    for (const end = Date.now() + LIMIT; Date.now() < end; await sleep(100)) {
      const found = this.#box.model
        .requests(this.#type)
        .find((request) => request.at >= since && (request.turn?.tools.length ?? 0) > 0 && test(request));
      if (found) return found;
    }
    throw new Error('the model was not asked');
  }

  async #interrupt(): Promise<void> {
    this.#say(undefined);
    await this.#box.driver.run('interrupt', 'box', '--agent', this.#type);
    this.#say('IDLE');
  }

  /** Something went otherwise than meant: what is true is not known until the agent rests again. */
  async #recover(): Promise<void> {
    this.#say(undefined);
    const [pane] = await this.#findPane();
    await this.#box.server.run('send-keys', '-t', pane, 'Escape');
    await this.#box.driver.waitForState('box', this.#type, 'IDLE', LIMIT).catch(() => undefined);
    this.#say('IDLE');
  }

  async #findPane(): Promise<readonly [string, string]> {
    const listed = await this.#box.server.run(
      'list-panes',
      '-a',
      '-F',
      '#{@adr_agent} #{pane_id} #{pane_pid}',
    );
    const [, pane = '', pid = ''] =
      listed
        .split('\n')
        .map((line) => line.split(' '))
        .find(([agent]) => agent === this.#type) ?? [];
    return [pane, pid];
  }

  #say(state: string | undefined, at?: number): void {
    this.#ledger.setTruth(this.#type, state, this.#step, at);
  }

  #between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  /** A linear congruence: the same seed, the same order. */
  #random(): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return this.#seed / 2_147_483_648;
  }
}

/** The agent itself: the child of the `adr run` that the pane runs. */
async function findLeaf(pid: string): Promise<string> {
  const { stdout } = await execa('ps', ['-o', 'pid=', '--ppid', pid], { reject: false });
  const [child] = stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return child === undefined ? pid : child;
}
