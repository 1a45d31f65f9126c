import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { normalisePrompt } from '../../src/prompt/clean-prompt.ts';
import { agentTypes, writeAgentHomes } from './agent-homes.ts';
import { type ModelServer, startModelServer } from './model-server.ts';
import { ensureBuilt, makeScratch, runProgram } from './program.ts';
import { driveSessions, type SessionDriver } from './session-driver.ts';
import { openTestServer, type TestServer, waitFor } from './tmux-server.ts';

export interface Target {
  readonly agent: string;
  readonly outcome: string;
  readonly proof: string;
}

/** A session `box` of the four real agents, each named as its type, and the model they talk to. */
export interface DeliveryBox {
  readonly model: ModelServer;
  readonly server: TestServer;
  readonly driver: SessionDriver;
  /** Sends by standard input (a command line holds 128 KB at most) and gives what became of it. */
  send(text: string, ...options: readonly string[]): Promise<readonly Target[]>;
  /** How often this prompt reached the model from each agent, in their order. */
  countArrived(text: string): readonly number[];
  waitUntilArrived(text: string): Promise<void>;
  waitUntilAll(state: string): Promise<void>;
  listPanes(): Promise<readonly string[]>;
  paste(pane: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the session; `host` is how the agents reach the model, `env` is added to the user's environment. */
export async function openDeliveryBox(options: {
  readonly name: string;
  readonly host: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the workspace and HOME before the agents start. */
  readonly prepare?: (workspace: string, home: string) => Promise<void>;
}): Promise<DeliveryBox> {
  await ensureBuilt();
  const model = await startModelServer();
  const scratch = makeScratch(options.name);
  const server = openTestServer();
  const driver = driveSessions(scratch, server.socket, options.env);
  await writeAgentHomes(driver.home, (agent) => model.url(agent, options.host));
  await execa('git', ['init', '-q'], { cwd: driver.workspace });
  await writeFile(join(driver.workspace, 'README.md'), 'A file for the menus of the agents.\n');
  await options.prepare?.(driver.workspace, driver.home);
  const specs = agentTypes.flatMap((type) => ['--agent', `${type}:${type}`]);
  const started = await driver.run('start', 'box', ...specs, ...options.args);
  if (started.code !== 0) throw new Error(started.stderr);
  const arrivals = (agent: string, text: string): number =>
    model.userTexts(agent).filter((arrived) => normalisePrompt(arrived) === normalisePrompt(text)).length;
  return {
    model,
    server,
    driver,
    send: async (text, ...more) => {
      const args = ['send', 'box', '--json', ...more, '-'];
      const { stdout } = await runProgram('adr-tmux', args, { env: driver.env, input: text });
      return (JSON.parse(stdout) as { targets: Target[] }).targets;
    },
    countArrived: (text) => agentTypes.map((agent) => arrivals(agent, text)),
    waitUntilArrived: async (text) => {
      await waitFor(
        'the prompt at the model',
        () => agentTypes.every((agent) => arrivals(agent, text) > 0),
        90_000,
      );
    },
    waitUntilAll: async (state) => {
      await Promise.all(agentTypes.map((type) => driver.waitForState('box', type, state, 120_000)));
    },
    listPanes: async () =>
      (await server.run('list-panes', '-t', '=adr-box:', '-F', '#{pane_id}')).split('\n'),
    paste: async (pane, text) => {
      await execa('tmux', ['-u', '-L', server.socket, 'load-buffer', '-b', 'typed', '-'], { input: text });
      await server.run('paste-buffer', '-p', '-r', '-d', '-b', 'typed', '-t', pane);
    },
    close: async () => {
      await driver.run('stop', 'box');
      await server.kill();
      await model.close();
      scratch.remove();
    },
  };
}

/** `pi submitted agent` and so on, for all four. */
export function expectAll(outcome: string, proof: string): readonly string[] {
  return agentTypes.map((type) => `${type} ${outcome} ${proof}`);
}

/** The form `expectAll` is compared with. */
export function summarise(targets: readonly Target[]): readonly string[] {
  return targets.map(({ agent, outcome, proof }) => `${agent} ${outcome} ${proof}`);
}

const makeWords = (bytes: number, name: string): string => {
  const lines: string[] = [];
  for (let size = 0, line = 0; size < bytes; line++) {
    lines.push(`${name} line ${line} with some words on it`);
    size += (lines.at(-1)?.length ?? 0) + 1;
  }
  return lines.join('\n');
};

export const PROMPTS: readonly (readonly [string, string])[] = [
  ['one line', 'please look at the tests'],
  ['a leading dash', '- bullet first'],
  ['a semicolon at the end', 'say this;'],
  ['shell and tmux signs', `it's "quoted", $(touch /tmp/x), \`y\`, #{pid}, %9, \\n, ~ & | > <`],
  ['tabs', 'a\tb\n\tindented by a tab'],
  ['Unicode', 'grüße 日本語 👩‍👩‍👧 e\u0301 עברית ไทย'],
  ['a file at the end, for which a menu opens', 'look at\nthis @READ'],
  ['a skill at the end, for which a menu opens', 'look with $open'],
  ['blank and indented lines', 'first\n\n    indented\n\n\nlast'],
  ['200 lines', Array.from({ length: 200 }, (_, line) => `line ${line}`).join('\n')],
  ['4 KB', makeWords(4_000, 'four')],
  ['40 KB', makeWords(40_000, 'forty')],
  ['words of the agents', 'esc to interrupt · Do you want to proceed? ❯ 1. Yes'],
];

export const HUGE_PROMPT = makeWords(300_000, 'huge');
