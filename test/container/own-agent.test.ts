import { randomUUID } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testBase } from '../support/images.ts';
import { ensureBuilt, makeScratch, type ProgramResult, ROOT, runProgram } from '../support/program.ts';
import { driveSessions, listContainers, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

const TAG = 'own-test';
const SECRET = 'secret-of-own-agent-42';

/** A small agent with a screen, in both modes: answers every line, says `Working` for a second before. */
const AGENT = `#!/usr/bin/env node
const args = process.argv.slice(2);
const { readFileSync } = require('node:fs');
if (args[0] === 'ask') {
  const file = args.includes('-f') ? args[args.indexOf('-f') + 1] : 0;
  const prompt = readFileSync(file, 'utf8');
  const home = readFileSync(process.env.HOME + '/.mine/settings.json', 'utf8').trim();
  console.log(JSON.stringify({ prompt: prompt.length > 200 ? prompt.length : prompt, args, home, key: process.env.MINE_KEY }));
  process.exit(7);
}
let text = '';
let state = 'ready';
const draw = () => {
  const said = state === 'busy' ? '* Working (esc)' : state === 'said' ? 'answered' : '';
  process.stdout.write('\\x1b[2J\\x1b[H' + said + '\\r\\n' + '='.repeat(20) + '\\r\\n> ' + text + '\\r\\n' + '='.repeat(20));
};
process.stdin.setRawMode(true);
process.stdout.write('\\x1b[?2004h');
process.stdin.on('data', (data) => {
  const key = String(data).replaceAll('\\x1b[200~', '').replaceAll('\\x1b[201~', '');
  if (key === '\\r') {
    text = '';
    state = 'busy';
    setTimeout(() => { state = 'said'; draw(); }, 3000);
  } else text += key;
  draw();
});
draw();
`;

const SIGNS = {
  composer: { top: '^={20}$', bottom: '^={20}$', lead: '^> ?' },
  busy: [{ pattern: '^\\* Working', says: 'model', at: 'above' }],
};

const DEFINITION = {
  title: 'My agent',
  command: 'mine-cli',
  config: ['.mine/settings.json'],
  env: ['MINE_KEY'],
  interactive: ['{container}', '{approvals}', ['--model', '{model}'], '{args}'],
  headless: ['ask', '{container}', '{approvals}', ['--model', '{model}'], '{args}'],
  json: ['ask', '--json', '{container}', '{approvals}', '-f', '{promptFile}', '{args}'],
  approvals: { never: ['--yes'] },
  container: ['--boxed'],
};

const DOCKERFILE = `ARG BASE_IMAGE
FROM \${BASE_IMAGE}
USER root
COPY mine-cli.js /usr/local/bin/mine-cli
RUN chmod 755 /usr/local/bin/mine-cli
USER node
`;

const ENTRYPOINT = `#!/bin/sh
[ "$AGENT_SHELL" = 1 ] && exec sh -c 'echo "shell of $(id -u) in $(pwd)"'
echo "prompt=$AGENT_PROMPT headless=$AGENT_HEADLESS model=$AGENT_MODEL provider=$AGENT_PROVIDER words=$*"
echo "file=$(wc -c <"$AGENT_PROMPT_FILE") config=$(cat /mnt/agent-config-ro/settings.json) home=$(cat ~/.mine/settings.json)"
exit 5
`;

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

function write(path: string, content: unknown): void {
  const file = join(driver.home, '.config/adr/agents', path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  if (path.endsWith('.sh')) chmodSync(file, 0o755);
}

function adr(args: readonly string[], input?: string): Promise<ProgramResult> {
  const env = { ...driver.env, MINE_KEY: SECRET, ADR_TAG: TAG };
  return runProgram('adr', args, { env, cwd: driver.workspace, ...(input === undefined ? {} : { input }) });
}

beforeAll(async () => {
  await ensureBuilt();
  server = openTestServer();
  scratch = makeScratch('own-agent');
  driver = driveSessions(scratch, server.socket, { MINE_KEY: SECRET });
  mkdirSync(join(driver.home, '.mine'));
  writeFileSync(join(driver.home, '.mine/settings.json'), 'mine-settings\n');
  write('mine/agent.json', DEFINITION);
  write('mine/Dockerfile', DOCKERFILE);
  write('mine/mine-cli.js', AGENT);
  write('seedling/agent.json', { config: ['.mine/settings.json'], configHome: '.mine', splitModel: true });
  write('seedling/entrypoint.sh', ENTRYPOINT);
  write(
    'seedling/Dockerfile',
    `FROM ${testBase}\nCOPY entrypoint.sh /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\n`,
  );
  const built = await adr(['build', 'mine', 'seedling', '--base', testBase]);
  expect(built.stdout.slice(-2000) + built.stderr.slice(-2000)).toContain(
    'Build summary: 2 succeeded, 0 failed.',
  );
}, 240_000);

afterEach(async () => {
  await driver.run('stop', 'box');
});

afterAll(async () => {
  await server.kill();
  const images = ['mine', 'seedling', 'base'].map((name) => `coding-agent/${name}:${TAG}`);
  await execa('docker', ['image', 'rm', '-f', ...images], { reject: false });
  scratch.remove();
});

describe('adr', () => {
  test('a build that is told to end ends on the engine too', async () => {
    const marker = `echo ${randomUUID()}; sleep 300`;
    write('slow/agent.json', { command: 'sh' });
    write('slow/Dockerfile', `FROM ${testBase}\nRUN ${marker}\n`);
    const findBuild = async () => {
      const { stdout } = await execa('docker', ['ps', '--no-trunc', '--format', '{{.Command}}']);
      return stdout.includes(marker);
    };
    const build = execa(process.execPath, [join(ROOT, 'bin/adr.js'), 'build', 'slow', '--tag', TAG], {
      env: driver.env,
      reject: false,
    });
    await waitFor('the build on the engine', findBuild);
    build.kill('SIGTERM');
    expect(await build).toMatchObject({ signal: 'SIGTERM' });
    await waitFor('its end', async () => !(await findBuild()));
    rmSync(join(driver.home, '.config/adr/agents/slow'), { recursive: true });
  });

  test('signs that cannot be read keep nobody from a run', async () => {
    write('mine/signs.json', '{"busy": 5');
    const { code, stdout, stderr } = await adr(['run', 'mine', '--dry-run']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/warning: .*mine\/signs\.json/),
    });
    expect(stdout).toContain('mine-cli');
    rmSync(join(driver.home, '.config/adr/agents/mine/signs.json'));
  });

  test('lists it, its image and its state', async () => {
    const { agents } = JSON.parse((await adr(['agents', '--json'])).stdout) as { agents: { name: string }[] };
    expect(agents.find(({ name }) => name === 'mine')).toMatchObject({
      title: 'My agent',
      origin: 'own',
      image: 'coding-agent/mine',
      built: [TAG],
      reporter: false,
      signs: 'none',
    });
    expect((await adr(['status'])).stdout).toMatch(new RegExp(`^mine +coding-agent/mine +${TAG} `, 'm'));
  });

  test('runs it headless: prompt by stdin, allow-listed config, its key, its exit code', async () => {
    const run = await adr([
      'run',
      'mine',
      '--prompt',
      '-x\n@y',
      '--model',
      'a/b',
      '--',
      '--more',
      'two words',
    ]);
    expect(run).toMatchObject({ code: 7, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual({
      prompt: '-x\n@y',
      args: ['ask', '--boxed', '--yes', '--model', 'a/b', '--more', 'two words'],
      home: 'mine-settings',
      key: SECRET,
    });
  });

  test('hands a long prompt over as a file', async () => {
    const run = await adr(['run', 'mine', '--output', 'json', '--prompt', '-'], 'p'.repeat(200_000));
    expect(run).toMatchObject({ code: 7, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ prompt: 200_000 });
  });

  test('an entrypoint gets the AGENT_* variables, the configuration at both places, the words after --', async () => {
    const run = await adr([
      'run',
      'seedling',
      '--prompt',
      'hello you',
      '--model',
      'p/m/1',
      '--',
      '--flag',
      'x',
    ]);
    expect(run).toMatchObject({ code: 5, stderr: '' });
    const found = 'file=9 config=mine-settings home=mine-settings\n';
    expect(run.stdout).toBe(`prompt=hello you headless=1 model=m/1 provider=p words=--flag x\n${found}`);
    const sealed = await adr(['run', 'seedling', '--read-only', '--prompt', 'hello you']);
    expect(sealed).toMatchObject({ code: 5, stderr: '', stdout: expect.stringContaining(found) });
    const filter = ['--quiet', '--filter', `label=adr.workspace=${driver.workspace}`];
    expect((await execa('docker', ['volume', 'ls', ...filter])).stdout).toBe('');
    const taken = await adr(['run', 'seedling', '--prompt', 'x', '-e', 'AGENT_PROMPT=y']);
    expect(taken).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"AGENT_PROMPT" is set by adr itself'),
    });
  });

  test('what is wrong with its files is said with file and field, and only where it is used', async () => {
    write('broken/agent.json', { interactive: 'sh -c x' });
    const file = join(driver.home, '.config/adr/agents/broken/agent.json');
    for (const args of [
      ['run', 'broken', '--prompt', 'x'],
      ['build', 'broken'],
    ]) {
      const failed = await adr(args);
      expect(failed.code).toBe(2);
      expect(failed.stderr).toContain(`error: ${file}: interactive must be a list, not "sh -c x"`);
    }
    expect((await adr(['run', 'mine', '--prompt', 'x'])).code).toBe(7);
    expect((await adr(['agents'])).stderr).toContain(`warning: ${file}: interactive`);
    expect((await adr(['run', 'mime', '--prompt', 'x'])).stderr).toContain('did you mean "mine"?');
  });
});

