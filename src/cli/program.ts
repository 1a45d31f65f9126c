import { AdrError } from '../errors.ts';
import { suggestName } from '../suggest.ts';
import { type Command, collectGlobals, type Program } from './command.ts';
import { explainFileFailure } from './file-failure.ts';
import { splitArgv } from './split-argv.ts';

/**
 * Runs one command of a program and gives the exit code; never throws. Help and version are ours (`--help` and
 * `-h` anywhere before `--`, `help [command]`, `--version`, `-v`, `version`), words are split by the command's
 * table, and a failure is printed once, in one way.
 */
export async function runProgram(program: Program): Promise<number> {
  const closed = new AbortController();
  let lost: Error | undefined;
  const onStdoutError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') lost ??= error;
    closed.abort();
  };
  program.stdout.on('error', onStdoutError);
  // Nobody is left to be told, and what runs is to be ended in order.
  program.stderr.on('error', () => undefined);
  let code: number;
  let failure: unknown;
  try {
    code = await dispatch(program, closed.signal);
    // A failed write is told in the turn after it.
    await new Promise((resolve) => setImmediate(resolve));
  } catch (error) {
    code = 0;
    failure = closed.signal.aborted ? undefined : error;
  }
  failure ??= lost && describeLostOutput(lost);
  if (failure === undefined) return code;
  const { printError } = await loadPrintError();
  const words = takeBeforeRest(program.argv);
  return printError(explainFileFailure(failure) ?? failure, {
    stdout: program.stdout,
    stderr: program.stderr,
    json: lost === undefined && wantsJson(words),
    debug: words.includes('--debug') || Boolean(program.env.ADR_DEBUG),
  });
}

function describeLostOutput(cause: Error): AdrError {
  const reason = explainFileFailure(cause)?.message.replace(/^[^:]*: /, '') ?? cause.message;
  return new AdrError('FILE_FAILED', `cannot write to standard output: ${reason}`, { cause });
}

async function dispatch(program: Program, closed: AbortSignal): Promise<number> {
  const globals = collectGlobals(program);
  const leading = program.argv[0];
  if (leading === '--version' || leading === '-v' || leading === 'version') return printVersion(program);
  const head = splitArgv(program.argv, { options: globals, positionals: [], stopAtPositional: true });
  const words = program.argv.slice(head.used);
  if (head.help) return printHelp(program, undefined);
  if (words.length === 0 || words[0] === '--') {
    const { renderProgramHelp } = await import('./help.ts');
    program.stderr.write(renderProgramHelp(program));
    return 2;
  }
  if (words[0] === 'version' || words[0] === '--version' || words[0] === '-v') return printVersion(program);
  if (words[0] === 'help') return printHelp(program, words.slice(1));

  const { command, length } = findCommand(program, words);
  const split = splitArgv(words.slice(length), {
    options: { ...globals, ...command.options },
    positionals: command.positionals ?? [],
  });
  if (split.help) return printHelp(program, command.name.split(' '));
  const { parseArguments } = await import('./parse-arguments.ts');
  const args = parseArguments({ ...split, options: [...head.options, ...split.options] }, command, globals);
  if (program.staying?.commands.includes(command.name)) loadAhead(program.staying);
  return await command.run({
    program: program.name,
    version: program.version,
    args,
    env: program.env,
    // Read only when a command asks: opening stdin changes the mode of a terminal's or pipe's shared descriptor.
    get stdin() {
      return program.stdin;
    },
    stdout: program.stdout,
    stderr: program.stderr,
    closed,
  });
}

const loadPrintError = () => import('../output/print-error.ts');

/**
 * An upgrade takes this version's files away while a command goes on. Node resolves each \`import()\` for its place in
 * the code: only one that has been run before is answered from memory. What fails here fails again where it is wanted.
 */
function loadAhead({ load }: NonNullable<Program['staying']>): void {
  for (const loading of [loadPrintError(), load?.()]) loading?.catch(() => undefined);
}

function findCommand(program: Program, words: readonly string[]): { command: Command; length: number } {
  const one = words[0] as string;
  const two = `${one} ${words[1] ?? ''}`;
  const byName = (name: string) =>
    program.commands.find((command) => command.name === name || command.aliases?.includes(name));
  const long = byName(two);
  if (long) return { command: long, length: 2 };
  const short = byName(one);
  if (short) return { command: short, length: 1 };
  const group = program.commands.filter((command) => command.name.startsWith(`${one} `));
  if (group.length > 0) {
    throw new AdrError(
      'USAGE',
      `"${one}" needs one of: ${group.map((c) => c.name.slice(one.length + 1)).join(', ')}`,
      {
        hint: `see ${program.name} help`,
      },
    );
  }
  const names = program.commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]);
  const similar = suggestName(one, [...names, 'help', 'version']);
  throw new AdrError('USAGE', `unknown command ${JSON.stringify(one)}`, {
    hint: similar ? `did you mean: ${program.name} ${similar}` : `see ${program.name} --help`,
  });
}

async function printHelp(program: Program, topic: readonly string[] | undefined): Promise<number> {
  const words = (topic ?? []).filter((word) => !word.startsWith('-'));
  const { renderCommandHelp, renderProgramHelp } = await import('./help.ts');
  program.stdout.write(
    words.length === 0
      ? renderProgramHelp(program)
      : renderCommandHelp(program, findCommand(program, words).command),
  );
  return 0;
}

function printVersion(program: Program): number {
  program.stdout.write(`${program.name} ${program.version}\n`);
  return 0;
}

function takeBeforeRest(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

function wantsJson(words: readonly string[]): boolean {
  return words.some(
    (word, at) =>
      word === '--json' ||
      word === '--ndjson' ||
      word === '--output=json' ||
      (word === '--output' && words[at + 1] === 'json'),
  );
}
