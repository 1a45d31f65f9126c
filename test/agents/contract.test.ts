import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa, type Options, type ResultPromise } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseReportLine } from '../../src/activity/read-reports.ts';
import { codex } from '../../src/agents/codex/codex.ts';
import { findAgentType } from '../../src/agents/registry.ts';
import type { AgentEvent, AgentType, Launch, LaunchRequest } from '../../src/agents/types.ts';
import { agentTypes, writeAgentHomes } from '../support/agent-homes.ts';
import { testImage } from '../support/images.ts';
import { type ModelServer, sameText, startModelServer } from '../support/model-server.ts';

/** Where the installed agents are, instead of in the images: the same contract on the host. */
const bin = process.env.ADR_TEST_AGENTS_BIN;
/** Not the uid that the images were made for. */
const uid = process.getuid?.() === 0 && bin === undefined ? 1234 : (process.getuid?.() ?? 1000);

let model: ModelServer;
let folder = '';
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The paths of a run as the agent sees them. */
function seenPaths() {
  const base = bin === undefined ? '' : folder;
  return { home: `${base}/home/node`, workspace: `${base}/workspace`, reports: `${base}/run/adr` };
}

/** Prepares a launch as `adr run` does and writes what it needs under `folder`. */
async function prepare(type: AgentType, changes: Partial<LaunchRequest>): Promise<Launch> {
  folder = await mkdtemp(join(tmpdir(), 'adr-contract-'));
  const seen = seenPaths();
  const home = join(folder, 'home/node');
  for (const path of [home, join(folder, 'workspace'), join(folder, 'run/adr')])
    await mkdir(path, { recursive: true });
  await writeAgentHomes(home, (agent) => model.url(agent, bin ? '127.0.0.1' : 'host.docker.internal'));
  const files = type.config.filter(({ kind, path }) => kind === 'file' && existsSync(join(home, path)));
  const launch = type.prepareLaunch({
    ...{ place: 'container', mode: 'interactive', approvals: 'never', args: [], uid, env: {} },
    ...{ ...seen, assets: `${seen.reports}/assets` },
    config: new Map(files.map(({ path }) => [path, readFileSync(join(home, path), 'utf8')])),
    ...changes,
  });
  for (const [base, list] of [
    [home, launch.config] as const,
    [join(folder, 'run/adr/assets'), launch.assets] as const,
  ])
    for (const file of list) {
      await mkdir(dirname(join(base, file.path)), { recursive: true });
      await writeFile(join(base, file.path), file.content, { mode: 0o600 });
    }
  if (uid !== process.getuid?.()) await giveAway(folder);
  return launch;
}

async function giveAway(path: string): Promise<void> {
  await chown(path, uid, uid);
  for (const name of await readdir(path, { recursive: true })) await chown(join(path, name), uid, uid);
}

/** Runs the agent's own program with `argv`, in its test image or from `ADR_TEST_AGENTS_BIN`. */
function contractRunner(type: AgentType) {
  return (launch: Launch, argv: readonly string[], options: Options = {}): ResultPromise => {
    const env = { ...launch.env, HOME: seenPaths().home, SHELL: '/bin/sh' };
    const common = { reject: false, timeout: 90_000, ...options } as const;
    if (bin !== undefined) {
      const path = `${bin}:${process.env.PATH}`;
      return execa(join(bin, argv[0] ?? ''), argv.slice(1), {
        ...common,
        cwd: seenPaths().workspace,
        env: { ...env, PATH: path },
        extendEnv: false,
      });
    }
    const mounts = ['home/node', 'workspace', 'run/adr'].flatMap((path) => [
      '-v',
      `${join(folder, path)}:/${path}`,
    ]);
    return execa(
      'docker',
      [
        ...[
          'run',
          '--rm',
          '-i',
          '--init',
          '--user',
          `${uid}:${uid}`,
          '--cap-drop',
          'ALL',
          '-w',
          '/workspace',
        ],
        ...['--add-host', 'host.docker.internal:host-gateway', ...mounts],
        ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
        ...[testImage(type.name as (typeof agentTypes)[number]), ...argv],
      ],
      common,
    );
  };
}

