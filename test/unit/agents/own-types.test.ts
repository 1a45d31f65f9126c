import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claude } from '../../../src/agents/claude/claude.ts';
import { describeAgents, initAgent } from '../../../src/commands/adr/agents.ts';
import { type AgentTypes, findAgentTypesDirectory, openAgentTypes } from '../../../src/config/agent-types.ts';
import { makeScratch } from '../../support/program.ts';

const BUILT_IN = ['pi', 'opencode', 'claude', 'codex', 'demo'];

let scratch: ReturnType<typeof makeScratch>;
let types: AgentTypes;
let directory: string;

beforeEach(() => {
  scratch = makeScratch('own-types');
  const env = { HOME: scratch.path };
  directory = findAgentTypesDirectory(env);
  types = openAgentTypes(env);
});
afterEach(() => scratch.remove());

let second = 0;
function write(path: string, content: unknown): void {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  // Two writes within one tick of the file system's clock.
  utimesSync(file, 0, ++second);
}

describe('the agent types of a user', () => {
  test('without a directory: the built-in ones', async () => {
    expect(await types.listNames()).toEqual(BUILT_IN);
    expect(await types.find('claude')).toBe(claude);
    expect(await types.find('mine')).toBeUndefined();
    expect((await types.list()).broken).toEqual([]);
  });

  test('stand behind the built-in ones', async () => {
    write('mine/agent.json', { title: 'Mine' });
    write('notes/README.md', 'no type');
    expect(await types.listNames()).toEqual([...BUILT_IN, 'mine']);
    expect((await types.find('mine'))?.title).toBe('Mine');
    expect((await types.list()).types.map(({ name }) => name)).toEqual([...BUILT_IN, 'mine']);
  });

  test('no name leads out of the directory', async () => {
    write('../evil/agent.json', {});
    for (const name of ['../evil', '.', '', 'a/b', '__proto__', 'base'])
      expect(await types.find(name), name).toBeUndefined();
  });

  test('a change is seen by whoever holds them; what breaks stays as it was for who must go on', async () => {
    write('mine/agent.json', { title: 'one' });
    expect((await types.findUsable('mine'))?.title).toBe('one');
    write('mine/agent.json', { title: 'two' });
    expect((await types.findUsable('mine'))?.title).toBe('two');
    write('mine/agent.json', '{');
    await expect(types.find('mine')).rejects.toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
    expect((await types.findUsable('mine'))?.title).toBe('two');
    write('mine/agent.json', { title: 'three' });
    expect((await types.find('mine'))?.title).toBe('three');
    rmSync(join(directory, 'mine'), { recursive: true });
    expect(await types.find('mine')).toBeUndefined();
  });

  test('signs.json changes a built-in type; a broken one is told, and the type stays', async () => {
    write('claude/signs.json', { liveLines: 3 });
    expect(await types.find('claude')).toMatchObject({ name: 'claude', signs: { liveLines: 3 } });
    write('claude/signs.json', { liveLines: 'three' });
    await expect(types.find('claude')).rejects.toThrow('claude/signs.json: liveLines is "three"');
    expect((await types.findUsable('claude'))?.signs?.liveLines).toBe(30);
    const { types: all, broken } = await types.list();
    expect(all.map(({ name }) => name)).toEqual(BUILT_IN);
    expect(broken.map(({ name }) => name)).toEqual(['claude']);
  });

  test('names that cannot be are told, and shadow nothing', async () => {
    write('claude/agent.json', { title: 'not claude' });
    write('My_Agent/agent.json', {});
    write('base/agent.json', {});
    expect((await types.find('claude'))?.title).toBe('Claude Code');
    expect(await types.listNames()).toEqual(BUILT_IN);
    expect(
      (await types.list()).broken.map(({ error }) => error.message.replace(`${directory}/`, '')),
    ).toEqual([
      'My_Agent/agent.json: "My_Agent" cannot be the name of an agent type',
      'base/agent.json: "base" cannot be the name of an agent type',
      'claude/agent.json: "claude" is a built-in agent type',
    ]);
  });
});

describe('adr agents', () => {
  test('tells where a type comes from and what it is made of', async () => {
    write('mine/agent.json', { image: { package: 'x', version: '1.0' } });
    write('mine/Dockerfile', 'FROM scratch');
    write('brief/agent.json', { extends: 'claude' });
    write('pi/signs.json', { liveLines: 3 });
    const built = { tag: 't', id: '', size: '', since: '', createdAt: '' };
    const images = ['mine', 'claude'].map((agent) => ({ agent, image: `coding-agent/${agent}`, built }));
    const told = describeAgents((await types.list()).types, images);
    const pick = (name: string) => told.find((entry) => entry.name === name);
    expect(pick('mine')).toEqual({
      name: 'mine',
      title: 'mine',
      origin: 'own',
      folder: join(directory, 'mine'),
      image: 'coding-agent/mine',
      built: ['t'],
      version: '1.0',
      reporter: false,
      signs: 'none',
    });
    expect(pick('brief')).toMatchObject({
      image: 'coding-agent/claude',
      built: ['t'],
      reporter: true,
      signs: 'built-in',
    });
    expect(pick('pi')).toMatchObject({ origin: 'built-in', built: [], signs: 'changed' });
    expect(pick('demo')).toMatchObject({ image: null });
    expect(describeAgents([claude], undefined)).toMatchObject([{ built: null }]);
  });

  test('init makes a folder that is in order, and never touches one that is there', async () => {
    expect((await initAgent(types, directory, 'mine', undefined)).files).toContain('Dockerfile');
    expect((await initAgent(types, directory, 'brief', 'claude')).files).toEqual(['agent.json', 'README.md']);
    expect((await initAgent(types, directory, 'copy', 'mine')).files).toContain('Dockerfile');
    expect(await types.list()).toMatchObject({ broken: [] });
    expect(await types.listNames()).toEqual([...BUILT_IN, 'brief', 'copy', 'mine']);
    await expect(initAgent(types, directory, 'mine', 'claude')).rejects.toMatchObject({
      code: 'NAME_CONFLICT',
    });
    write('half/README.md', 'mine');
    await expect(initAgent(types, directory, 'half', undefined)).rejects.toMatchObject({
      code: 'NAME_CONFLICT',
    });
    for (const name of ['claude', 'base', 'My_Agent', '../x'])
      await expect(initAgent(types, directory, name, undefined)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(initAgent(types, directory, 'a', 'nope')).rejects.toMatchObject({
      code: 'AGENT_TYPE_UNKNOWN',
    });
    await expect(initAgent(types, directory, 'a', 'demo')).rejects.toMatchObject({ code: 'USAGE' });
  });
});
