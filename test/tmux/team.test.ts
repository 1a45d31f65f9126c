import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureBuilt, makeScratch } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer } from '../support/tmux-server.ts';

let server: TestServer;
let home: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(() => {
  server = openTestServer();
  home = makeScratch('team');
  driver = driveSessions(home, server.socket, { ADR_DEMO_THINK_MS: '100' });
});

afterEach(async () => {
  await driver.run('stop', 'crew');
  await server.kill();
  home.remove();
});

function writeTeam(text: string): string {
  const directory = join(home.path, 'project');
  mkdirSync(join(directory, 'sub dir'), { recursive: true });
  writeFileSync(join(directory, 'task.md'), 'Do what\nthe file says');
  const file = join(directory, 'team.toml');
  writeFileSync(file, text);
  return file;
}

const TEAM = `
name = "crew"
workspace = "sub dir"

[[agents]]
type = "demo"
name = "main"
prompt-file = "task.md"

[[agents]]
type = "demo"
`;

test('starts what the file describes; its paths count from where it stands; first prompts arrive', async () => {
  const file = writeTeam(TEAM);
  const started = await driver.run('start', '-f', file, '--agent', 'demo:extra');
  expect(started).toMatchObject({ code: 0 });
  expect(started.stdout).toContain('main: submitted (confirmed by the agent)');
  const status = JSON.parse((await driver.run('status', 'crew', '--json')).stdout);
  expect(status.sessions[0]).toMatchObject({ workspace: join(home.path, 'project/sub dir') });
  expect(status.sessions[0].agents.map(({ agent }: { agent: string }) => agent)).toEqual([
    'main',
    'demo-1',
    'extra',
  ]);
  expect((await driver.run('capture', 'crew', '--agent', 'main')).stdout).toContain('the file says');
});

test('a mistake: file, line, what could stand there, and nothing is started', async () => {
  const file = writeTeam(`${TEAM}modle = "x"\n`);
  const result = await driver.run('start', '-f', file);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toBe(`error: ${file}:12: unknown key "modle"\n  did you mean "model"?\n`);
  expect((await driver.run('status')).stdout).toContain('No sessions.');
  expect((await driver.run('start', '-f', join(home.path, 'none.toml'))).stderr).toContain('no file "');
});