function readEvents(type: AgentType): readonly AgentEvent[] {
  const lines = readFileSync(join(folder, 'run/adr/reports'), 'utf8').trimEnd().split('\n');
  return lines.map(parseReportLine).flatMap((report) => (report ? type.parseReport(report) : []));
}

const types = agentTypes.map((name) => findAgentType(name)).filter((type) => type !== undefined);

describe.each(types)('$name', (type) => {
  const run = contractRunner(type);

  test('is the version its facts come from', async () => {
    const launch = await prepare(type, {});
    const { stdout, stderr } = await run(launch, [type.binary, '--version'], { stdin: 'ignore' });
    expect(`${stdout}${stderr}`).toContain(type.npm?.version);
  });

  test('knows every option of the interactive command line', async () => {
    const launch = await prepare(type, { model: 'mock/mock-model' });
    const { exitCode, stderr } = await run(launch, [...launch.argv, '--help'], { stdin: 'ignore' });
    expect(stderr).not.toMatch(/unknown|unexpected|unrecognized|invalid/i);
    expect(exitCode).toBe(0);
  });

  test.each(['headless', 'headless-json'] as const)(
    '%s: prompt in, answer out, both reported',
    async (mode) => {
      const prompt = `--help SC-TOOL echo ${type.name}-${mode} quoted\n  "second" $HOME; line\n- x`;
      const launch = await prepare(type, { mode, prompt });
      const { exitCode, stdout, stderr } = await run(launch, launch.argv, { input: launch.stdin ?? '' });
      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toContain(`tool said: ${type.name}-${mode} quoted`);
      if (mode === 'headless-json') for (const line of String(stdout).trim().split('\n')) JSON.parse(line);

      await model.waitForUserText(prompt, { agent: type.name });
      const events = readEvents(type);
      expect(events.filter((event) => event.kind === 'prompt' && sameText(event.text, prompt))).toHaveLength(
        1,
      );
      expect(events.find((event) => event.kind === 'tool')).toMatchObject({
        input: expect.stringContaining(`echo ${type.name}-${mode} quoted`),
      });
      expect(events.find((event) => event.kind === 'tool-end')).toBeDefined();
      expect(events.find((event) => event.kind === 'turn-end')).toMatchObject({
        message: expect.stringContaining(`tool said: ${type.name}-${mode} quoted`),
        conversation: expect.stringMatching(/\w{8}/),
      });
    },
  );
});

test('codex knows our hooks by the hash that we computed, and trusts them', async () => {
  const launch = await prepare(codex, {});
  const hooks = launch.argv
    .filter((_, index) => launch.argv[index - 1] === '-c')
    .flatMap((value) => ['-c', value]);
  const server = contractRunner(codex)(launch, ['codex', ...hooks, 'app-server'], {
    stdin: 'pipe',
    buffer: false,
  });
  const send = (message: object) =>
    server.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  send({ id: 1, method: 'initialize', params: { clientInfo: { name: 'contract', version: '1' } } });
  let list: HookList | undefined;
  for await (const line of server.iterable({ from: 'stdout' })) {
    const { id, result } = JSON.parse(String(line)) as { id?: number; result?: { data: HookList[] } };
    if (id === 1) {
      send({ method: 'initialized' });
      send({ id: 2, method: 'hooks/list', params: { cwds: [seenPaths().workspace] } });
    }
    if (id === 2) {
      list = result?.data[0];
      server.kill();
    }
  }
  expect(list).toMatchObject({ warnings: [], errors: [] });
  expect(list?.hooks.filter((hook) => hook.trustStatus !== 'trusted')).toEqual([]);
  expect(list?.hooks).toHaveLength(11);
});

interface HookList {
  readonly hooks: readonly { readonly eventName: string; readonly trustStatus: string }[];
}
