import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeliveryBox, openDeliveryBox } from '../support/delivery-box.ts';
import { installHostAgents } from '../support/host-agents.ts';
import { waitFor } from '../support/tmux-server.ts';

let box: DeliveryBox;

/** pi asks nothing by itself: an extension of the user's does. */
const PI_EXTENSION = `export default (pi) => {
  pi.registerCommand('askme', {
    description: 'asks',
    handler: async (_, { ui }) => {
      const sure = await ui.confirm('Deploy to production?', 'This cannot be undone');
      const base = await ui.select('Which database?', ['Postgres', 'SQLite']);
      ui.notify(\`said \${sure} \${base} \${await ui.input('Name?', '')}\`);
    },
  });
};
`;

beforeAll(async () => {
  const bin = await installHostAgents();
  box = await openDeliveryBox({
    name: 'answer',
    host: '127.0.0.1',
    args: ['--engine', 'host', '--layout', 'windows'],
    env: { PATH: `${bin}:${process.env.PATH ?? ''}` },
    prepare: async (_, home) => {
      const extensions = join(home, '.pi/agent/extensions');
      await mkdir(extensions, { recursive: true });
      await writeFile(join(extensions, 'ask.ts'), PI_EXTENSION);
    },
  });
});

afterAll(() => box.close());

interface Answered {
  readonly code: number;
  readonly outcome: string;
  readonly detail: string;
  readonly says: string | null;
  readonly question: { readonly id: string; readonly kind: string; readonly what: string } | null;
}

async function answer(agent: string, ...words: readonly string[]): Promise<Answered> {
  const run = await box.driver.run('answer', 'box', '--agent', agent, '--json', '--timeout', '60s', ...words);
  if (run.stdout === '') throw new Error(run.stderr);
  return { ...(JSON.parse(run.stdout) as { targets: [Answered] }).targets[0], code: run.code };
}

/** Sends a prompt to each of them and waits until all of them ask. */
async function ask(agents: readonly string[], prompt: (agent: string) => string): Promise<void> {
  await Promise.all(
    agents.map(async (agent) => {
      await box.driver.waitForState('box', agent, 'IDLE', 60_000);
      await box.send(prompt(agent), '--agent', agent);
      await box.driver.waitForState('box', agent, 'WAITING', 60_000);
    }),
  );
}

const resize = (size: readonly [string, string]) =>
  Promise.all(
    ['claude', 'codex', 'opencode'].map((agent) =>
      box.server.run('resize-window', '-t', `=adr-box:${agent}`, '-x', size[0], '-y', size[1]),
    ),
  );

/** What the agent's model was last told of a tool. */
const readToolResults = (agent: string): string =>
  box.model
    .requests(agent)
    .flatMap(({ turn }) => turn?.toolResults ?? [])
    .at(-1) ?? '';

const outside = (name: string): string => join(box.driver.home, name);
const ASKING = ['claude', 'codex', 'opencode'];

test('trust at the first start is given by the user, nobody else', async () => {
  for (const type of ['claude', 'codex']) {
    await box.driver.waitForState('box', type, 'WAITING', 120_000);
    expect(await answer(type, 'yes')).toMatchObject({ code: 0, question: { kind: 'trust' } });
  }
  await box.waitUntilAll('IDLE');
});

test.each([
  ['yes', ['110', '33']],
  ['no', ['40', '13']],
] as const)('permission for a command: %s, at %j', async (word, size) => {
  await resize(size);
  // Outside the workspace, so that opencode asks too.
  await ask(ASKING, (agent) => `SC-ASK touch ../${word}-${agent}`);
  await Promise.all(
    ASKING.map(async (agent) => {
      // Another question than the one that stands: no key goes in.
      expect(await answer(agent, word, '--question', 'another')).toMatchObject({
        code: 6,
        outcome: 'changed',
      });
      expect(await answer(agent, word)).toMatchObject({
        ...{ code: 0, outcome: 'answered' },
        question: { kind: 'approval' },
      });
    }),
  );
  await box.waitUntilAll('IDLE');
  for (const agent of ASKING) expect(existsSync(outside(`${word}-${agent}`)), agent).toBe(word === 'yes');
  await resize(['110', '33']);
});

