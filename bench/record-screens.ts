// Records real agents in containers (--host: on the host engine), screens with reports and what is true of them:
//
//   node bench/run.mjs record-screens --out DIR [--agent TYPE]... [--size 100x30]... [--only STEP]... [--hard]
//     [--host] [--env NAME=VALUE]... [--name SCENARIO]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { lookAtPane } from '../src/activity/look.ts';
import { findReportFile, readReports } from '../src/activity/read-reports.ts';
import { findAgentType } from '../src/agents/registry.ts';
import type { AgentEvent } from '../src/agents/types.ts';
import { runProcess } from '../src/system/process.ts';
import { TmuxClient } from '../src/tmux/client.ts';
import { type AgentType, agentTypes, writeAgentHomes } from '../test/support/agent-homes.ts';
import { installHostAgents } from '../test/support/host-agents.ts';
import { testTag } from '../test/support/images.ts';
import { type ModelServer, startModelServer } from '../test/support/model-server.ts';
import { ensureBuilt, makeScratch } from '../test/support/program.ts';
import { driveSessions } from '../test/support/session-driver.ts';
import { openTestServer, waitFor } from '../test/support/tmux-server.ts';
import { ASK_FOR_RM, allowAllButRm } from './agent-permissions.ts';
import { HARD_STEPS } from './record-hard-steps.ts';
import { FILL, QUOTES, STEPS, type Step, WIDE } from './record-steps.ts';
import { lighten, openTerminal } from './record-terminal.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    out: { type: 'string' },
    agent: { type: 'string', multiple: true },
    size: { type: 'string', multiple: true, default: ['100x30'] },
    only: { type: 'string', multiple: true },
    hard: { type: 'boolean', default: false },
    host: { type: 'boolean', default: false },
    env: { type: 'string', multiple: true, default: [] },
    name: { type: 'string' },
    light: { type: 'boolean', default: false },
  },
});
/** What changes no state. */
const BESIDE: ReadonlySet<string> = new Set(['usage']);
const out = values.out ?? 'recordings';
const steps = values.hard ? HARD_STEPS : STEPS;
const scenario = values.name ?? (values.hard ? 'hard' : 'life');
const wanted = agentTypes.filter((type) => values.agent === undefined || values.agent.includes(type));

interface Frame {
  readonly t: number;
  readonly label: string;
  readonly screen: string;
  readonly truth?: { readonly state: string };
}

