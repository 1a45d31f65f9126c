import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { testImage } from '../support/images.ts';
import { listContainers, User } from './support.ts';

/** An image in which `claude` and `codex` are whatever the variable TRY says. */
const image = 'adr-test/fake-login:test';
const REFRESHES = 8;

let user: User;
let server: Server;
/** The one refresh token that still counts, and how often a used one came back. */
let token = 0;
let refused = 0;

beforeAll(async () => {
  const dockerfile = [
    `FROM ${testImage('pi')}`,
    'USER root',
    `RUN for name in claude codex; do printf '#!/bin/sh\\neval "$TRY"\\n' > /usr/local/bin/$name; chmod 755 /usr/local/bin/$name; done`,
    'USER node',
  ];
  await execa('docker', ['build', '--quiet', '--tag', image, '-'], { input: dockerfile.join('\n') });
});
beforeEach(async () => {
  user = await User.create();
  token = 1;
  refused = 0;
  server = createServer((request, response) => {
    // A kept connection may close just as the next request is written to it.
    response.shouldKeepAlive = false;
    if (request.url !== `/refresh/${token}`) {
      refused++;
      response.writeHead(400).end();
      return;
    }
    token++;
    response.end(JSON.stringify({ refresh: token, access: 'a'.repeat(2000) }));
  }).listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(async () => {
  server.close();
  expect(await listContainers(user.workspace)).toEqual([]);
  await user.remove();
});

/**
 * Renews the login as the agents' own programs do (claude 2.1.197, codex 0.169): lock beside the file, read again, write
 * aside, rename over the file that a link leads to.
 */
const REFRESHER = `
const fs = require('fs'), url = process.env.SERVER, wait = (ms) => new Promise((r) => setTimeout(r, ms));
const dir = process.env.CLAUDE_SECURESTORAGE_CONFIG_DIR;
const file = dir ? dir + '/.credentials.json' : fs.realpathSync(process.env.HOME + '/.codex/auth.json');
const lock = dir ? dir + '/.oauth_refresh.lock' : file + '.lock';
const read = () => { try { return JSON.parse(fs.readFileSync(file, 'utf8')); } catch { return undefined; } };
(async () => {
  for (let done = 0, tries = 0; done < ${REFRESHES} && tries < 500; tries++) {
    try { fs.mkdirSync(lock); } catch { await wait(20); continue; }
    const login = read();
    const answer = login && await fetch(url + '/refresh/' + login.refresh);
    if (answer && answer.ok) {
      const text = JSON.stringify(await answer.json());
      fs.writeFileSync(file + '.tmp.1' + process.pid, text, { mode: 0o600 });
      fs.renameSync(file + '.tmp.1' + process.pid, file);
      done++;
    }
    fs.rmdirSync(lock);
    await wait(Math.random() * 60);
  }
})();
`;

test.each([
  ['claude', '.claude/.credentials.json'],
  ['codex', '.codex/auth.json'],
] as const)('two containers that refresh one login of %s leave one valid file', async (type, path) => {
  const own = join(user.root, 'home', path);
  await mkdir(dirname(own), { recursive: true });
  await writeFile(own, JSON.stringify({ refresh: 1 }), { mode: 0o600 });
  await writeFile(join(user.workspace, 'refresh.js'), REFRESHER);
  const { port } = server.address() as { port: number };
  const run = (name: string, options: readonly string[] = []) =>
    user.start([
      ...['run', type, '--image', image, '--prompt', 'x', '--name', name, ...options],
      ...['-e', 'TRY=node /workspace/refresh.js', '-e', `SERVER=http://host.docker.internal:${port}`],
    ]);
  const ends = await Promise.all([run('one'), run('two', ['--read-only'])]);
  expect(ends.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(token).toBe(1 + 2 * REFRESHES);
  expect(refused).toBe(0);
  expect(JSON.parse(await readFile(own, 'utf8'))).toMatchObject({ refresh: token });
  expect((await stat(own)).mode & 0o777).toBe(0o600);
  // What the host's own agent renews meanwhile is what the next container gets.
  await writeFile(own, JSON.stringify({ refresh: ++token }));
  await run('three');
  expect(JSON.parse(await readFile(own, 'utf8'))).toMatchObject({ refresh: 2 + 3 * REFRESHES });
});

test('with --no-sync-auth each has a copy and the host keeps its own; without a login nothing is shared', async () => {
  const own = join(user.root, 'home', '.codex', 'auth.json');
  const args = [
    'run',
    'codex',
    '--image',
    image,
    '--prompt',
    'x',
    '-e',
    'TRY=echo {} > ~/.codex/auth.json; mount | grep -c adr-login',
  ];
  await mkdir(dirname(own), { recursive: true });
  await writeFile(join(dirname(own), 'config.toml'), '');
  expect((await user.start(args)).stdout).toBe('0');
  await writeFile(own, '{"refresh":1}');
  expect((await user.start([...args, '--no-sync-auth'])).stdout).toBe('0');
  expect(await readFile(own, 'utf8')).toBe('{"refresh":1}');
});
