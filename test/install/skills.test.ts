import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeScratch, ROOT } from '../support/program.ts';

const script = join(ROOT, 'skills/adr-master/install.sh');
let home: ReturnType<typeof makeScratch>;

beforeEach(() => {
  home = makeScratch('skill');
});
afterEach(() => home.remove());

const run = (...args: readonly string[]) =>
  execa('bash', [script, ...args], { env: { HOME: home.path }, cwd: home.path, reject: false });
const places = ['.claude/skills/adr-master', '.agents/skills/adr-master'];

describe('the adr-master skill', () => {
  test('is installed for all agents, brought up to date, and removed', async () => {
    expect(await run()).toMatchObject({ exitCode: 0 });
    for (const place of places) {
      const files = readdirSync(join(home.path, place), { recursive: true }).sort();
      expect(files).toEqual(['SKILL.md', 'reference', 'reference/adr-tmux.md', 'reference/adr.md']);
      writeFileSync(join(home.path, place, 'stale.md'), '');
    }
    expect(await run()).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(home.path, places[0] ?? '', 'stale.md'))).toBe(false);
    expect(await run('--remove')).toMatchObject({ exitCode: 0 });
    for (const place of places) expect(existsSync(join(home.path, place))).toBe(false);
    expect(readdirSync(join(home.path, '.claude/skills'))).toEqual([]);
  });

  test('leaves another skill of that name alone', async () => {
    const other = join(home.path, places[1] ?? '');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'SKILL.md'), 'name: mine\n');
    const result = await run();
    expect(result).toMatchObject({ exitCode: 5 });
    expect(result.stderr).toContain('is something else');
    expect(readFileSync(join(other, 'SKILL.md'), 'utf8')).toBe('name: mine\n');
  });

  test('an unknown option', async () => {
    expect(await run('--nope')).toMatchObject({ exitCode: 2 });
  });
});

test('every command and option that the skill names exists', () => {
  const text = readFileSync(join(ROOT, 'skills/adr-master/SKILL.md'), 'utf8');
  const known = ['adr', 'adr-tmux'].map((name) =>
    readFileSync(join(ROOT, `skills/adr-master/reference/${name}.md`), 'utf8'),
  );
  const commands = [...text.matchAll(/\b(adr(?:-tmux)?) ([a-z]+)\b(?=[^\n]*)/g)].filter(
    ([, program, word]) => !(program === 'adr' && ['runs', 'and', 'or'].includes(word ?? '')),
  );
  expect(commands.length).toBeGreaterThan(10);
  for (const [, program, command] of commands) {
    if (['runs', 'can', 'which', 'and'].includes(command ?? '')) continue;
    const page = known[program === 'adr' ? 0 : 1] ?? '';
    expect(page, `${program} ${command}`).toMatch(new RegExp(`^## ${program} ${command}$`, 'm'));
  }
  for (const [option] of text.matchAll(/--[a-z][a-z-]+/g)) expect(known.join('\n')).toContain(option);
  // A skill says in its head when it is to be used.
  expect(execFileSync('head', ['-1', join(ROOT, 'skills/adr-master/SKILL.md')], { encoding: 'utf8' })).toBe(
    '---\n',
  );
});
