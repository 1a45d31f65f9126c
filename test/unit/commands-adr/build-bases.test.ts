import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildImages, chooseBuildTargets } from '../../../src/commands/adr/build.ts';
import { openAgentTypes } from '../../../src/config/agent-types.ts';
import { Engine } from '../../../src/container/engine.ts';
import { runProcess } from '../../../src/system/process.ts';

/** Writes down what it is called with; `made-here` has no registry digest, a pull of `lost` fails. */
const DOCKER = `#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in
  info*) echo '28.0 2 1000' ;;
  *RepoDigests*made-here) echo 0 ;;
  *RepoDigests*) echo 1 ;;
  'pull -- lost') exit 1 ;;
esac
`;

let home: string;
let engine: Engine;
let env: Record<string, string>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'adr-bases-'));
  await writeFile(join(home, 'docker'), DOCKER);
  await chmod(join(home, 'docker'), 0o755);
  env = { HOME: home, PATH: `${home}${delimiter}${process.env.PATH}`, LOG: join(home, 'log') };
  engine = new Engine({ program: 'docker', run: runProcess, env });
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Builds a type whose Dockerfile stands on its own; gives how it went and the pulls there were. */
async function build(dockerfile: string, pull: boolean) {
  const folder = join(home, '.config/adr/agents/mine');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'agent.json'), '{"interactive": ["{args}"]}');
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  const { types, broken } = await openAgentTypes(env).list();
  expect(broken).toEqual([]);
  const targets = chooseBuildTargets(['mine'], types);
  const results: boolean[] = [];
  for await (const { result } of buildImages(engine, {
    ...{ targets, tag: 'x', base: undefined, noCache: true, pull },
  })) {
    if (result) results.push(result.ok);
  }
  const calls = (await readFile(join(home, 'log'), 'utf8')).split('\n');
  const seen = calls
    .filter((call) => /^(pull|build)/.test(call))
    .map((call) => call.split(' ').slice(0, 3).join(' '));
  return { results, seen };
}

test("an update fetches anew what a user's own Dockerfile builds on, but for what was made here", async () => {
  expect(await build('FROM node:22 AS one\nFROM made-here\nFROM debian:12\n', true)).toEqual({
    results: [true],
    seen: ['pull -- node:22', 'pull -- debian:12', 'build --no-cache --file'],
  });
});

test('one that cannot be fetched fails the image; a plain build fetches nothing', async () => {
  expect(await build('FROM lost\n', true)).toEqual({ results: [false], seen: ['pull -- lost'] });
  await rm(join(home, 'log'));
  expect(await build('FROM lost\n', false)).toEqual({ results: [true], seen: ['build --no-cache --file'] });
});
