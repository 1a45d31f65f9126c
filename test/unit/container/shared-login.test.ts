import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claude } from '../../../src/agents/claude/claude.ts';
import { codex } from '../../../src/agents/codex/codex.ts';
import { pi } from '../../../src/agents/pi/pi.ts';
import { findSharedLogin, type SharedLogin, syncLogin } from '../../../src/container/shared-login.ts';
import { makeScratch } from '../../support/program.ts';

let scratch: ReturnType<typeof makeScratch>;
let env: Readonly<Record<string, string>>;

beforeEach(() => {
  scratch = makeScratch('shared-login');
  env = { HOME: join(scratch.path, 'home'), XDG_STATE_HOME: join(scratch.path, 'state') };
});
afterEach(() => scratch.remove());

const LOGINS = [
  ['claude', claude, '.claude/.credentials.json'],
  ['codex', codex, '.codex/auth.json'],
] as const;

/** Writes a file whose content is `seconds` old. */
function write(path: string, text: string, seconds: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const time = Date.now() / 1000 - seconds;
  utimesSync(path, time, time);
}
const read = (path: string) => readFileSync(path, 'utf8');

describe.each(LOGINS)('%s', (name, type, path) => {
  const own = () => join(env.HOME ?? '', path);
  const open = async (text = '{"t":1}', seconds = 100): Promise<SharedLogin> => {
    write(own(), text, seconds);
    const login = await findSharedLogin(type, env);
    if (!login) throw new Error('no login');
    return login;
  };

  test('what is mounted is never the user’s own file', async () => {
    const login = await open();
    expect(login.own).toBe(own());
    expect(login.mount.source).toContain(join(scratch.path, 'state', 'adr', 'logins', name));
    expect(login.mount.readOnly).toBe(false);
  });

  test.each([
    ['none', () => rmSync(own())],
    ['rubbish', () => writeFileSync(own(), '{"half')],
    ['no object', () => writeFileSync(own(), '"x"')],
    ['null', () => writeFileSync(own(), 'null')],
    ['too large', () => writeFileSync(own(), JSON.stringify({ t: 'x'.repeat(1_000_001) }))],
  ])('%s is no login', async (_, change) => {
    await open();
    change();
    expect(await findSharedLogin(type, env)).toBeUndefined();
  });

  test('the first one gets the user’s, readable by nobody else', async () => {
    const login = await open();
    await syncLogin(login);
    expect(read(login.shared)).toBe('{"t":1}');
    expect(statSync(login.shared).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(login.shared)).mode & 0o777).toBe(0o700);
  });

  test('the newer content wins, on either side, and stays the winner', async () => {
    const login = await open();
    await syncLogin(login);
    write(login.shared, '{"t":2}', 50);
    await syncLogin(login);
    expect(read(own())).toBe('{"t":2}');
    expect(statSync(own()).mode & 0o777).toBe(0o600);
    write(own(), '{"t":3}', 10);
    await syncLogin(login);
    await syncLogin(login);
    expect([read(own()), read(login.shared)]).toEqual(['{"t":3}', '{"t":3}']);
  });

  test('half a file, or rubbish, never reaches the user’s', async () => {
    const login = await open();
    await syncLogin(login);
    write(login.shared, '{"t":', 0);
    await syncLogin(login);
    // It may be in the middle of being written: left as it is.
    expect([read(own()), read(login.shared)]).toEqual(['{"t":1}', '{"t":']);
    write(login.shared, '{"t":', 60);
    await syncLogin(login);
    expect([read(own()), read(login.shared)]).toEqual(['{"t":1}', '{"t":1}']);
  });

  test('a login that the user ended stays ended', async () => {
    const login = await open();
    await syncLogin(login);
    write(login.shared, '{"t":2}', 0);
    rmSync(own());
    await syncLogin(login);
    expect(() => read(own())).toThrow('ENOENT');
  });

  test('what a container puts in place of the file is not followed', async () => {
    const login = await open();
    await syncLogin(login);
    const secret = join(scratch.path, 'secret');
    write(secret, '{"other":"file"}', 0);
    rmSync(login.shared);
    symlinkSync(secret, login.shared);
    await syncLogin(login).catch(() => undefined);
    expect(read(own())).toBe('{"t":1}');
    expect(read(secret)).toBe('{"other":"file"}');
  });
});

test('a type without a login to share', async () => {
  write(join(env.HOME ?? '', '.pi/agent/auth.json'), '{"t":1}', 0);
  expect(await findSharedLogin(pi, env)).toBeUndefined();
});

test('many at once leave one content on both sides', async () => {
  const own = join(env.HOME ?? '', '.codex/auth.json');
  write(own, '{"t":1}', 100);
  const login = (await findSharedLogin(codex, env)) as SharedLogin;
  await syncLogin(login);
  write(login.shared, '{"t":2}', 1);
  await Promise.all(Array.from({ length: 8 }, () => syncLogin(login)));
  expect([read(own), read(login.shared)]).toEqual(['{"t":2}', '{"t":2}']);
});
