import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Question } from '../../src/activity/types.ts';
import { pressGuarded } from '../../src/prompt/press-guarded.ts';
import { ensureBuilt, makeScratch, ROOT } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let scratch: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

/** Types of the user's own: fixture programs that ask, each in another way. */
const OWN: Readonly<Record<string, { readonly program: string; readonly signs?: object }>> = {
  asks: {
    program: `exec sh ${ROOT}/fixtures/agents/asks.sh`,
    signs: {
      composer: { top: '^never$', bottom: '^never$' },
      dialogs: [
        {
          kind: 'approval',
          pattern:
            '^Do you want to run this command\\?\\n\\n  (.+)\\n\\n❯ 1\\. Yes\\n  2\\. No(?:\\n+.*)?$(?!\\n)',
        },
      ],
      answers: { press: 'line' },
    },
  },
  menu: { program: `exec node ${ROOT}/fixtures/agents/menu.mjs` },
  shift: { program: `exec node ${ROOT}/fixtures/agents/menu.mjs shift` },
  again: {
    program: `exec node ${ROOT}/fixtures/agents/menu.mjs again`,
    signs: {
      composer: { top: '^never$', bottom: '^never$' },
      dialogs: [{ kind: 'approval', pattern: '^(Deploy to .*)\\n\\n[^]*enter select$(?!\\n)', says: '$1' }],
    },
  },
  plain: {
    program: `printf 'Install it? [y/N] '; read -r answer; echo "answered [$answer]"; exec sleep 86400`,
  },
};

beforeAll(async () => {
  await ensureBuilt();
  server = openTestServer();
  scratch = makeScratch('answer');
  const bin = join(scratch.path, 'bin');
  mkdirSync(bin);
  for (const [name, { program, signs }] of Object.entries(OWN)) {
    writeFileSync(join(bin, `ask-${name}`), `#!/bin/sh\n${program}\n`);
    chmodSync(join(bin, `ask-${name}`), 0o755);
    const folder = join(scratch.path, '.config/adr/agents', name);
    mkdirSync(folder, { recursive: true });
    const agent = { command: `ask-${name}`, image: 'none', interactive: ['{args}'], ...(signs && { signs }) };
    writeFileSync(join(folder, 'agent.json'), JSON.stringify(agent));
  }
  driver = driveSessions(scratch, server.socket, {
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    ADR_DEMO_THINK_MS: '50',
    ADR_DEMO_WORD_MS: '5',
  });
  const agents = ['demo:main', ...Object.keys(OWN).map((name) => `${name}:${name}`)];
  const specs = agents.flatMap((spec) => ['--agent', spec]);
  expect(await driver.run('start', 'ask', ...specs, '--engine', 'host', '--layout', 'windows')).toMatchObject(
    {
      code: 0,
    },
  );
  await driver.waitForState('ask', 'main', 'IDLE');
});

afterAll(async () => {
  await server.kill();
  scratch.remove();
});

interface Answered {
  readonly code: number;
  readonly outcome: string | null;
  readonly proof: string;
  readonly detail: string;
  readonly says: string | null;
  readonly question: Question | null;
  readonly next: Question | null;
}

async function answer(agent: string, ...words: readonly string[]): Promise<Answered> {
  const { code, stdout, stderr } = await driver.run('answer', 'ask', '--agent', agent, '--json', ...words);
  if (stdout === '') throw new Error(stderr);
  const { targets } = JSON.parse(stdout) as { readonly targets: readonly Answered[] };
  return { ...(targets[0] as Answered), code };
}

/** Has the demo agent ask, and gives the question as `status --json` tells it once its options are on the screen. */
async function ask(command: string): Promise<Question> {
  await driver.waitForState('ask', 'main', 'IDLE');
  await driver.run('send', 'ask', '--agent', 'main', `/ask ${command}`);
  return waitFor('the question', async () => {
    const agents = await driver.readAgents('ask');
    const question = agents.find(({ agent }) => agent === 'main')?.question as Question | undefined;
    return question?.what === command && question.options ? question : undefined;
  });
}

const capture = async (agent: string): Promise<string> => {
  const panes = await server.run('list-panes', '-a', '-F', '#{pane_id} #{@adr_agent}');
  const [pane = ''] =
    panes
      .split('\n')
      .find((line) => line.endsWith(` ${agent}`))
      ?.split(' ') ?? [];
  return server.run('capture-pane', '-p', '-t', pane);
};

