import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KNOWN_AGENT_TYPES } from '../../../src/agents/registry.ts';
import { formatFindings } from '../../../src/cli/adr/doctor.ts';
import { type DoctorTools, examine, type Finding, isWrong } from '../../../src/commands/adr/doctor.ts';
import { describeLogin } from '../../../src/commands/adr/doctor-agents.ts';
import { describeImage, describeOld } from '../../../src/commands/adr/doctor-engine.ts';
import { checkLocale } from '../../../src/commands/adr/doctor-host.ts';
import type { RunSummary } from '../../../src/container/runs.ts';
import type { RunProcess } from '../../../src/system/process.ts';
import { TmuxClient } from '../../../src/tmux/client.ts';
import { makeScratch } from '../../support/program.ts';
import { type Answer, scriptEngine } from '../support/script-engine.ts';

const missing = { exitCode: null, signal: null, stdout: '', stderr: '', failure: 'not-found' } as const;

async function look(
  home: string,
  answers: { readonly engine?: Answer; readonly tmux?: string; readonly env?: DoctorTools['env'] },
): Promise<readonly Finding[]> {
  const env = { HOME: home, PATH: home, LANG: 'C.UTF-8', ...answers.env };
  const run: RunProcess = async (_file, args) => {
    if (answers.tmux === undefined) return missing;
    const ok = args.includes('-V');
    const stderr = ok ? '' : 'no server running on /tmp/x';
    return { ...missing, failure: 'none', exitCode: ok ? 0 : 1, stdout: ok ? answers.tmux : '', stderr };
  };
  const { engine } = scriptEngine((args) => {
    if (answers.engine) return answers.engine;
    if (args[0] === 'info') return '24.0.1 8 1048576000';
    return '';
  });
  return examine({
    env,
    run,
    engine,
    tmux: new TmuxClient({ run, env }),
    types: KNOWN_AGENT_TYPES,
    version: '1.0.0',
    terminal: undefined,
  });
}

describe('a host', () => {
  test('with nothing on it: what is missing, each with its fix', async () => {
    const scratch = makeScratch('doctor');
    const findings = await look(scratch.path, { engine: { exitCode: null, failure: 'not-found' } });
    expect(findings.filter(isWrong).map(({ area, level, fix }) => [area, level, Boolean(fix)])).toEqual([
      ['adr', 'warning', true],
      ['adr', 'warning', true],
      ['tmux', 'error', true],
      ['engine', 'error', true],
    ]);
    scratch.remove();
  });

  test('without an engine on purpose', async () => {
    const scratch = makeScratch('doctor');
    const engine = { exitCode: null, failure: 'not-found' } as const;
    const findings = await look(scratch.path, { engine, env: { ADR_ENGINE: 'host' } });
    expect(findings.find(({ area }) => area === 'engine')?.level).toBe('note');
    scratch.remove();
  });

  test('tells of files by name, of their content nothing', async () => {
    const scratch = makeScratch('doctor');
    const secret = 'sk-do-not-show-me';
    for (const [folder, file] of [
      ['.codex', 'auth.json'],
      ['.claude', 'settings.json'],
    ] as const) {
      mkdirSync(join(scratch.path, folder));
      writeFileSync(join(scratch.path, folder, file), `{"k":"${secret}","disableAllHooks":true}`);
      chmodSync(join(scratch.path, folder, file), 0o644);
    }
    const env = { ANTHROPIC_API_KEY: secret };
    const findings = await look(scratch.path, { tmux: 'tmux 3.4\n', env });
    const messages = findings.map(({ message }) => message);
    expect(JSON.stringify(findings)).not.toContain(secret);
    expect(messages).toContain('codex: credentials in ~/.codex/auth.json');
    expect(messages).toContain('codex: others can read ~/.codex/auth.json');
    expect(messages).toContain('claude: credentials in ANTHROPIC_API_KEY');
    expect(messages.join('\n')).toContain('claude: hooks are off in ~/.claude/settings.json');
    expect(messages.join('\n')).not.toContain('codex: hooks');
    const config = join(scratch.path, '.codex/config.toml');
    for (const off of ['[features]\nweb = true\nhooks = false', 'features.hooks = false'])
      expect(await readHooksOff(off), off).toBe(true);
    for (const on of [
      '[features]\nhooks = true',
      '[features]\n[mcp]\nhooks = false',
      '# features.hooks = false',
    ])
      expect(await readHooksOff(on), on).toBe(false);
    async function readHooksOff(text: string): Promise<boolean> {
      writeFileSync(config, text);
      const found = await look(scratch.path, { tmux: 'tmux 3.4\n' });
      return found.some(({ message }) => message.startsWith('codex: hooks are off in ~/.codex/config.toml'));
    }
    scratch.remove();
  });

  test('with an old tmux', async () => {
    const scratch = makeScratch('doctor');
    const findings = await look(scratch.path, { tmux: 'tmux 3.1c\n' });
    expect(findings.find(({ area }) => area === 'tmux')).toMatchObject({ level: 'error' });
    scratch.remove();
  });
});

