import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentTypes, writeAgentHomes } from '../support/agent-homes.ts';
import { installHostAgents } from '../support/host-agents.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { ensureBuilt, makeScratch, ROOT, runProgram } from '../support/program.ts';

let model: ModelServer;
let home: ReturnType<typeof makeScratch>;
let agents: string;

beforeAll(async () => {
  await ensureBuilt();
  agents = await installHostAgents();
  model = await startModelServer();
  home = makeScratch('skills');
  mkdirSync(join(home.path, 'work'));
  await writeAgentHomes(home.path, (agent) => model.url(agent));
  await execa('bash', [join(ROOT, 'skills/adr-master/install.sh')], { env: { HOME: home.path } });
});

afterAll(async () => {
  await model.close();
  home.remove();
});

test.each(agentTypes)('%s offers the adr-master skill to its model', async (type) => {
  const env = { HOME: home.path, PATH: `${agents}:${process.env.PATH}`, ADR_ENGINE: 'host' };
  const args = ['run', type, '-w', join(home.path, 'work'), '--prompt', 'SC-SAY hello'];
  expect(await runProgram('adr', args, { env })).toMatchObject({ code: 0 });
  const bodies = model.requests(type).map(({ body }) => JSON.stringify(body) ?? '');
  expect(bodies.some((body) => body.includes('adr-master') && body.includes('Drive adr and adr-tmux'))).toBe(
    true,
  );
});
