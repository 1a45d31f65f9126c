import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ADR_COMMANDS } from '../../../src/cli/adr/commands.ts';
import { nameRuns } from '../../../src/cli/completions/find-live.ts';
import { planCompletion } from '../../../src/cli/completions/plan.ts';
import { TMUX_GLOBALS } from '../../../src/cli/tmux/commands/options.ts';
import { TMUX_COMMANDS } from '../../../src/cli/tmux/commands.ts';
import type { RunSummary } from '../../../src/container/runs.ts';

const adr = { commands: ADR_COMMANDS };
const tmux = { commands: TMUX_COMMANDS, globals: TMUX_GLOBALS };

function words(program: typeof adr | typeof tmux, ...line: readonly string[]): readonly string[] {
  return planCompletion(program, line).candidates.map(({ value }) => value);
}

describe('words of the tables', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['bu'], ['build']],
    [['help', 'bui'], ['build']],
    [['--debug', 'bui'], ['build']],
    [
      ['run', '--engine', ''],
      ['docker', 'podman', 'host'],
    ],
    [['run', '--engine=d'], ['--engine=docker']],
    [['run', 'pi', '--appr'], ['--approvals']],
    [['run', '--no-re'], ['--no-reports']],
    [
      ['run', '--he'],
      ['--headless', '--help'],
    ],
    [
      ['completions', ''],
      ['bash', 'zsh', 'fish', 'install'],
    ],
    [['completions', 'install', 'b'], ['bash']],
    [['completions', 'install', 'bash', ''], []],
    [['__comp'], []],
    [['run', '--', '--eng'], []],
    [['nonsense', ''], []],
  ])('adr %j', (line, expected) => {
    expect(words(adr, ...line)).toEqual(line[0] === 'nonsense' ? words(adr, '') : expected);
  });

  test('of a group of commands', () => {
    const commands = ['config show', 'config set', 'run'].map((name) => ({
      name,
      describe: name,
      run: async () => 0,
    }));
    expect(words({ commands }, 'con')).toEqual(['config']);
    expect(words({ commands }, 'config', 's')).toEqual(['show', 'set']);
  });

  test('an option that was given is not offered again, a list is', () => {
    const offered = words(adr, 'run', '--tag', 'x', '-e', 'A=1', '--');
    expect(offered).not.toContain('--tag');
    expect(offered).toContain('--env');
  });
});

describe('what is looked up', () => {
  const live = (program: typeof adr | typeof tmux, ...line: readonly string[]) => {
    const plan = planCompletion(program, line);
    return [plan.live, plan.lead, plan.session, plan.socket].map((value) => value ?? null);
  };
  test.each<[typeof adr | typeof tmux, readonly string[], readonly (string | null)[]]>([
    [adr, ['run', ''], ['agent-type', '', null, null]],
    [adr, ['run', '-w', ''], ['directory', '', null, null]],
    [adr, ['run', '--env-file', ''], ['file', '', null, null]],
    [adr, ['exec', 'x', '--', 'ls', ''], ['file', '', null, null]],
    [adr, ['stop', 'a', ''], ['run', '', null, null]],
    [adr, ['logs', 'a', ''], [null, '', null, null]],
    [tmux, ['send', ''], ['session', '', null, null]],
    [tmux, ['send', 'refactor', '--agent', ''], ['agent', '', 'refactor', null]],
    [tmux, ['send', 'refactor', '--agent='], ['agent', '--agent=', 'refactor', null]],
    [tmux, ['--socket', 's', 'send', 'refactor', '-a', ''], ['agent', '', 'refactor', 's']],
    [tmux, ['send', 'refactor', ''], [null, '', 'refactor', null]],
  ])('%#: %j', (program, line, expected) => {
    expect(live(program, ...line)).toEqual(expected);
  });

  test('options behind the name of an agent to be started', () => {
    const offer = (word: string) =>
      planCompletion(tmux, ['start', 'x', '--agent', word]).candidates.map(({ value }) => value);
    expect(offer('pi:main,mem')).toEqual(['pi:main,memory=', 'pi:main,memory-swap=']);
    expect(offer('pi:main,model=x,approvals=n')).toEqual(['pi:main,model=x,approvals=never']);
    expect(offer('pi,no-rep')).toEqual(['pi,no-reports']);
    expect(planCompletion(tmux, ['add', 'x', '--agent=pi,read']).candidates[0]?.value).toBe(
      '--agent=pi,read-only',
    );
    expect(live(tmux, 'start', 'x', '-a', 'p')).toEqual(['agent-type', '', null, null]);
  });

  test('what was named is not offered again', () => {
    expect(planCompletion(adr, ['stop', 'a', 'b', '']).taken).toEqual(['a', 'b']);
  });
});

test('any line is read without an error, and every word offered begins with what was typed', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      'run',
      'send',
      'config',
      '--',
      '--engine',
      '--engine=',
      '-e',
      '-w',
      'help',
      '-',
      '--no-x',
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(adr, tmux), fc.array(word, { maxLength: 6 }), (program, line) => {
      const current = line.at(-1) ?? '';
      for (const value of words(program, ...line)) expect(value.startsWith(current)).toBe(true);
    }),
  );
});

test('runs are offered by what means only one of them', () => {
  const make = (run: string, agent: string, session?: string) =>
    ({ run, agent, session, type: 'pi' }) as RunSummary;
  const named = nameRuns([
    make('1', 'a', 's'),
    make('2', 'a', 't'),
    make('3', 'b'),
    make('4', 'c'),
    make('5', 'c'),
  ]);
  expect(named.map(({ value }) => value)).toEqual(['s/a', 't/a', 'b', '4', '5']);
});