test('the locale that counts', () => {
  expect(checkLocale({ LANG: 'en_US.utf8' }).level).toBe('ok');
  expect(checkLocale({ LC_ALL: 'C', LANG: 'en_US.UTF-8' }).level).toBe('warning');
  expect(checkLocale({}).message).toContain('LANG is not set');
});

test('an image is of the version adr knows, or the one that was chosen', () => {
  const level = (version: string | undefined, chosen?: string) =>
    describeImage('i', { type: 'pi', known: '1.0.0', version, chosen, isCurrent: true }).level;
  expect([level('1.0.0'), level(undefined), level('0.9.0'), level('0.9.0', '0.9.0')]).toEqual([
    ...['ok', 'ok', 'warning', 'note'],
  ]);
});

test('an image that other Dockerfiles made is worth knowing', () => {
  const facts = { type: 'pi', known: '1.0.0', version: '1.0.0', chosen: undefined, isCurrent: false };
  expect(describeImage('i', facts)).toMatchObject({ level: 'note', fix: 'adr update pi' });
});

test('runs older than a week, unless they are leftovers anyway', () => {
  const now = Date.parse('2026-03-20T00:00:00Z');
  const run = (days: number, more: Partial<RunSummary> = {}) =>
    ({
      ...{ run: 'a1', agent: 'main', session: 'refactor', orphan: false },
      createdAt: new Date(now - days * 86_400_000).toISOString(),
      ...more,
    }) as RunSummary;
  const runs = [run(6.9), run(8.5), run(30, { orphan: true }), run(9, { session: undefined, agent: 'pi' })];
  expect(describeOld(runs, now).map(({ message, level }) => [message, level])).toEqual([
    ['refactor/main (a1) has run for 8 days', 'note'],
    ['pi (a1) has run for 9 days', 'note'],
  ]);
});

test('directories of runs that never began, once no pane can still want them', async () => {
  const scratch = makeScratch('doctor');
  const runs = join(scratch.path, '.local/state/adr/runs');
  const old = Date.now() / 1000 - 7200;
  for (const name of ['0123456789ab', 'fedcba987654']) mkdirSync(join(runs, name), { recursive: true });
  utimesSync(join(runs, '0123456789ab'), old, old);
  const findings = await look(scratch.path, { tmux: 'tmux 3.4\n' });
  expect(findings.find(({ area }) => area === 'leftovers')).toEqual({
    ...{ area: 'leftovers', level: 'warning', fix: 'adr clean' },
    message: 'killed runs left behind: 1 run directory',
  });
  scratch.remove();
});

test('a login may also stand in a settings file', () => {
  const type = { name: 'pi', binary: 'pi', forwardEnv: ['X_API_KEY'] };
  expect(describeLogin(type, ['.pi/agent/models.json'], []).message).toContain('a key may stand in');
  expect(describeLogin(type, [], [])).toMatchObject({
    level: 'note',
    fix: expect.stringContaining('X_API_KEY'),
  });
});

test('findings stand by area with their fixes', () => {
  const text = formatFindings([
    { area: 'tmux', level: 'ok', message: 'tmux 3.4' },
    { area: 'engine', level: 'error', message: 'cannot reach\u001b[2J it', fix: 'start it' },
    { area: 'tmux', level: 'note', message: 'off', fix: 'on' },
  ]);
  expect(text).toMatchInlineSnapshot(`
    "tmux
      ok       tmux 3.4
      note     off
               fix: on
    engine
      error    cannot reach it
               fix: start it

    1 thing is wrong.
    "
  `);
});
