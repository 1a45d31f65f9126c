import { describe, expect, test } from 'vitest';
import { readScreen } from '../../../src/activity/read-screen.ts';
import { claude } from '../../../src/agents/claude/claude.ts';
import { buildOwnType, type OwnFiles, overrideSigns } from '../../../src/agents/own/own-type.ts';
import { writePlainStart, writeVariantStart } from '../../../src/agents/own/start-files.ts';
import { findAgentType, KNOWN_AGENT_TYPES } from '../../../src/agents/registry.ts';
import type { AgentType, LaunchRequest } from '../../../src/agents/types.ts';
import { AdrError } from '../../../src/errors.ts';

const FOLDER = '/home/ann/.config/adr/agents/mine';

function build(agent: unknown, files: Partial<OwnFiles> = {}): AgentType {
  const text = typeof agent === 'string' ? agent : JSON.stringify(agent);
  const none = { signs: undefined, dockerfile: undefined, entrypoint: undefined };
  return buildOwnType('mine', { folder: FOLDER, agent: text, ...none, ...files }, KNOWN_AGENT_TYPES);
}

function request(changes: Partial<LaunchRequest> = {}): LaunchRequest {
  return {
    place: 'container',
    mode: 'interactive',
    approvals: 'never',
    args: [],
    workspace: '/workspace',
    home: '/home/node',
    uid: 1000,
    assets: '/opt/adr',
    reports: '/run/adr',
    env: {},
    config: new Map(),
    ...changes,
  };
}