describe('the question of an agent', () => {
  test('stands in status: its words, its options, what they mean', async () => {
    const question = await ask('rm -rf build');
    expect(question).toMatchObject({
      kind: 'approval',
      what: 'rm -rf build',
      options: [
        { key: '1', label: 'Yes', means: 'yes', selected: true },
        { key: '2', label: 'No', means: 'no' },
      ],
    });
    const tree = await driver.run('status', 'ask');
    expect(tree.stdout).toMatch(/main \[WAITING - rm -rf build\]\n. +1 Yes \(yes\) · 2 No \(no\)\n/);
    const dry = await answer('main', 'no', '--dry-run');
    expect(dry).toMatchObject({ code: 0, outcome: null, says: 'No', question: { id: question.id } });
    expect((await driver.waitForState('ask', 'main', 'WAITING')).question?.what).toBe('rm -rf build');
  });

  test('is answered once; then nothing is asked', async () => {
    expect(await answer('main', 'no')).toMatchObject({ code: 0, outcome: 'answered', says: 'No' });
    await driver.waitForState('ask', 'main', 'IDLE');
    expect(await capture('main')).toContain('Refused: rm -rf build');
    expect(await answer('main', 'no')).toMatchObject({ code: 5, outcome: 'no-question' });
  });

  test.each([
    ['yes', 'Allowed'],
    ['1', 'Allowed'],
    ['NO', 'Refused'],
  ])('%s: %s', async (text, noted) => {
    await ask(`make ${text}`);
    expect(await answer('main', text)).toMatchObject({ code: 0, outcome: 'answered' });
    await driver.waitForState('ask', 'main', 'IDLE');
    expect(await capture('main')).toContain(`${noted}: make ${text}`);
  });

  test('an answer that it does not offer, and one to an older question, press nothing', async () => {
    const first = await ask('make one');
    expect(await answer('main', 'always')).toMatchObject({
      code: 6,
      outcome: 'no-choice',
      detail: expect.stringContaining('it offers 1 "Yes" (yes), 2 "No" (no)'),
    });
    expect(await answer('main', 'maybe')).toMatchObject({ code: 6, outcome: 'no-choice' });
    expect(await answer('main', '--key', 'Escape', '--question', first.id ?? '')).toMatchObject({
      outcome: 'answered',
    });
    // The same words again are another question.
    const again = await ask('make one');
    expect(await answer('main', 'yes', '--question', first.id ?? '')).toMatchObject({
      code: 6,
      outcome: 'changed',
      next: { id: again.id },
    });
    expect(await answer('main', 'yes', '--question', again.id ?? '')).toMatchObject({ outcome: 'answered' });
  });

  test('of several answers at once exactly one is given', async () => {
    for (const round of [1, 2]) {
      await ask(`race ${round}`);
      const outcomes = await Promise.all(['yes', 'no', 'yes'].map((text) => answer('main', text)));
      expect(outcomes.filter(({ outcome }) => outcome === 'answered')).toHaveLength(1);
      const lost = outcomes.filter(({ outcome }) => outcome !== 'answered');
      expect(lost.map(({ outcome }) => outcome)).toEqual(['no-question', 'no-question']);
      await driver.waitForState('ask', 'main', 'IDLE');
    }
  });

  test('a small pane, scrolled back by the user', async () => {
    await server.run('resize-window', '-t', '=adr-ask:', '-x', '40', '-y', '12');
    await ask('find . -name "*.tmp" -print -exec rm -rf {} + ; echo and more than fits');
    await server.run('copy-mode', '-t', '=adr-ask:');
    expect(await answer('main', 'yes')).toMatchObject({ code: 0, outcome: 'answered' });
    await server.run('resize-window', '-t', '=adr-ask:', '-x', '110', '-y', '33');
  });

  test('the history tells who was answered what', async () => {
    const { stdout } = await driver.run('events', 'ask', '--agent', 'main');
    const answers = stdout.split('\n').filter((line) => line.includes('"kind":"answer"'));
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({ agent: 'main', outcome: 'answered', text: 'No' });
  });

  test.each([
    [['yes', '--key', 'y'], 'an answer and --key were given'],
    [[], 'no answer was given'],
    [['--key', 'ja'], '"ja" is no key'],
  ])('usage: %j', async (words, message) => {
    const { code, stderr } = await driver.run('answer', 'ask', '--agent', 'main', ...words);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe("types of the user's own", () => {
  test('a numbered question that is read line by line', async () => {
    const asked = await driver.waitForState('ask', 'asks', 'WAITING');
    expect(asked.question).toMatchObject({ what: 'rm -rf build', options: [{ key: '1' }, { key: '2' }] });
    expect(await answer('asks', 'no')).toMatchObject({ outcome: 'answered', proof: 'screen' });
    expect(await capture('asks')).toContain('answered [2]');
  });

  test('without signs: a menu behind a marker, and a lone [y/N]', async () => {
    expect(await answer('menu', 'no')).toMatchObject({ outcome: 'answered', says: 'No' });
    expect(await capture('menu')).toContain('answered [No]');
    expect(await answer('plain', 'yes')).toMatchObject({ outcome: 'answered', says: 'y' });
    expect(await capture('plain')).toContain('answered [y]');
  });

  test('a question of the same words that nobody reported is another one', async () => {
    const first = (await driver.waitForState('ask', 'again', 'WAITING')).question as Question;
    expect(await answer('again', 'yes', '--question', first.id ?? '')).toMatchObject({ outcome: 'answered' });
    const next = await waitFor('the same words again', async () => {
      const { question } = await driver.waitForState('ask', 'again', 'WAITING');
      return (question as Question).id === first.id ? undefined : (question as Question);
    });
    expect(next).toMatchObject({ what: first.what, title: first.title });
    expect(await answer('again', 'yes', '--question', first.id ?? '')).toMatchObject({
      code: 6,
      outcome: 'changed',
      next: { id: next.id },
    });
    expect(await answer('again', 'no', '--question', next.id ?? '')).toMatchObject({ outcome: 'answered' });
  });

  test('a question that changes between the look and the key is not answered', async () => {
    expect(await answer('shift', 'no')).toMatchObject({ code: 6, outcome: 'changed' });
    // Still there, its first option as it drew it, nothing taken.
    expect(await capture('shift')).toMatch(/PRODUCTION\?\n\n → No/);
  });
});

describe('a guarded key', () => {
  const LINES = ['Run it? 100% #{pid}, {a}', '  rm -rf "$HOME" | 日本語; grüße', '❯ 1. Yes'];
  let pane: string;

  beforeAll(async () => {
    const file = join(scratch.path, 'screen.txt');
    writeFileSync(file, `${LINES.join('\n')}\n`);
    pane = await server.run(
      'new-window',
      '-P',
      '-F',
      '#{pane_id}',
      '-t',
      '=adr-ask:',
      `cat ${file}; exec cat`,
    );
    await server.run('set-option', '-p', '-t', pane, '@adr_run', 'run1');
    await server.run('set-option', '-p', '-t', pane, 'remain-on-exit', 'on');
    await waitFor('the text', async () =>
      (await server.run('capture-pane', '-p', '-t', pane)).includes('Yes'),
    );
  }, 30_000);

  const press = (lines: readonly string[], run = 'run1') =>
    pressGuarded(server.tmux, { pane, run, lines }, { text: 'x;' });

  test('goes in where every line still stands, whatever is in it', async () => {
    expect(await press(LINES)).toBe('pressed');
    await waitFor('the key', async () => (await server.run('capture-pane', '-p', '-t', pane)).includes('x;'));
  });

  test.each([
    ['a line is gone', ['Run it? 100% #{pid}, {b}'], undefined],
    ['the marker moved', [...LINES, '❯ 2. No'], undefined],
    ['another run has the pane', LINES, 'run2'],
  ])('stays out where %s', async (_, lines, run) => {
    const before = await server.run('capture-pane', '-p', '-t', pane);
    expect(await press(lines, run)).toBe('changed');
    expect(await server.run('capture-pane', '-p', '-t', pane)).toBe(before);
  });

  test('stays out of a pane that takes no keys of its own, is dead or gone', async () => {
    await server.run('select-pane', '-d', '-t', pane);
    expect(await press(LINES)).toBe('changed');
    await server.run('select-pane', '-e', '-t', pane);
    await server.run('send-keys', '-t', pane, 'Enter', 'C-d');
    await waitFor(
      'its end',
      async () => (await server.run('display-message', '-p', '-t', pane, '#{pane_dead}')) === '1',
    );
    expect(await press(LINES)).toBe('dead');
    await server.run('kill-pane', '-t', pane);
    expect(await press(LINES)).toBe('gone');
  });
});
