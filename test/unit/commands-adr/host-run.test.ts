import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRequest } from '../../../src/commands/adr/prepare-run.ts';
import { executeRun, planRun, type RunTools } from '../../../src/commands/adr/run.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { runProcess } from '../../../src/system/process.ts';
import { findProcessesByEnvironment } from '../../../src/system/process-table.ts';

let root: string;
let warnings: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'adr-host-'));
  warnings = [];
  await mkdir(join(root, 'bin'));
  await mkdir(join(root, 'w'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const tools: RunTools = {
  run: runProcess,
  clock: systemClock,
  terminal: true,
  warn: (message) => warnings.push(message),
  offerBuild: async () => false,
};

/** A `pi` of the test's own on PATH. */
async function installPi(script: string): Promise<void> {
  await writeFile(join(root, 'bin', 'pi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: `${root}/bin:${process.env.PATH}`,
    HOME: root,
    XDG_STATE_HOME: join(root, 'state'),
    ...more,
  };
}

function request(more: Partial<RunRequest> = {}): RunRequest {
  return {
    flags: { agent: ['pi'], engine: ['host'] },
    workspace: join(root, 'w'),
    mode: 'headless',
    prompt: 'hello',
    args: [],
    session: undefined,
    name: undefined,
    cwd: root,
    version: '0',
    ...more,
  };
}

describe('the host engine', () => {
  test('runs the program of the agent: its workspace, its prompt, its code; nothing is left', async () => {
    await installPi('pwd > out; cat >> out; echo "$ADR_RUN_ID $ADR_REPORTS" >> out; test -f "$5" && exit 9');
    const ready = await planRun(request(), env(), tools);
    const end = await executeRun(ready, tools);
    const [cwd, rest] = (await readFile(join(root, 'w', 'out'), 'utf8')).split('\n');
    expect(cwd).toBe(join(root, 'w'));
    expect(rest).toContain(`hello${ready.prepared.identity.run} ${ready.prepared.claimed.directory}`);
    expect(end).toMatchObject({ cause: undefined });
    expect(await readdir(join(root, 'state', 'adr', 'runs'))).toEqual([]);
    expect(warnings).toEqual(['nothing confines pi on the host engine: it can do what you can do']);
  });

  test('ends whatever the agent left running', async () => {
    await installPi('setsid sleep 300 </dev/null >/dev/null 2>&1 & (trap "" TERM; sleep 300) & exit 4');
    const ready = await planRun(request(), env(), tools);
    expect((await executeRun(ready, tools)).exitCode).toBe(4);
    expect(findProcessesByEnvironment('ADR_RUN_ID', ready.prepared.identity.run)).toEqual([]);
  });

  test('a SIGTERM to adr goes to the agent', async () => {
    await installPi('trap "exit 0" TERM; touch up; while :; do sleep 0.05; done');
    const ready = await planRun(request({ mode: 'interactive', prompt: undefined }), env(), tools);
    const running = executeRun(ready, tools);
    while (!(await readdir(join(root, 'w'))).includes('up')) await systemClock.sleep(20);
    process.kill(process.pid, 'SIGINT');
    await systemClock.sleep(50);
    process.kill(process.pid, 'SIGTERM');
    expect(await running).toMatchObject({ exitCode: 143, cause: { kind: 'signal', signal: 'SIGTERM' } });
  });

  test('a program that is not installed', async () => {
    await expect(planRun(request(), { ...env(), PATH: root }, tools)).rejects.toMatchObject({
      code: 'AGENT_NOT_INSTALLED',
      hint: expect.stringContaining('npm install -g @mariozechner/pi-coding-agent'),
    });
  });

  test('"never" counts only when it is typed for this run', async () => {
    await installPi('exit 0');
    await planRun(request(), env({ ADR_APPROVALS: 'never' }), tools);
    expect(warnings).toContainEqual(expect.stringContaining('"never" does not count on the host engine'));
    warnings = [];
    await planRun(
      request({ flags: { agent: ['pi'], engine: ['host'], approvals: ['never'] } }),
      env(),
      tools,
    );
    expect(warnings).toHaveLength(1);
  });

  test('a session has told the user already', async () => {
    await installPi('exit 0');
    await planRun(request(), env({ ADR_RUN_ID: '0123456789ab' }), tools);
    expect(warnings).toEqual([]);
  });
});

test.each([
  [{ flags: { agent: ['bogus'] } }, 'AGENT_TYPE_UNKNOWN'],
  [{ flags: {} }, 'USAGE'],
  [{ name: 'a b' }, 'USAGE'],
  [{ session: '../x' }, 'USAGE'],
  [{ workspace: '/' }, 'WORKSPACE_INVALID'],
] as const)('%j is refused', async (more, code) => {
  await installPi('exit 0');
  await expect(planRun(request(more), env(), tools)).rejects.toMatchObject({ code });
});
