import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt, makeScratch, ROOT, runProgram } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer } from '../support/tmux-server.ts';

let server: TestServer;
let home: ReturnType<typeof makeScratch>;
let driver: SessionDriver;
let file: string;

beforeAll(async () => {
  await ensureBuilt();
  server = openTestServer();
  home = makeScratch('explain');
  driver = driveSessions(home, server.socket, { ADR_DEMO_THINK_MS: '0' });
  file = join(home.path, 'recording.json');
  expect(await driver.run('start', 'why', '--agent', 'demo:main')).toMatchObject({ code: 0 });
  await driver.waitForState('why', 'main', 'IDLE');
});
afterAll(async () => {
  await server.kill();
  home.remove();
});

interface Explained {
  readonly now: { readonly state: string; readonly rule: string };
  readonly screen: { readonly shown: readonly { readonly kind: string; readonly sign: { file?: string } }[] };
  readonly reports: { readonly bytes: number; readonly facts: { readonly turn: string } };
  readonly problem: { readonly message: string } | null;
}

const explain = async (): Promise<Explained> =>
  JSON.parse((await driver.run('explain', 'why', '--json')).stdout) as Explained;

test('says the rule and what both witnesses show', async () => {
  expect(await driver.run('send', 'why', '/hang')).toMatchObject({ code: 0 });
  await driver.waitForState('why', 'main', 'RUNNING');
  const { stdout, code } = await driver.run('explain', 'why', '--agent', 'main');
  expect(code).toBe(0);
  for (const line of [
    /^state +RUNNING - model$/m,
    /^rule +busy-reported: /m,
    /^ {2}turn +open since /m,
    /^ {2}busy +model\n +line: . Working… .*\n +sign: busy\[0\] \(built in\)$/m,
    /^signs: built in; see: adr-tmux explain --signs demo$/m,
  ]) {
    expect(stdout).toMatch(line);
  }
  expect(await explain()).toMatchObject({ now: { state: 'RUNNING' }, reports: { facts: { turn: 'open' } } });
  expect(await driver.run('explain', 'why', '--agent', 'mian')).toMatchObject({ code: 3 });
});

test('Ctrl+C ends a recording with a whole file of the owner’s own, and a replay agrees with it', async () => {
  const args = [join(ROOT, 'bin/adr-tmux.js'), 'explain', 'why', '--record', file];
  const recording = execa(process.execPath, args, { env: driver.env, cwd: driver.workspace });
  await new Promise((resolve) => recording.stderr?.once('data', resolve));
  await driver.run('interrupt', 'why');
  await driver.waitForState('why', 'main', 'IDLE');
  recording.kill('SIGINT');
  const ended = await recording;
  expect(ended.exitCode).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const saved = JSON.parse(readFileSync(file, 'utf8')) as {
    agent: string;
    frames: object[];
    reports: object[];
  };
  expect(saved).toMatchObject({ agent: 'demo', frames: expect.any(Array), reports: expect.any(Array) });
  expect(saved.reports).toContainEqual(expect.objectContaining({ kind: 'prompt', text: '/hang' }));
  const replay = await runProgram('adr-tmux', ['explain', '--replay', file], {
    env: { ...driver.env, PATH: '' },
  });
  const verdicts = replay.stdout.trimEnd().split('\n');
  expect(verdicts).toHaveLength(saved.frames.length);
  expect(JSON.parse(verdicts[0] ?? '')).toMatchObject({
    t: 0,
    state: expect.stringMatching(/RUNNING|IDLE/),
  });

  writeFileSync(join(home.path, 'mine.txt'), 'keep me');
  const refused = await driver.run('explain', 'why', '--record', join(home.path, 'mine.txt'), '--for', '1s');
  expect(refused).toMatchObject({ code: 5 });
  const timed = await driver.run('explain', 'why', '--record', file, '--for', '1s', '--json');
  expect(JSON.parse(timed.stdout)).toMatchObject({ v: 1, file, end: 'time' });
});

test('a signs.json counts at once, a broken one is told everywhere and does not count', async () => {
  const folder = join(home.path, '.config/adr/agents/demo');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'signs.json'),
    JSON.stringify({
      liveLines: 99,
      titles: { idle: '^never$' },
      busy: [{ pattern: 'pretend coding agent', says: 'mine' }],
    }),
  );
  const changed = await explain();
  expect(changed.screen.shown.find(({ kind }) => kind === 'busy')?.sign.file).toBe(
    join(folder, 'signs.json'),
  );
  writeFileSync(join(folder, 'signs.json'), JSON.stringify({ busy: 'nonsense' }));
  expect((await explain()).problem?.message).toContain('signs.json: busy must be a list');
  const status = await driver.run('status', 'why');
  expect(status.stderr).toContain(
    'signs.json: busy must be a list, not "nonsense"; that file does not count',
  );
  expect(status.stdout).toContain('main [IDLE]');
});
