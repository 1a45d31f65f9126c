import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ADR_COMMANDS } from '../../../src/cli/adr/commands.ts';
import type { Command, OptionTable } from '../../../src/cli/command.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { TMUX_GLOBALS } from '../../../src/cli/tmux/commands/options.ts';
import { TMUX_COMMANDS } from '../../../src/cli/tmux/commands.ts';
import { makeScratch } from '../../support/program.ts';

interface Case {
  readonly name: string;
  readonly commands: readonly Command[];
  readonly globals: OptionTable;
}

const programs: readonly Case[] = [
  { name: 'adr-tmux', commands: TMUX_COMMANDS, globals: TMUX_GLOBALS },
  { name: 'adr', commands: ADR_COMMANDS, globals: {} },
];

/** Words a user could type: the program's own, near misses of them, and anything else. */
function makeWords({ commands, globals }: Case): fc.Arbitrary<string> {
  const names = commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]);
  const options = [
    ...Object.keys(globals),
    ...commands.flatMap((command) => Object.keys(command.options ?? {})),
  ];
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    { weight: 4, arbitrary: fc.constantFrom(...options).map((name) => `--${name}`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'pi',
        'demo',
        'demo:a',
        'refactor',
        '/',
        '.',
        '-',
        '--',
        'help',
        '-h',
        '-v',
        '-e',
        '-w',
        '-m',
      ),
    },
    { weight: 2, arbitrary: fc.string({ maxLength: 12 }).filter((word) => !word.includes('\0')) },
    { weight: 1, arbitrary: fc.constantFrom(...options).map((name) => `--${name}=1`) },
    { weight: 1, arbitrary: fc.constantFrom(...names).map((name) => name.slice(1)) },
  );
}

describe.each(programs)('$name', (program) => {
  test('200 random command lines: a message and an exit code, never a stack trace', async () => {
    const scratch = makeScratch('argv');
    // Nothing to run is found: neither tmux nor an engine, so nothing can come to be.
    const env = { HOME: scratch.path, PATH: scratch.path, ADR_BIN: '/nonexistent' };
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(makeWords(program), { maxLength: 6 }), async (argv) => {
          const result = await call(program, argv, env);
          expect(result.printed).not.toMatch(/^\s+at .*[:(]\d+/m);
          expect(result.printed).not.toContain('internal error');
          expect(result.code, result.printed).not.toBe(1);
          expect([0, 2, 3, 4, 5, 6, 7, 8, 124, 125]).toContain(result.code);
        }),
        { numRuns: 200 },
      );
    } finally {
      scratch.remove();
    }
  }, 60_000);
});

async function call(
  { name, commands, globals }: Case,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly printed: string }> {
  const stdin = new PassThrough();
  stdin.end();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const chunks: Buffer[] = [];
  for (const stream of [stdout, stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await runProgram({
    name,
    version: '0',
    describe: '',
    commands,
    globals,
    argv,
    env,
    stdin,
    stdout,
    stderr,
  });
  return { code, printed: Buffer.concat(chunks).toString('utf8') };
}
