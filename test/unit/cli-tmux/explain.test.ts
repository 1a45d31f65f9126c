import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as readStream } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { ADR_TMUX } from '../../../src/cli/tmux/definition.ts';
import { makeScratch, ROOT } from '../../support/program.ts';

const RECORDINGS = join(ROOT, 'fixtures/screens');
let scratch: ReturnType<typeof makeScratch>;

beforeEach(() => {
  scratch = makeScratch('explain');
});
afterEach(() => scratch.remove());

/** The program in this very process; its PATH is empty, so there is no tmux. */
async function explain(args: readonly string[], input = '') {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const argv = ['explain', ...args];
  const env = { HOME: scratch.path, PATH: '' };
  const code = await runProgram({ ...ADR_TMUX, version: '1', argv, env, stdin, stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, stdout: await readStream(stdout), stderr: await readStream(stderr) };
}

const lines = (stdout: string): readonly Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

function writeSigns(type: string, signs: unknown): string {
  const path = join(scratch.path, '.config/adr/agents', type, 'signs.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof signs === 'string' ? signs : JSON.stringify(signs));
  return path;
}

function record(frames: readonly string[], more: object = {}): string {
  const path = join(scratch.path, 'recording.json');
  const list = frames.map((screen, index) => ({ t: index * 3, title: '', dead: false, exit: null, screen }));
  writeFileSync(path, JSON.stringify({ agent: 'claude', size: '80x24', frames: list, ...more }));
  return path;
}

describe('explain --replay', () => {
  test('prints one object a frame, of these five keys, and needs no tmux', async () => {
    const file = join(RECORDINGS, 'claude/approve-80x24.json');
    const { frames } = JSON.parse(readFileSync(file, 'utf8')) as { frames: readonly { t: number }[] };
    const { code, stdout, stderr } = await explain(['--replay', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const verdicts = lines(stdout);
    expect(verdicts.map(({ t }) => t)).toEqual(frames.map(({ t }) => t));
    expect(Object.keys(verdicts[0] ?? {})).toEqual(['t', 'state', 'reason', 'rule', 'evidence']);
    expect(verdicts.at(-1)).toMatchObject({ state: 'WAITING', rule: 'dialog' });
  });

  test('reads standard input, and takes another type than the recording names', async () => {
    const screens = readFileSync(join(RECORDINGS, 'pi/idle-120x40.json'), 'utf8').replace(
      '"pi"',
      '"unheard-of"',
    );
    const unknown = await explain(['--replay', '-'], screens);
    expect(lines(unknown.stdout).at(-1)).toMatchObject({ state: 'STALLED', rule: 'unchanged' });
    expect(unknown.stderr).toContain('no agent type "unheard-of"');
    const known = await explain(['--replay', '-', '--type', 'pi'], screens);
    expect(lines(known.stdout).at(-1)).toMatchObject({ state: 'IDLE', rule: 'composer' });
  });

  test('counts reports beside the screens', async () => {
    const reports = [
      { kind: 'prompt', text: 'go', at: -2000 },
      { kind: 'tool', name: 'Bash', input: 'sleep 9', at: 2500 },
    ];
    const { stdout } = await explain(['--replay', record(['a', 'b'], { reports })]);
    expect(lines(stdout)).toMatchObject([
      { state: 'RUNNING', reason: 'model', rule: 'busy-reported' },
      { state: 'RUNNING', reason: 'Bash: sleep 9' },
    ]);
  });

  test.each([
    [['--replay', 'gone.json'], 'no file "gone.json"'],
    [['--replay', '/'], 'cannot read "/"'],
    [['--replay', 'a', '--record', 'b'], '--replay and --record were given'],
    [['s', '--replay', 'a'], 'a session ("s") and --replay were given'],
    [['s', '--type', 'pi'], '--type goes with --replay'],
    [['s', '--for', '3s'], '--for goes with --record'],
    [[], 'no session was named'],
  ])('%j: a mistake in the command line', async (args, message) => {
    const { code, stderr } = await explain(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('a damaged file: its place, no stack, 2', async () => {
    const { code, stdout, stderr } = await explain(['--replay', '-'], '{"frames":[{"t":0,"screen":null}]}');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error: "standard input" is no recording: frames\[0\]\.screen: must be a text, not null\n {2}/,
    );
    expect(stderr).not.toContain('    at ');
  });
});

describe('signs of the user’s own', () => {
  const drifted = ['\n● Hi\n\n~ Pondering… ~', '\n● Hi\n\n~ Pondering… ~', '\n● Hi\n\n~ Pondering… ~'].map(
    (top) => `${top}\n\n${'─'.repeat(60)}\n❯ \n${'─'.repeat(60)}\n  ? for shortcuts`,
  );

  test('turn a wrong verdict into a right one', async () => {
    const file = record(drifted);
    expect(lines((await explain(['--replay', file])).stdout).at(-1)).toMatchObject({ state: 'IDLE' });
    writeSigns('claude', { busy: ['...', { pattern: '^~ \\S+… ~$', says: 'model', at: 'above' }] });
    expect(lines((await explain(['--replay', file])).stdout).at(-1)).toMatchObject({
      state: 'RUNNING',
      rule: 'busy-sign',
      evidence: '~ Pondering… ~',
    });
  });

  test('that cannot be read do not count, and it is told', async () => {
    const path = writeSigns('claude', { busy: [{ pattern: '(' }] });
    const { code, stdout, stderr } = await explain(['--replay', record(drifted)]);
    expect(code).toBe(0);
    expect(lines(stdout)).toHaveLength(3);
    expect(stderr).toContain(`warning: ${path}: busy[0].pattern is no regular expression`);
  });

  test.each(['^(a+)+b$', '(?:\\s*x?\\s*)*\\$$', '^(?:.*─)*!$', '(\\w+\\s?)+:$'])(
    '%s takes for ever: refused',
    async (pattern) => {
      const path = writeSigns('claude', { errors: [{ pattern }] });
      const { stderr } = await explain(['--replay', record(drifted)]);
      expect(stderr).toContain(`warning: ${path}: errors[0] takes too long on a large screen: ${pattern}`);
    },
  );

  test('that no check finds slow do not hold it for ever on the screen that makes them', async () => {
    writeSigns('claude', { busy: [{ pattern: '^(?:(?:qu|q|u)+)+;$', says: 'model' }] });
    const screen = `${'qu'.repeat(60)}\n${drifted[0]}`;
    const { code, stderr } = await explain(['--replay', record([screen])]);
    expect(`${code} ${stderr}`).toMatch(/take too long|takes too long/);
  });

  test('are printed as a file that may be taken back in', async () => {
    const path = writeSigns('codex', { liveLines: 99, errors: ['...', { pattern: '^BOOM$' }] });
    const { stdout } = await explain(['--signs', 'codex']);
    const printed = JSON.parse(stdout) as Record<string, unknown>;
    expect(printed).toMatchObject({ liveLines: 99 });
    expect(printed['//']).toContain('from ~/.config/adr/agents/codex/signs.json: errors[1]');
    writeFileSync(path, stdout);
    const again = JSON.parse((await explain(['--signs', 'codex'])).stdout) as Record<string, unknown>;
    expect({ ...again, '//': '' }).toEqual({ ...printed, '//': '' });
    rmSync(path);
    expect((await explain(['--signs', 'codex'])).stdout).toContain('the built-in signs of codex');
    expect(await explain(['--signs', 'nobody'])).toMatchObject({ code: 3 });
  });
});