/** All steps with one agent at one size, each step a recording of its own. */
async function record(type: AgentType, size: string, model: ModelServer): Promise<void> {
  const scratch = makeScratch('record');
  const server = openTestServer();
  const driver = driveSessions(scratch, server.socket, {
    ...hostEnv,
    ...(bin && { PATH: `${bin}:${process.env.PATH}` }),
  });
  await writeAgentHomes(driver.home, (agent) => model.url(agent, bin ? '127.0.0.1' : 'host.docker.internal'));
  if (bin) await allowAllButRm(driver.workspace);
  if (values.light) await lighten(driver.home);
  const terminal = openTerminal(server.socket, size);
  await execa('git', ['init', '-q'], { cwd: driver.workspace });
  const tmux = new TmuxClient({
    socket: server.socket,
    run: runProcess,
    env: { ...process.env, ...driver.env },
  });
  try {
    const engine = bin ? ['--engine', 'host'] : ['--tag', testTag, '--approvals', 'ask'];
    const args = ['--agent', `${type}:it`, ...engine, '--json'];
    const started = await driver.run('start', 'rec', ...args);
    if (started.code !== 0) throw new Error(started.stderr);
    const startedAt = Date.now();
    const pane = await server.run('list-panes', '-t', '=adr-rec:', '-F', '#{pane_id}');
    if (!bin) await driver.waitForState('rec', 'it', 'IDLE', 180_000);
    else {
      const readyOrAsking = async () =>
        (await driver.readAgents('rec')).some(({ state }) => state === 'IDLE' || state === 'WAITING');
      await waitFor('the agent', readyOrAsking, 180_000);
    }
    const [columns = 80, rows = 24] = size.split('x').map(Number);
    await server.run('resize-window', '-t', '=adr-rec:', '-x', `${columns}`, '-y', `${rows + 1}`);
    const height = Number(await server.run('display-message', '-p', '-t', pane, '#{pane_height}'));
    await server.run(
      'resize-window',
      '-t',
      '=adr-rec:',
      '-x',
      `${columns}`,
      '-y',
      `${rows + 1 + rows - height}`,
    );
    const [{ run = '' } = {}] = await driver.readAgents('rec');
    const reportFile = findReportFile(join(driver.home, '.local/state/adr/runs', run));
    const frames: Frame[] = [];
    const reports: AgentEvent[] = [];
    let offset = 0;
    const agentType = findAgentType(type);
    for (const step of steps) {
      if (values.only !== undefined && !values.only.includes(step.name) && step.name !== 'start') continue;
      if (step.agents !== undefined && !step.agents.includes(type)) continue;
      if (step.sizes !== undefined && !step.sizes.includes(size)) continue;
      frames.push(...(await play(step, type, pane, startedAt)));
      if (agentType) {
        const batch = await readReports(reportFile, offset, agentType);
        offset = batch.offset;
        reports.push(...batch.events.filter(({ kind }) => !BESIDE.has(kind)));
      }
      console.log(`${type} ${size} ${step.name}`);
      if (step.ends) break;
      await settle(pane);
    }
    mkdirSync(join(out, type), { recursive: true });
    const head = { agent: type, scenario, size };
    const told = reports.map((event) => ({ ...event, at: event.at - startedAt }));
    const lines = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).join(',\n');
    writeFileSync(
      join(out, type, `${scenario}-${size}.json`),
      `${JSON.stringify(head).slice(0, -1)},"frames":[\n${lines(frames)}\n],"reports":[\n${lines(told)}\n]}\n`,
    );
  } finally {
    await terminal.leave();
    await driver.run('stop', 'rec');
    await server.kill();
    scratch.remove();
  }

  async function play(step: Step, agent: AgentType, pane: string, from: number): Promise<readonly Frame[]> {
    const frames: Frame[] = [];
    for (const part of step.parts(agent)) {
      const { label, keys, text, enter, run: act, type: typed, seconds, truth, settle: after = 2 } = part;
      if (text !== undefined && enter) await driver.run('send', 'rec', '--when', 'now', '--', text);
      else if (text !== undefined) {
        await execa('tmux', ['-L', server.socket, 'load-buffer', '-b', 'r', '-'], { input: text });
        await server.run('paste-buffer', '-p', '-r', '-d', '-b', 'r', '-t', pane);
      } else if (enter) await server.run('send-keys', '-t', pane, 'Enter');
      for (const key of keys ?? []) {
        await server.run('send-keys', '-t', pane, key);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      if (act === 'crash') await crash();
      if (act === 'kill') await kill(pane);
      if (act === 'attach') await terminal.attach();
      if (act === 'leave') await terminal.leave();
      if (typed !== undefined) await terminal.type(typed);
      const began = Date.now();
      while (Date.now() - began < seconds * 1000) {
        const at = Date.now();
        const look = await lookAtPane(tmux, pane);
        if (!look) throw new Error('the pane is gone');
        const { title, dead, exit, screen, size: seen } = look;
        const settled = at - began >= after * 1000;
        frames.push({
          ...{
            t: (at - from) / 1000,
            label: `${step.name}: ${label}`,
            title,
            dead,
            exit: dead ? exit : null,
            ...(seen !== size && { size: seen }),
          },
          screen: screen.replace(/\s+$/, ''),
          ...(settled && truth && { truth: { state: truth } }),
        });
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1000 - (Date.now() - at))));
      }
    }
    return frames;
  }

  /** Two looks at the same empty prompt: whatever a step left is over. */
  async function settle(pane: string): Promise<void> {
    let before = '';
    await waitFor(
      'a still screen',
      async () => {
        const now = (await lookAtPane(tmux, pane))?.screen ?? '';
        const still = now === before;
        before = now;
        await new Promise((resolve) => setTimeout(resolve, 700));
        return still;
      },
      15_000,
    ).catch(() => undefined);
  }

  async function kill(pane: string): Promise<void> {
    const pid = await server.run('display-message', '-p', '-t', pane, '#{pane_pid}');
    const { stdout } = await execa('ps', ['-o', 'pid=', '--ppid', pid]);
    const [child] = stdout.trim().split(/\s+/);
    process.kill(Number(child), 'SIGKILL');
  }

  async function crash(): Promise<void> {
    const { stdout } = await execa('docker', [
      'ps',
      '-q',
      '--filter',
      `label=adr.workspace=${driver.workspace}`,
    ]);
    for (const id of stdout.split('\n').filter((line) => line !== '')) await execa('docker', ['kill', id]);
  }
}

await ensureBuilt();
const bin = values.host ? await installHostAgents() : undefined;
const hostEnv: Readonly<Record<string, string>> = {
  ...(bin && ASK_FOR_RM),
  ...Object.fromEntries(values.env.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string])),
};
const say = (word: string, content: string) => ({
  match: {
    predicate: (request: { messages: readonly { content?: unknown }[] }) =>
      JSON.stringify(request.messages.at(-1)?.content ?? '').includes(word),
  },
  response: { content },
  streamingProfile: { ttft: 200, tps: 60 },
  chunkSize: 12,
});
const model = await startModelServer({
  fixtures: [say('RC-QUOTES', QUOTES), say('RC-WIDE', WIDE), say('RC-FILL', FILL)],
});
try {
  for (const size of values.size)
    for (const pair of [wanted.slice(0, 2), wanted.slice(2)])
      await Promise.all(pair.map((type) => record(type, size, model)));
} finally {
  await model.close();
}
