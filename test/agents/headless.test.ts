import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentTypes, writeAgentHomes } from '../support/agent-homes.ts';
import { testTag } from '../support/images.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { ensureBuilt, makeScratch, type ProgramResult, runProgram } from '../support/program.ts';

let model: ModelServer;
let scratch: ReturnType<typeof makeScratch>;
let workspace: string;

beforeAll(async () => {
  await ensureBuilt();
  model = await startModelServer();
  scratch = makeScratch('headless');
  workspace = join(scratch.path, 'work');
  mkdirSync(workspace);
  await writeAgentHomes(scratch.path, (agent) => model.url(agent, 'host.docker.internal'));
  await writeFile(join(workspace, 'notes.txt'), 'what stands in notes.txt\n');
});

afterAll(async () => {
  await model.close();
  scratch.remove();
});

function run(type: string, args: readonly string[], input?: string): Promise<ProgramResult> {
  const env = { HOME: scratch.path, XDG_STATE_HOME: '', XDG_CONFIG_HOME: '', ADR_TAG: testTag };
  return runProgram('adr', ['run', type, ...args], {
    env,
    cwd: workspace,
    ...(input === undefined ? {} : { input }),
  });
}

/** The model each agent is asked to use, in the form it wants, and how the model server then hears of it. */
const MODELS: Readonly<Record<(typeof agentTypes)[number], readonly [string, string]>> = {
  pi: ['mock/mock-model', 'mock-model'],
  opencode: ['mock/mock-small', 'mock-small'],
  claude: ['claude-other-model', 'claude-other-model'],
  codex: ['other-model', 'other-model'],
};

/** Words after `--` that only the agent itself knows, and which it takes without a change to the answer. */
const OWN_WORDS: Readonly<Record<(typeof agentTypes)[number], readonly string[]>> = {
  pi: ['--no-session'],
  opencode: ['--title', 'a title'],
  claude: ['--append-system-prompt', 'Be brief.'],
  codex: ['-c', 'model_reasoning_summary="none"'],
};

// All at once: each is a container of its own, and most of a run is waiting.
describe.concurrent.each(agentTypes)('adr run %s --prompt', (type) => {
  test.each([
    ['-', '--help SC-ECHO dash\n- a list'],
    ['@', '@notes.txt SC-ECHO at'],
    ['quotes', `SC-ECHO quoted '"\`$(id)\` \\n {model} %s`],
  ])('a prompt that starts with "%s" or holds such arrives as it is', async (_, prompt) => {
    const { code, stderr } = await run(type, [`--prompt=${prompt}`]);
    expect({ code, said: code === 0 ? '' : stderr }).toEqual({ code: 0, said: '' });
    await model.waitForUserText(prompt, { agent: type, timeoutMs: 1000 });
  });

  test('a prompt that starts with "/" is the agent\'s own command where it has them', async () => {
    const prompt = '/no-such-command SC-ECHO slash';
    const { code, stdout, stderr } = await run(type, ['--prompt', prompt]);
    expect({ code, said: code === 0 ? '' : stderr }).toEqual({ code: 0, said: '' });
    if (type === 'claude') expect(stdout).toMatch(/unknown (?:command|skill)/i);
    else await model.waitForUserText(prompt, { agent: type, timeoutMs: 1000 });
  });

  test('a prompt of more than 128 KB, by standard input', async () => {
    const prompt = `SC-ECHO long\n${'0123456789abcdef\n'.repeat(12_000)}the end`;
    expect(prompt.length).toBeGreaterThan(200_000);
    const { code, stdout, stderr } = await run(type, ['--prompt', '-'], prompt);
    expect({ code, said: code === 0 ? '' : stderr }).toEqual({ code: 0, said: '' });
    expect(stdout).toContain('answer to long');
    await model.waitForUserText(prompt, { agent: type, timeoutMs: 1000 });
  });

  test("--output json: the agent's own NDJSON on stdout and nothing else", async () => {
    const { code, stdout } = await run(type, ['--prompt', `SC-ECHO json-${type}`, '--output', 'json']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { readonly type: unknown });
    expect(events.length).toBeGreaterThan(1);
    for (const event of events) expect(typeof event.type).toBe('string');
    expect(stdout).toContain(`answer to json-${type}`);
    // Every line has its line feed, none has a carriage return, which a terminal in between would add.
    expect(stdout.endsWith('\n')).toBe(true);
    expect(stdout).not.toContain('\r');
  });

  test('--model and the words after -- reach the agent', async () => {
    const [given, asked] = MODELS[type];
    const args = ['--model', given, '--prompt', `SC-ECHO model-${type}`, '--', ...OWN_WORDS[type]];
    const { code, stdout, stderr } = await run(type, args);
    expect({ code, said: code === 0 ? '' : stderr }).toEqual({ code: 0, said: '' });
    expect(stdout).toContain(`answer to model-${type}`);
    const request = await model.waitForUserText(`SC-ECHO model-${type}`, { agent: type, timeoutMs: 1000 });
    expect(request.body).toMatchObject({ model: asked });
  });

  test("the exit code is the agent's own", async () => {
    const unknown = await run(type, ['--prompt', 'x', '--', '--no-such-option-of-any-agent']);
    expect(unknown.code).toBeGreaterThan(0);
    expect(unknown.code).toBeLessThan(124);
    expect(`${unknown.stdout}${unknown.stderr}`).toMatch(/no-such-option|Usage|Options/i);
  });
});

test('no run leaves anything behind, and the model was asked for nothing it does not know', async () => {
  const { stdout } = await runProgram('adr', ['ps', '--json'], {
    env: { HOME: scratch.path, XDG_STATE_HOME: '', XDG_CONFIG_HOME: '' },
    cwd: workspace,
  });
  expect(
    (JSON.parse(stdout) as { runs: { workspace: string }[] }).runs.filter(
      (entry) => entry.workspace === workspace,
    ),
  ).toEqual([]);
  expect(model.unexpected()).toEqual([]);
});
