import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readReports } from '../../src/activity/read-reports.ts';
import { findAgentType } from '../../src/agents/registry.ts';
import { isSamePrompt } from '../../src/prompt/clean-prompt.ts';
import { agentTypes, mockKey, writeAgentHomes } from '../support/agent-homes.ts';
import { testTag } from '../support/images.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { ensureBuilt, makeScratch } from '../support/program.ts';
import { driveSessions, listContainers, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let model: ModelServer;
let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(async () => {
  await ensureBuilt();
  model = await startModelServer();
  scratch = makeScratch('agents');
  server = openTestServer();
  driver = driveSessions(scratch, server.socket);
  await writeAgentHomes(driver.home, (agent) => model.url(agent, 'host.docker.internal'));
  await execa('git', ['init', '-q'], { cwd: driver.workspace });
  writeFileSync(join(driver.workspace, 'README.md'), '# hello\n');
});

afterEach(async () => {
  await driver.run('stop', 'refactor');
});

afterAll(async () => {
  await server.kill();
  await model.close();
  scratch.remove();
});

describe('four agents in containers', () => {
  test('started, prompted at once, answered, seen, stopped; nothing is left', async () => {
    const names = agentTypes.map((type) => (type === 'pi' ? 'main' : `${type}-1`));
    const specs = agentTypes.flatMap((type) => ['--agent', type === 'pi' ? 'pi:main' : type]);
    const started = await driver.run('start', 'refactor', ...specs, '--tag', testTag, '--json');
    expect(started).toMatchObject({ code: 0, stderr: '' });
    const { id } = JSON.parse(started.stdout) as { id: string };

    // From other terminals, before any of them can be ready.
    const prompts = names.map((name) => `SC-ECHO ${name}\n\n  "quotes" $(x) #{y} 日本語 ; and\ttabs`);
    const sent = await Promise.all(
      names.map((name, index) =>
        driver.run('send', 'refactor', '--agent', name, '--wait', prompts[index] ?? ''),
      ),
    );
    for (const [index, name] of names.entries()) {
      expect(sent[index], sent[index]?.stderr).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`answer to ${name}`),
        stderr: expect.stringContaining(`${name}: submitted (confirmed by the agent)`),
      });
    }

    const agents = await driver.readAgents('refactor');
    expect(agents.map(({ agent }) => agent)).toEqual(names);
    for (const [index, { run, type: typeName }] of agents.entries()) {
      const text = prompts[index] ?? '';
      // What was sent is what arrived at the model ...
      await model.waitForUserText(text, { agent: typeName, timeoutMs: 1000 });
      expect(model.userTexts(typeName)).toHaveLength(1);
      // ... and what the agent itself says it took.
      const type = findAgentType(typeName);
      if (!type) throw new Error(`no type ${typeName}`);
      const reports = join(driver.home, '.local/state/adr/runs', run, 'reports');
      const { events } = await readReports(reports, 0, type);
      const reported = events.filter((event) => event.kind === 'prompt').map((event) => event.text);
      expect(reported).toHaveLength(1);
      expect(isSamePrompt(text, reported[0] ?? '')).toBe(true);
      expect(events.find((event) => event.kind === 'turn-end')).toMatchObject({
        message: expect.stringContaining(`answer to ${names[index]}`),
      });
    }
    // In which conversation, and what it used: claude tells a second after its turn.
    for (const name of names) {
      const told = await waitFor(
        `what ${name} used`,
        async () => {
          const agent = (await driver.readAgents('refactor')).find((entry) => entry.agent === name);
          return agent?.usage?.output === 20 && agent;
        },
        60_000,
      );
      expect(told).toMatchObject({
        usage: { input: 1000, context: 1020 },
        conversation: expect.stringMatching(/.{8}/),
      });
    }
    for (const name of names) expect(await driver.waitForState('refactor', name, 'IDLE')).toBeTruthy();
    expect(await listContainers(id)).toHaveLength(4);
    const tree = await driver.run('status', 'refactor');
    expect(tree.stdout.replaceAll(/^(?:│| ) {4}.*\n/gm, '')).toContain(
      '├─ main [IDLE]\n├─ opencode-1 [IDLE]\n├─ claude-1 [IDLE]\n└─ codex-1 [IDLE]\n',
    );
    // Below each what it used.
    expect(tree.stdout.match(/^(?:│| ) {4}.*\b1k tokens\b/gm)).toHaveLength(4);

    expect(await driver.run('stop', 'refactor')).toMatchObject({ code: 0 });
    expect(await listContainers(id)).toEqual([]);
    expect((await driver.run('status')).stdout).toContain('No sessions');
    expect(model.unexpected()).toEqual([]);
  });

  test('under a read-only root each reaches its composer and answers; no key stands in any argv', async () => {
    const specs = agentTypes.flatMap((type) => ['--agent', type]);
    const options = ['--tag', testTag, '--read-only'];
    expect(await driver.run('start', 'refactor', ...specs, ...options)).toMatchObject({ code: 0 });
    await Promise.all(
      agentTypes.map((type) => driver.waitForState('refactor', `${type}-1`, 'IDLE', 150_000)),
    );
    const { stdout } = await execa('ps', ['-ww', '-eo', 'args']);
    expect(stdout.includes('docker start --attach --interactive')).toBe(true);
    expect(stdout.includes(mockKey)).toBe(false);
    const sent = await Promise.all(
      agentTypes.map((type) =>
        driver.run('send', 'refactor', '--agent', `${type}-1`, '--wait', `SC-ECHO read-only-${type}`),
      ),
    );
    for (const [index, type] of agentTypes.entries()) {
      expect(sent[index], sent[index]?.stderr).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`answer to read-only-${type}`),
        stderr: expect.stringContaining(`${type}-1: submitted (confirmed by the agent)`),
      });
    }
    // It took 63 MB from npm before it showed anything, whatever the network was like.
    const opencode = ['ps', '--quiet', '--filter', `label=adr.workspace=${driver.workspace}`];
    const { stdout: id } = await execa('docker', [...opencode, '--filter', 'label=adr.type=opencode']);
    const fetched = await execa('docker', ['exec', id, 'ls', '/home/node/.config/opencode/node_modules']);
    expect(fetched.stdout).toBe('');
    const { stdout: roots } = await execa('docker', [
      ...['ps', '--quiet', '--filter', `label=adr.workspace=${driver.workspace}`],
    ]);
    const format = '{{.HostConfig.ReadonlyRootfs}}';
    const inspected = await execa('docker', ['inspect', '--format', format, ...roots.split('\n')]);
    expect(inspected.stdout.split('\n')).toEqual(['true', 'true', 'true', 'true']);
  });
});
