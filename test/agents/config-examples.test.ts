import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentTypes, mockKey } from '../support/agent-homes.ts';
import { testTag } from '../support/images.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { ensureBuilt, makeScratch, ROOT, runProgram } from '../support/program.ts';

type Agent = (typeof agentTypes)[number];

let model: ModelServer;

beforeAll(async () => {
  await ensureBuilt();
  model = await startModelServer();
});

afterAll(() => model.close());

/** Where each folder of examples belongs, relative to HOME. */
const PLACES: Readonly<Record<Agent, string>> = {
  pi: '.pi',
  opencode: '.config/opencode',
  claude: '.claude',
  codex: '.codex',
};

/** What a user fills in: the key, and the address of the model server where the example names a local one. */
function fillIn(text: string, url: string): string {
  return text
    .replaceAll('sk-ant-api03-YOUR-FULL-API-KEY-HERE', mockKey)
    .replaceAll('http://host.docker.internal:11434', url);
}

/** Copies an agent's examples to where they belong in `home`, without `.example`, filled in. */
async function copyExamples(agent: Agent, home: string, url: string): Promise<void> {
  const place = join(home, PLACES[agent]);
  await cp(join(ROOT, 'config-examples', agent), place, { recursive: true });
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    expect(entry.name).toMatch(/\.example$/);
    const isState = entry.name === '.claude.json.example';
    const target = isState ? join(home, '.claude.json') : path.replace(/\.example$/, '');
    await writeFile(path, fillIn(await readFile(path, 'utf8'), url));
    await rename(path, target);
  }
}

test.each(agentTypes)('%s starts and answers with the examples', async (agent) => {
  const scratch = makeScratch('examples');
  try {
    const home = join(scratch.path, 'home');
    const workspace = join(scratch.path, 'work');
    await mkdir(workspace);
    const url = model.url(agent, 'host.docker.internal');
    await copyExamples(agent, home, url);
    const env = {
      ...{ HOME: home, XDG_STATE_HOME: '', XDG_CONFIG_HOME: '', ADR_TAG: testTag },
      // Claude's example is for Anthropic's own server: this variable leads it to another.
      ...(agent === 'claude' ? { ANTHROPIC_BASE_URL: url } : {}),
    };
    const { code, stdout, stderr } = await runProgram('adr', ['run', agent, '--prompt', 'SC-ECHO example'], {
      env,
      cwd: workspace,
    });
    expect({ code, said: code === 0 ? '' : `${stdout}${stderr}` }).toEqual({ code: 0, said: '' });
    expect(stdout).toContain('answer to example');
    const { headers } = await model.waitForUserText('SC-ECHO example', { agent, timeoutMs: 1000 });
    if (agent === 'claude') expect(JSON.stringify(headers)).toContain(mockKey);
  } finally {
    scratch.remove();
  }
});