test("claude: the user's words behind a refusal", async () => {
  await ask(['claude'], () => 'SC-EDIT one.txt');
  expect(await answer('claude', 'sure')).toMatchObject({ code: 6, outcome: 'no-choice' });
  expect(await answer('claude', 'write it to two.txt')).toMatchObject({ says: 'no: write it to two.txt' });
  await box.driver.waitForState('box', 'claude', 'IDLE', 60_000);
  expect(existsSync(join(box.driver.workspace, 'one.txt'))).toBe(false);
  expect(readToolResults('claude')).toContain('write it to two.txt');
});

test('always: the next time it does not ask', async () => {
  await ask(ASKING, (agent) => `SC-ASK touch ../always-${agent}`);
  for (const agent of ASKING)
    expect(await answer(agent, 'always')).toMatchObject({ code: 0, outcome: 'answered' });
  await box.waitUntilAll('IDLE');
  for (const agent of ASKING) expect(existsSync(outside(`always-${agent}`)), agent).toBe(true);
  const sent = await box.driver.run(
    'send',
    'box',
    '--agent',
    'codex',
    '--wait',
    'SC-ASK touch ../always-codex',
  );
  expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('tool said') });
});

test('claude: a plan, refused, then approved', async () => {
  const pane = '=adr-box:claude';
  await waitFor('plan mode', async () => {
    if ((await box.server.run('capture-pane', '-p', '-t', pane)).includes('plan mode on')) return true;
    await box.driver.run('send', 'box', '--agent', 'claude', '--keys', 'BTab');
    return false;
  });
  for (const [word, says] of [
    ['no', 'no (Escape)'],
    ['yes', 'Yes, manually approve edits'],
  ] as const) {
    await ask(['claude'], () => `SC-PLAN build it, ${word}`);
    expect(await answer('claude', word)).toMatchObject({
      ...{ code: 0, outcome: 'answered', says },
      question: { kind: 'plan', what: expect.stringContaining(`build it, ${word}`) },
    });
  }
  await box.driver.waitForState('box', 'claude', 'IDLE', 60_000);
});

test('a choice, by its label and in words of one’s own', async () => {
  const choosing = ['claude', 'opencode'];
  await ask(choosing, () => 'SC-CHOOSE Which database? | Postgres | SQLite');
  for (const agent of choosing)
    expect(await answer(agent, 'sqlite')).toMatchObject({ code: 0, says: 'SQLite' });
  await ask(choosing, () => 'SC-CHOOSE Which database? | Postgres | SQLite');
  for (const agent of choosing) {
    expect(await answer(agent, 'yes')).toMatchObject({ code: 6, outcome: 'no-choice' });
    expect(await answer(agent, 'DuckDB; or "so"')).toMatchObject({ code: 0, outcome: 'answered' });
  }
  await box.waitUntilAll('IDLE');
  for (const agent of choosing) expect(readToolResults(agent), agent).toContain('DuckDB; or "so"');
});

test('several are ticked, then submitted', async () => {
  const choosing = ['claude', 'opencode'];
  await ask(choosing, () => 'SC-CHOOSE Which colours? all that apply? | Red | Green | Blue');
  for (const agent of choosing) {
    for (const word of ['green', '3', 'submit'])
      expect(await answer(agent, word), `${agent} ${word}`).toMatchObject({ code: 0, outcome: 'answered' });
  }
  await box.waitUntilAll('IDLE');
  for (const agent of choosing) expect(readToolResults(agent), agent).toContain('Green, Blue');
});

test('pi: what an extension asks', async () => {
  await box.send('/askme', '--agent', 'pi');
  await box.driver.waitForState('box', 'pi', 'WAITING', 60_000);
  expect(await answer('pi', 'no')).toMatchObject({ code: 0, says: 'No' });
  expect(await answer('pi', '2')).toMatchObject({ code: 0, says: 'SQLite' });
  expect(await answer('pi', 'Ada Lovelace')).toMatchObject({ code: 0, question: { kind: 'text' } });
  const pane = '=adr-box:pi';
  await waitFor('what it was told', async () =>
    (await box.server.run('capture-pane', '-p', '-t', pane)).includes('said false SQLite Ada Lovelace'),
  );
});