describe('adr-tmux', () => {
  test('without signs: the base rule, and prompts that nobody confirms; with signs, seen at once', async () => {
    const started = await driver.run('start', 'box', '--agent', 'mine:m', '--tag', TAG, '--json');
    expect(started, started.stderr).toMatchObject({ code: 0 });
    const { id } = JSON.parse(started.stdout) as { id: string };
    await driver.waitForState('box', 'm', 'STALLED', 30_000);
    expect(await driver.run('send', 'box', 'hello')).toMatchObject({
      code: 7,
      stdout: expect.stringContaining('m: unconfirmed'),
    });
    // The same monitor, the same session.
    write('mine/signs.json', SIGNS);
    await driver.waitForState('box', 'm', 'IDLE');
    expect(await driver.run('send', 'box', 'hello again')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('m: submitted (seen on its screen)'),
    });
    await driver.waitForState('box', 'm', 'RUNNING');
    expect(await driver.waitForState('box', 'm', 'IDLE')).toMatchObject({ type: 'mine', witness: 'screen' });
    expect(await listContainers(id)).toHaveLength(1);
    expect(await driver.run('stop', 'box')).toMatchObject({ code: 0 });
    expect(await listContainers(id)).toEqual([]);
  });

  test("an unknown type is refused with the known ones, the user's own too", async () => {
    const failed = await driver.run('start', 'box', '--agent', 'mime');
    expect(failed).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('did you mean "mine"? Known: pi,'),
    });
  });
});

test('the folder of the Gemini CLI example is in order', async () => {
  cpSync(join(ROOT, 'config-examples/agents/gemini'), join(driver.home, '.config/adr/agents/gemini'), {
    recursive: true,
  });
  const { stdout, stderr } = await adr(['agents']);
  expect(stderr).not.toContain('gemini');
  expect(stdout).toMatch(/^gemini +Gemini CLI +0\.61\.0 .* own /m);
  expect(readFileSync(join(ROOT, 'docs/own-agents.md'), 'utf8')).toContain('"version": "0.61.0"');
});
