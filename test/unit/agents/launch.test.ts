import { describe, expect, test } from 'vitest';
import { claude } from '../../../src/agents/claude/claude.ts';
import { codex } from '../../../src/agents/codex/codex.ts';
import { opencode } from '../../../src/agents/opencode/opencode.ts';
import { pi } from '../../../src/agents/pi/pi.ts';
import { findAgentType, KNOWN_AGENT_TYPES } from '../../../src/agents/registry.ts';
import type { AgentType, LaunchRequest } from '../../../src/agents/types.ts';
import { makeRequest } from './request.ts';

const quiet = { reports: undefined } as const;

/** The command line, its variables before it, as one would type it. */
function tell(type: AgentType, changes: Partial<LaunchRequest> = {}): string {
  const { argv, env } = type.prepareLaunch(makeRequest(changes));
  return [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv].join(' ');
}

test('the registry lists the seed’s order and finds by exact name', () => {
  expect(KNOWN_AGENT_TYPES.map((type) => type.name)).toEqual(['pi', 'opencode', 'claude', 'codex', 'demo']);
  expect(findAgentType('claude')).toBe(claude);
  expect(findAgentType('Claude')).toBeUndefined();
  expect(findAgentType('mine', [{ ...pi, name: 'mine' }])?.title).toBe('pi');
});

describe('command lines', () => {
  test('interactive, in a container', () => {
    expect(tell(pi, quiet)).toMatchInlineSnapshot(`"PI_SKIP_VERSION_CHECK=1 PI_TELEMETRY=0 pi"`);
    expect(tell(opencode, quiet)).toMatchInlineSnapshot(
      `"OPENCODE_DISABLE_AUTOUPDATE=true OPENCODE_DISABLE_LSP_DOWNLOAD=true OPENCODE_CONFIG_CONTENT={"autoupdate":false} opencode --auto"`,
    );
    expect(tell(claude, quiet)).toMatchInlineSnapshot(
      `"DISABLE_AUTOUPDATER=1 claude --dangerously-skip-permissions"`,
    );
    expect(tell(codex, quiet)).toMatchInlineSnapshot(
      `"codex --no-daemon -s danger-full-access -c approval_policy="never" -c projects={"/workspace"={trust_level="trusted"}} -c check_for_update_on_startup=false"`,
    );
  });

  test('interactive, on the host: the agent asks, nothing is answered for the user', () => {
    const host = { ...quiet, place: 'host', approvals: 'ask' } as const;
    expect([pi, opencode, claude, codex].map((type) => tell(type, host))).toEqual([
      'pi',
      'opencode',
      'claude',
      'codex --no-daemon',
    ]);
    for (const type of [pi, opencode, claude, codex])
      expect(type.prepareLaunch(makeRequest(host))).toMatchObject({ config: [], assets: [], env: {} });
  });

  test('headless: the prompt goes by stdin, never into argv', () => {
    const headless = { ...quiet, mode: 'headless', prompt: '--help; "rm"' } as const;
    expect(tell(pi, headless)).toMatchInlineSnapshot(`"PI_SKIP_VERSION_CHECK=1 PI_TELEMETRY=0 pi --print"`);
    expect(tell(opencode, headless)).toMatchInlineSnapshot(
      `"OPENCODE_DISABLE_AUTOUPDATE=true OPENCODE_DISABLE_LSP_DOWNLOAD=true OPENCODE_CONFIG_CONTENT={"autoupdate":false} opencode run --auto"`,
    );
    expect(tell(claude, headless)).toMatchInlineSnapshot(
      `"DISABLE_AUTOUPDATER=1 claude --print --dangerously-skip-permissions"`,
    );
    expect(tell(codex, headless)).toMatchInlineSnapshot(
      `"codex --no-daemon exec --skip-git-repo-check -s danger-full-access -c approval_policy="never" -c projects={"/workspace"={trust_level="trusted"}} -c check_for_update_on_startup=false -"`,
    );
    for (const type of [pi, opencode, claude, codex])
      expect(type.prepareLaunch(makeRequest(headless)).stdin).toBe('--help; "rm"');
  });

  test('headless with JSON', () => {
    const json = { ...quiet, place: 'host', approvals: 'ask', mode: 'headless-json', prompt: 'x' } as const;
    expect(tell(pi, json)).toBe('pi --print --mode json');
    expect(tell(opencode, json)).toBe('opencode run --format json');
    expect(tell(claude, json)).toBe('claude --print --output-format stream-json --verbose');
    expect(tell(codex, json)).toBe('codex --no-daemon exec --skip-git-repo-check --json -');
  });

  test('model and the user’s own arguments', () => {
    const own = {
      ...quiet,
      place: 'host',
      approvals: 'ask',
      model: 'evo/qwen/coder',
      args: ['--x', 'a b'],
    } as const;
    expect(tell(pi, own)).toBe('pi --provider evo --model qwen/coder --x a b');
    expect(tell(pi, { ...own, model: 'sonnet' })).toBe('pi --model sonnet --x a b');
    expect(tell(pi, { ...own, model: '/x' })).toBe('pi --model /x --x a b');
    expect(tell(opencode, own)).toBe('opencode --model evo/qwen/coder --x a b');
    expect(tell(claude, own)).toBe('claude --model evo/qwen/coder --x a b');
    expect(tell(codex, own)).toBe('codex --no-daemon -m evo/qwen/coder --x a b');
    expect(tell(codex, { ...own, mode: 'headless', args: ['resume', '--last'] })).toBe(
      'codex --no-daemon exec --skip-git-repo-check -m evo/qwen/coder resume --last -',
    );
  });

  test('claude as root is told that it is confined, in a container only', () => {
    expect(claude.prepareLaunch(makeRequest({ uid: 0 })).env.IS_SANDBOX).toBe('1');
    expect(claude.prepareLaunch(makeRequest({ uid: 0, place: 'host' })).env.IS_SANDBOX).toBeUndefined();
  });

  test('codex trusts a workspace with any name', () => {
    expect(tell(codex, { ...quiet, workspace: '/a "b"' })).toContain(
      'projects={"/a \\"b\\""={trust_level="trusted"}}',
    );
  });
});

