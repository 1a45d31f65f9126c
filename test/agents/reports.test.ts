import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseReportLine } from '../../src/activity/read-reports.ts';
import { findAgentType } from '../../src/agents/registry.ts';
import type { AgentEvent, AgentUsage } from '../../src/agents/types.ts';
import { type AgentType, agentTypes } from '../support/agent-homes.ts';
import { type DeliveryBox, openDeliveryBox } from '../support/delivery-box.ts';
import { installHostAgents } from '../support/host-agents.ts';
import type { StatusAgent } from '../support/session-driver.ts';
import { waitFor } from '../support/tmux-server.ts';

const LIMIT = 60_000;

/** One agent of a box, its reports read from where the last step left off. */
class Witness {
  readonly #box: DeliveryBox;
  readonly #type: AgentType;
  #seen = 0;
  #file: string | undefined;

  constructor(box: DeliveryBox, type: AgentType) {
    this.#box = box;
    this.#type = type;
  }

  async status(): Promise<StatusAgent> {
    const agents = await this.#box.driver.readAgents('box');
    const found = agents.find(({ agent }) => agent === this.#type);
    if (!found) throw new Error(`no ${this.#type}`);
    return found;
  }

  waitForState(state: string): Promise<StatusAgent> {
    return this.#box.driver.waitForState('box', this.#type, state, LIMIT);
  }

  /** Sends, which must be taken, and forgets the events before. */
  async send(text: string, ...options: readonly string[]): Promise<void> {
    await this.mark();
    const [target] = await this.#box.send(text, '--agent', this.#type, ...options);
    expect(target, `${this.#type}: ${text}`).toMatchObject({
      outcome: expect.stringMatching(/submitted|queued/),
    });
  }

  /** Forgets the events so far. */
  async mark(): Promise<void> {
    this.#seen = (await this.#readAll()).length;
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.#box.driver.run('send', 'box', '--agent', this.#type, '--keys', ...keys);
  }

  /** Waits for an event since the last `send`. */
  async waitFor(kind: AgentEvent['kind'], count = 1): Promise<readonly AgentEvent[]> {
    let events: readonly AgentEvent[] = [];
    await waitFor(
      `${this.#type}: ${kind}`,
      async () => {
        events = (await this.#readAll()).slice(this.#seen);
        return events.filter((event) => event.kind === kind).length >= count;
      },
      LIMIT,
    ).catch((error) => {
      throw new Error(`${error.message}; it told: ${list(events)}`);
    });
    return events;
  }

  async readUsage(): Promise<readonly AgentUsage[]> {
    return (await this.#readAll()).flatMap((event) => (event.kind === 'usage' ? [event.usage] : []));
  }

  async #readAll(): Promise<readonly AgentEvent[]> {
    // Its run stays the same: a status a look would be most of the work.
    this.#file ??= join(this.#box.driver.home, '.local/state/adr/runs', (await this.status()).run, 'reports');
    const type = findAgentType(this.#type);
    const lines = readFileSync(this.#file, { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
    return lines.map(parseReportLine).flatMap((report) => {
      if (!report) throw new Error(`${this.#type} wrote a line that is no report`);
      return type?.parseReport(report) ?? [];
    });
  }
}

const kinds = (events: readonly AgentEvent[]): readonly string[] => events.map(({ kind }) => kind);

/** One word an event, without those of use and repeated `busy`. */
function list(events: readonly AgentEvent[]): string {
  const told = events.filter(({ kind }) => kind !== 'usage');
  return kinds(told.filter(({ kind }, at) => kind !== 'busy' || told[at - 1]?.kind !== 'busy')).join(' ');
}

/** All agents at once, each through the same steps at its own pace. */
async function forEach(
  box: DeliveryBox,
  types: readonly AgentType[],
  steps: (witness: Witness, type: AgentType) => Promise<void>,
): Promise<void> {
  await Promise.all(types.map((type) => steps(new Witness(box, type), type)));
}

async function checkToolTurn(witness: Witness, type: AgentType): Promise<void> {
  await witness.send('SC-TOOL echo from-the-tool');
  const events = await witness.waitFor('turn-end');
  expect(list(events), type).toMatch(/^(ready )?prompt busy tool (busy )?tool-end (busy )?turn-end$/);
  expect(events.find(({ kind }) => kind === 'tool')).toMatchObject({ input: 'echo from-the-tool' });
  expect(events.at(-1)?.conversation ?? '', type).toMatch(/.{8}/);
  expect(events.find(({ kind }) => kind === 'turn-end')).toMatchObject({
    message: 'tool said: from-the-tool',
  });
  // One account a request; claude's comes a second after the turn.
  await waitFor(`usage of ${type}`, async () => (await witness.readUsage()).at(-1)?.output === 40, LIMIT);
  const used = await waitFor(
    `usage of ${type} in the status`,
    async () => {
      const { usage } = await witness.status();
      return usage?.output === 40 && usage;
    },
    LIMIT,
  );
  expect(used, type).toMatchObject({ input: 2000, output: 40, context: 1020 });
  expect((await witness.status()).conversation, type).toBe(events.at(-1)?.conversation);
}

/** What they tell in containers is in main-job.test.ts. */
describe('on the host engine', () => {
  let box: DeliveryBox;

  beforeAll(async () => {
    const bin = await installHostAgents();
    box = await openDeliveryBox({
      name: 'reports-host',
      host: '127.0.0.1',
      args: ['--engine', 'host'],
      env: {
        PATH: `${bin}:${process.env.PATH ?? ''}`,
        OPENCODE_CONFIG_CONTENT: JSON.stringify({ permission: { bash: { 'rm *': 'ask' } } }),
      },
    });
    await forEach(box, ['claude', 'codex'], async (witness) => {
      await witness.waitForState('WAITING');
      await witness.press('Enter');
    });
    await box.waitUntilAll('IDLE');
  });

  afterAll(() => box.close());

  test('a tool, the end of the turn, what was used, the conversation', () =>
    forEach(box, agentTypes, checkToolTurn));

  test('tools side by side, and a sub-agent', () =>
    forEach(box, agentTypes, async (witness, type) => {
      await witness.send('SC-BOTH sleep 1; echo a | sleep 2; echo b');
      const both = await witness.waitFor('turn-end');
      const ids = both.flatMap((event) => (event.kind === 'tool' ? [event.id] : []));
      expect(new Set(ids).size, type).toBe(2);
      const ended = both.flatMap((event) => (event.kind === 'tool-end' ? [event.id] : []));
      expect([...ended].sort(), type).toEqual([...ids].sort());
      if (type !== 'claude' && type !== 'opencode') return;
      await witness.send('SC-TASK SC-TOOL echo from-below');
      const events = await witness.waitFor('turn-end');
      expect(list(events), type).toMatch(
        /^prompt busy tool (busy )?tool tool-end (busy )?tool-end (busy )?turn-end$/,
      );
      const tools = events.filter(({ kind }) => kind === 'tool');
      expect(tools[1], type).toMatchObject({ input: 'echo from-below', subagent: true });
      expect(new Set(events.map(({ conversation }) => conversation)).size, type).toBe(1);
    }));

  test('a question, refused and given', () =>
    forEach(box, ['opencode', 'claude', 'codex'], async (witness, type) => {
      await witness.send('SC-ASK rm -rf build');
      await witness.waitFor('ask');
      expect((await witness.waitForState('WAITING')).question, type).toMatchObject({
        kind: 'approval',
        what: expect.stringMatching(/bash: rm -rf build/i),
      });
      await witness.press('Enter');
      const events = await witness.waitFor('turn-end');
      expect(list(events), type).toMatch(/^prompt busy tool ask (answered )?tool-end (busy )?turn-end$/);
      await witness.waitForState('IDLE');
    }));

  test('errors, retries, Escape', () =>
    forEach(box, agentTypes, async (witness, type) => {
      // claude tries a 401 ten times, too.
      const status = type === 'claude' ? '400' : '401';
      await witness.send(`SC-${status} now`);
      const refused = await witness.waitFor('error');
      expect(
        refused.find(({ kind }) => kind === 'error'),
        type,
      ).toMatchObject({
        message: expect.stringContaining(status),
      });
      await waitFor(
        `${type} IDLE with the error`,
        async () => {
          const { state, reason } = await witness.status();
          return state === 'IDLE' && /^error: /.test(reason) && reason.includes(status);
        },
        LIMIT,
      );
      await witness.send('SC-429 now');
      if (type === 'claude') {
        expect((await witness.waitForState('RUNNING')).reason).toMatch(/retrying|model|…/);
      } else {
        const retried = await witness.waitFor('error');
        expect(
          retried.find(({ kind }) => kind === 'error'),
          type,
        ).toMatchObject({ retrying: true });
      }
      await box.driver.run('interrupt', 'box', '--agent', type);
      await witness.waitForState('IDLE');
      await witness.send('SC-HANG now', '--clear-input');
      await witness.waitForState('RUNNING');
      await box.driver.run('interrupt', 'box', '--agent', type);
      if (type !== 'claude') {
        const stopped = await witness.waitFor('error');
        const error = stopped.find(({ kind }) => kind === 'error');
        expect(error, type).toMatchObject({ message: 'interrupted', retrying: false });
      }
      await witness.waitForState('IDLE');
    }));

  test('compaction, another conversation, the end', () =>
    forEach(box, agentTypes, async (witness, type) => {
      const before = (await witness.status()).conversation;
      await witness.mark();
      await box.send('/compact', '--agent', type, '--clear-input');
      // claude would print the command of a hook for it.
      if (type !== 'claude') {
        const compacted = await witness.waitFor('tool-end');
        expect(
          compacted.find(({ kind }) => kind === 'tool-end'),
          type,
        ).toMatchObject({ name: 'compaction' });
      }
      await witness.waitForState('IDLE');
      await box.send(type === 'claude' ? '/clear' : '/new', '--agent', type, '--clear-input');
      if (type === 'codex') {
        // Here or in a new worktree?
        await witness.waitForState('WAITING');
        await witness.press('Enter');
      }
      await witness.waitForState('IDLE');
      await witness.send('SC-ECHO another', '--clear-input');
      const events = await witness.waitFor('turn-end');
      const after = events.at(-1)?.conversation;
      expect(after, type).not.toBe(before);
      await waitFor(
        `the new id of ${type}`,
        async () => (await witness.status()).conversation === after,
        LIMIT,
      );
      if (type === 'opencode') return;
      await box.send(type === 'claude' ? '/exit' : '/quit', '--agent', type, '--clear-input');
      await witness.waitForState('EXITED');
    }));
});