function fail(agent: unknown, files: Partial<OwnFiles> = {}): string {
  try {
    build(agent, files);
  } catch (error) {
    if (!(error instanceof AdrError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    return `${error.message}\n${error.hint ?? ''}`.replaceAll(`${FOLDER}/`, '');
  }
  throw new Error('nothing was wrong');
}

const gemini = {
  '//': 'a comment',
  title: 'Mine',
  command: 'mine-cli',
  image: { package: '@mine/cli', version: '1.2.3' },
  config: ['.mine/settings.json', '.mine/commands/', { path: '.mine/key', required: true, maxMegabytes: 3 }],
  env: ['MINE_KEY'],
  setEnv: { MINE_UPDATES: 'off' },
  interactive: ['{container}', '{approvals}', ['--model', '{model}'], '{args}'],
  headless: ['{container}', '{approvals}', '--model={model}', '{args}'],
  json: ['--format', 'json', '{container}', '{approvals}', '{args}', ['--', '{prompt}']],
  approvals: { never: ['--yolo'], ask: ['--careful'] },
  container: ['--skip-trust'],
};

describe('agent.json', () => {
  test('becomes an agent type', () => {
    const type = build(gemini, { dockerfile: 'ARG BASE_IMAGE\nFROM $BASE_IMAGE\n' });
    expect(type).toMatchObject({
      name: 'mine',
      title: 'Mine',
      binary: 'mine-cli',
      runs: 'anywhere',
      npm: { name: '@mine/cli', version: '1.2.3' },
      config: [
        { path: '.mine/settings.json', kind: 'file', maxBytes: 1_000_000 },
        { path: '.mine/commands', kind: 'directory', maxBytes: 20_000_000 },
        { path: '.mine/key', kind: 'file', maxBytes: 3_000_000, required: true },
      ],
      forwardEnv: ['MINE_KEY'],
      whileRunning: 'queues',
      hasReporter: false,
      signs: undefined,
      own: { folder: FOLDER, dockerfile: { usesBase: true }, imageOf: undefined, entrypoint: false },
    });
  });

  test('may be nearly empty', () => {
    const type = build({});
    expect(type).toMatchObject({ title: 'mine', binary: 'mine', runs: 'anywhere' });
    expect(type.prepareLaunch(request({ args: ['-x'] })).argv).toEqual(['mine', '-x']);
  });

  test('says "none": it runs on the host only', () => {
    expect(build({ image: 'none' }).runs).toBe('host-only');
  });

  test.each<[string, unknown, string]>([
    ['no JSON', '{"title": }', 'agent.json is not JSON: '],
    ['no object', '[]', 'agent.json must be an object, not a list'],
    ['an unknown key', { tittle: 'x' }, 'agent.json: tittle is no known key\nknown: name, title, '],
    ['another name', { name: 'other' }, 'agent.json: name is "other"\nit is its folder\'s name: "mine"'],
    ['a number', { title: 3 }, 'agent.json: title must be a text, not 3'],
    [
      'a shell string',
      { interactive: '--yolo {args}' },
      'agent.json: interactive must be a list, not "--yolo',
    ],
    ['no {args}', { interactive: ['--yolo'] }, 'agent.json: interactive misses "{args}"'],
    [
      'an unknown placeholder',
      { headless: ['{text}', '{args}'] },
      'agent.json: headless[0] holds an unknown placeholder "{text}"\nknown: {prompt} {promptFile} ',
    ],
    [
      'a lone model',
      { headless: ['--model', '{model}', '{args}'] },
      'agent.json: headless[1]: "{model}" may have no value\nwrite ["--option", "{model}"]',
    ],
    [
      'words inside a word',
      { headless: ['--x={args}', '{args}'] },
      'agent.json: headless[0]: "{args}" stands for any number',
    ],
    [
      'a prompt where there is none',
      { interactive: ['{prompt}', '{args}'] },
      'agent.json: interactive: "{prompt}" has no value here',
    ],
    [
      'approvals that go nowhere',
      { approvals: { never: ['-y'] }, interactive: ['{args}'] },
      'agent.json: interactive misses "{approvals}"',
    ],
    [
      'container words that go nowhere',
      { container: ['-y'], headless: ['{args}'] },
      'agent.json: headless misses "{container}"',
    ],
    [
      'a wrong choice',
      { whileRunning: 'waits' },
      'agent.json: whileRunning is "waits"\none of: "queues", "steers"',
    ],
    ['an image name', { image: 'rust:1' }, 'agent.json: image is "rust:1"\nwrite "none", or {"package"'],
    ['an image without package', { image: {} }, 'agent.json: image.package is missing'],
    [
      'a version that is an option',
      { image: { package: 'x', version: '--x' } },
      'agent.json: image.version is "--x"',
    ],
    ['all of HOME', { config: ['.'] }, 'agent.json: config[0] is "."\nwrite a path below HOME'],
    ['a way out', { config: [{ path: '../x' }] }, 'agent.json: config[0].path is "../x"'],
    ['an absolute path', { config: ['/etc/passwd'] }, 'agent.json: config[0] is "/etc/passwd"'],
    [
      'a size of nothing',
      { config: [{ path: 'x', maxMegabytes: 0 }] },
      'agent.json: config[0].maxMegabytes is 0',
    ],
    ['a variable with a value', { env: ['A=b'] }, 'agent.json: env[0] is "A=b"\nwrite names only'],
    ['a variable that is none', { setEnv: { 'A B': 'x' } }, 'agent.json: setEnv.A B is not the name'],
    [
      'an unknown base',
      { extends: 'demo' },
      'agent.json: extends is "demo"\none of: "pi", "opencode", "claude", "codex"',
    ],
    [
      'a command line beside a base',
      { extends: 'pi', headless: ['{args}'] },
      'agent.json: headless cannot stand beside "extends"',
    ],
    ['arguments without a base', { arguments: ['x'] }, 'agent.json: arguments belongs to "extends"'],
    ['signs without composer', { signs: { busy: [] } }, 'agent.json: signs.composer is missing'],
    [
      'signs without top',
      { signs: { composer: { bottom: '^$' } } },
      'agent.json: signs.composer.top is missing',
    ],
    [
      'a broken pattern',
      { signs: { composer: { top: '(', bottom: '^$' } } },
      'agent.json: signs.composer.top is no regular expression (flags m and u): Unterminated group',
    ],
    [
      'a pattern for nothing',
      { signs: { composer: { top: 'x', bottom: 'x' }, busy: [{ pattern: 'x*' }] } },
      'agent.json: signs.busy[0].pattern matches an empty text',
    ],
    [
      'a dialog of no kind',
      { signs: { composer: { top: 'x', bottom: 'x' }, dialogs: [{ pattern: 'x' }] } },
      'agent.json: signs.dialogs[0].kind is missing\none of: approval, trust, login, plan, choice, text',
    ],
  ])('%s: file, field and what would be right', (_, agent, message) => {
    expect(fail(agent)).toContain(message);
  });

  test('signs.json is named when it is wrong', () => {
    expect(fail({}, { signs: '{"bussy": []}' })).toContain(
      'signs.json: bussy is no known key\nknown: composer, busy, ',
    );
  });
});

describe('command lines by templates', () => {
  const type = build(gemini);

  test.each<[string, Partial<LaunchRequest>, readonly string[], string | undefined]>([
    ['interactive', { args: ['a b', '--x'] }, ['--skip-trust', '--yolo', 'a b', '--x'], undefined],
    ['a model', { model: 'm/1' }, ['--skip-trust', '--yolo', '--model', 'm/1'], undefined],
    ['the host', { place: 'host', approvals: 'ask' }, ['--careful'], undefined],
    ['headless', { mode: 'headless', prompt: '-p' }, ['--skip-trust', '--yolo'], '-p'],
    [
      'headless, a model',
      { mode: 'headless', prompt: 'x', model: 'm' },
      ['--skip-trust', '--yolo', '--model=m'],
      'x',
    ],
    [
      'json',
      { mode: 'headless-json', prompt: '-{model} $(x)' },
      ['--format', 'json', '--skip-trust', '--yolo', '--', '-{model} $(x)'],
      undefined,
    ],
  ])('%s', (_, changes, words, stdin) => {
    const launch = type.prepareLaunch(request(changes));
    expect(launch.argv).toEqual(['mine-cli', ...words]);
    expect(launch.stdin).toBe(stdin);
    expect(launch.env).toEqual(changes.place === 'host' ? {} : { MINE_UPDATES: 'off' });
  });

  test('what a type cannot do is an error, not ignored', () => {
    const reject = (changes: Partial<LaunchRequest>, agent: unknown = { interactive: ['{args}'] }) => {
      expect(() => build(agent).prepareLaunch(request(changes))).toThrow(AdrError);
    };
    reject({ model: 'x' });
    reject({ mode: 'headless', prompt: 'x' });
    reject({ mode: 'headless-json', prompt: 'x' }, { headless: ['{args}'] });
    reject({ mode: 'headless-json', prompt: 'x'.repeat(131_000) }, gemini);
  });

  test('a prompt file takes a prompt of any length', () => {
    const prompt = 'x'.repeat(300_000);
    const own = build({ headless: ['-f', '{promptFile}', '{args}'] });
    const launch = own.prepareLaunch(request({ mode: 'headless', prompt }));
    expect(launch).toMatchObject({
      argv: ['mine', '-f', '/opt/adr/prompt.txt'],
      stdin: undefined,
      assets: [{ path: 'prompt.txt', content: prompt }],
    });
  });

  test('splitModel: the provider ends at the first slash', () => {
    const own = build({ splitModel: true, interactive: [['-p', '{provider}'], ['-m', '{model}'], '{args}'] });
    expect(own.prepareLaunch(request({ model: 'a/b/c' })).argv).toEqual(['mine', '-p', 'a', '-m', 'b/c']);
    expect(own.prepareLaunch(request({ model: 'b' })).argv).toEqual(['mine', '-m', 'b']);
  });
});

describe('an entrypoint', () => {
  const script = 'exec mine "$AGENT_PROMPT_FILE" "$@"';

  test('is told by variables, in containers', () => {
    const type = build({ splitModel: true, configHome: '.mine/' }, { entrypoint: script });
    expect(type.own).toMatchObject({ entrypoint: true, configHome: '.mine' });
    const asked = request({ mode: 'headless', prompt: '-x', model: 'a/b', args: ['--y'] });
    expect(type.prepareLaunch(asked)).toEqual({
      argv: ['--y'],
      env: {
        AGENT_HEADLESS: '1',
        AGENT_PROMPT: '-x',
        AGENT_PROMPT_FILE: '/opt/adr/prompt.txt',
        AGENT_PROVIDER: 'a',
        AGENT_MODEL: 'b',
        AGENT_APPROVALS: 'never',
      },
      stdin: undefined,
      assets: [{ path: 'prompt.txt', content: '-x' }],
      config: [],
    });
    expect(type.prepareLaunch(request()).env).toEqual({ AGENT_APPROVALS: 'never' });
    expect(type.prepareLaunch(request({ place: 'host' })).argv).toEqual(['mine']);
  });

  test('gets a long prompt only as a file, and only when it knows of it', () => {
    const asked = request({ mode: 'headless', prompt: 'é'.repeat(70_000) });
    const launch = build({}, { entrypoint: script }).prepareLaunch(asked);
    expect(launch.env).not.toHaveProperty('AGENT_PROMPT');
    expect(launch.env.AGENT_PROMPT_FILE).toBe('/opt/adr/prompt.txt');
    expect(() => build({}, { entrypoint: 'exec mine "$AGENT_PROMPT"' }).prepareLaunch(asked)).toThrow(
      "this agent's entrypoint.sh does not know AGENT_PROMPT_FILE",
    );
  });
});

describe('a variant of a built-in type', () => {
  const agent = {
    extends: 'claude',
    arguments: ['--append-system-prompt', 'Be brief.'],
    config: ['...', '.claude/plugins/'],
    env: ['MINE'],
    setEnv: { IS_DEMO: '1' },
  };

  test('does what that one does, and what it says itself', () => {
    const type = build(agent);
    expect(type).toMatchObject({
      hasReporter: true,
      npm: claude.npm,
      forwardEnv: ['MINE'],
      signs: claude.signs,
    });
    expect(type.own?.imageOf).toBe('claude');
    expect(type.config).toEqual([
      ...claude.config,
      { path: '.claude/plugins', kind: 'directory', maxBytes: 20_000_000 },
    ]);
    const launch = type.prepareLaunch(request({ args: ['--x'] }));
    expect(launch.argv.slice(-3)).toEqual(['--append-system-prompt', 'Be brief.', '--x']);
    expect(launch.argv).toContain('--settings');
    expect(launch.env).toMatchObject({ IS_DEMO: '1', DISABLE_AUTOUPDATER: '1' });
  });

  test('has an image of its own when it has a Dockerfile', () => {
    const { own, npm } = build({ extends: 'pi', image: { version: '0.74.0' } }, { dockerfile: 'FROM x' });
    expect(own).toMatchObject({ imageOf: undefined, dockerfile: { usesBase: false } });
    expect(npm).toEqual({ name: '@mariozechner/pi-coding-agent', version: '0.74.0' });
  });
});

describe('signs', () => {
  test('of an own type need only the composer', () => {
    const signs = {
      composer: { top: '^---$', bottom: '^---$', lead: '^> ?' },
      busy: [{ pattern: '^Working' }],
    };
    const type = build({ signs });
    if (!type.signs) throw new Error('no signs');
    expect(readScreen(type.signs, 'Working\n---\n> hello\n---\n', '')).toMatchObject({
      composer: { text: 'hello', mode: 'prompt' },
      busy: 'model',
    });
  });

  test('over a built-in type: fields replace, "..." keeps, the rest stays', () => {
    const busy = { pattern: '^Brewing', says: 'model', at: 'above' };
    const text = JSON.stringify({
      busy: ['...', busy],
      composer: { placeholders: ['^Hi$'] },
      titles: { idle: '^x' },
    });
    const changed = overrideSigns(claude, text, 'signs.json');
    expect(changed.signs).toEqual({
      ...claude.signs,
      busy: [...(claude.signs?.busy ?? []), busy],
      composer: { ...claude.signs?.composer, placeholders: ['^Hi$'] },
      titles: { ...claude.signs?.titles, idle: '^x' },
    });
    expect(changed.prepareLaunch).toBe(claude.prepareLaunch);
  });
});

describe('starts', () => {
  test('a new one is in order as it is', () => {
    const files = writePlainStart('mine');
    expect(files.map(({ name }) => name)).toEqual(['agent.json', 'Dockerfile', 'README.md']);
    const [agent, dockerfile] = files;
    const type = build(agent?.content ?? '', { dockerfile: dockerfile?.content });
    expect(type.own?.dockerfile).toEqual({ usesBase: true });
    expect(type.prepareLaunch(request({ mode: 'headless', prompt: 'x' })).argv).toEqual(['mine', '--print']);
  });

  test.each(['pi', 'opencode', 'claude', 'codex'])('so is a variant of %s', (name) => {
    const base = findAgentType(name);
    if (!base) throw new Error(name);
    const type = build(writeVariantStart('mine', base)[0]?.content ?? '');
    expect(type).toMatchObject({ hasReporter: true, config: base.config, forwardEnv: base.forwardEnv });
    expect(type.prepareLaunch(request()).argv).toEqual(base.prepareLaunch(request()).argv);
  });
});