describe('reporters', () => {
  test('come by flag, option or environment, with the place of the reports', () => {
    for (const type of [pi, opencode, claude, codex])
      expect(type.prepareLaunch(makeRequest()).env.ADR_REPORTS).toBe('/run/adr');
    expect(tell(pi)).toContain('pi -e /run/adr/assets/pi-reporter.ts');
    expect(tell(claude)).toContain('--settings /run/adr/assets/claude-reporter/hooks/hooks.json');
    expect(tell(codex)).toContain('-c hooks.Stop=[{hooks=[{type="command",command="exec sh -c ');
    expect(tell(codex)).not.toContain('bypass');
  });

  test('claude: beside a --settings of the user they come as a plugin', () => {
    for (const args of [['--settings', 'own.json'], ['--settings={"model":"haiku"}']]) {
      const { argv } = claude.prepareLaunch(makeRequest({ args }));
      expect(argv.join(' ')).toContain('--plugin-dir /run/adr/assets/claude-reporter');
      expect(argv.filter((arg) => arg.startsWith('--settings'))).toHaveLength(1);
    }
  });

  test('opencode: merged into the user’s own OPENCODE_CONFIG_CONTENT', () => {
    const merge = (text: string, changes: Partial<LaunchRequest> = {}) =>
      opencode.prepareLaunch(makeRequest({ ...changes, env: { OPENCODE_CONFIG_CONTENT: text } })).env
        .OPENCODE_CONFIG_CONTENT;
    expect(JSON.parse(merge('{"plugin":["mine"],"model":"a/b"}', { assets: '/a b' }) ?? '')).toEqual({
      model: 'a/b',
      autoupdate: false,
      plugin: ['mine', 'file:///a%20b/opencode-reporter.js'],
    });
    expect(merge('{"model":"a/b"}', { place: 'host', reports: undefined })).toBeUndefined();
    expect(() => merge('{ // mine\n}')).toThrow(/OPENCODE_CONFIG_CONTENT is not plain JSON/);
  });
});

test('opencode fetches nothing to start, unless code of the user’s own may want it', () => {
  const list = (...configPaths: readonly string[]) =>
    opencode.prepareLaunch(makeRequest({ configPaths })).config.map(({ path }) => path.slice(17));
  const declared = ['package-lock.json', 'node_modules/.keep'];
  expect(list()).toEqual(declared);
  expect(list('.config/opencode/opencode.json', '.config/opencode/agent/a.md')).toEqual(declared);
  for (const own of ['plugin/x.ts', 'plugins/x.js', 'tool/x.ts', 'tools/x/y.ts', 'package.json']) {
    expect(list(`.config/opencode/${own}`)).toEqual([]);
  }
  expect(opencode.prepareLaunch(makeRequest({ place: 'host' })).config).toEqual([]);
});

test.each([
  ['claude', 'claude --resume ID --dangerously-skip-permissions -- x', undefined],
  ['codex', 'codex --no-daemon resume -s danger-full-access', 'ID -- x'],
  ['opencode', 'opencode --auto --session ID -- x', undefined],
  ['pi', 'pi --session ID -- x', undefined],
  ['demo', 'adr-demo-agent --approvals never --resume ID -- x', undefined],
])('%s goes on with a conversation', (name, begins, ends) => {
  const request = makeRequest({ ...quiet, conversation: 'ID', transcripts: '/kept', args: ['--', 'x'] });
  const launch = findAgentType(name)?.prepareLaunch(request);
  const words = launch?.argv.join(' ') ?? '';
  expect(words.startsWith(begins)).toBe(true);
  expect(words.endsWith(ends ?? '-- x')).toBe(true);
  expect(launch?.env.OPENCODE_DB).toBe(name === 'opencode' ? '/kept/opencode.db' : undefined);
});
