import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command, CommandContext } from '../../../src/cli/command.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { AdrError } from '../../../src/errors.ts';

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seen: CommandContext | undefined;
}

async function run(argv: readonly string[], fail?: unknown): Promise<Run> {
  let seen: CommandContext | undefined;
  const remember = async (context: CommandContext) => {
    seen = context;
    if (fail) throw fail;
    return 0;
  };
  const commands: readonly Command[] = [
    {
      name: 'send',
      describe: 'Send a prompt',
      positionals: [
        { name: 'session', describe: 'the session', required: true },
        { name: 'text', describe: 'the prompt', raw: true },
      ],
      options: {
        agent: { type: 'string', describe: 'Which agent', value: 'NAME', alias: 'a' },
        json: { type: 'boolean', describe: 'As JSON' },
        wait: { type: 'boolean', describe: 'Wait for the answer' },
      },
      examples: [{ command: 'x send refactor --agent main "hello"', says: 'one prompt' }],
      run: remember,
    },
    {
      name: 'run',
      aliases: ['start'],
      describe: 'Run an agent',
      positionals: [{ name: 'agent', describe: 'agent type' }],
      options: {
        env: { type: 'list', alias: 'e', describe: 'Environment', value: 'K=V' },
        prompt: { type: 'string', describe: 'Prompt', freeText: true, value: 'TEXT' },
        reports: { type: 'boolean', negated: true, describe: 'No reports' },
        engine: { type: 'string', choices: ['docker', 'host'], describe: 'Engine' },
      },
      rest: 'handed to the agent',
      run: remember,
    },
    { name: 'config set', describe: 'Set', run: remember },
  ];
  const collect = () => {
    const stream = new PassThrough();
    const chunks: string[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    return { stream, text: () => chunks.join('') };
  };
  const out = collect();
  const err = collect();
  const code = await runProgram({
    name: 'x',
    version: '1.2.3',
    describe: 'a test program',
    argv,
    env: {},
    stdin: new PassThrough(),
    stdout: out.stream,
    stderr: err.stream,
    commands,
    globals: { socket: { type: 'string', describe: 'Socket', value: 'NAME' } },
  });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, stdout: out.text(), stderr: err.text(), seen };
}

describe('texts arrive as they are', () => {
  test.each([
    'help',
    '-',
    '- bullet',
    '--all x',
    '007',
    '0x10',
    '-e',
    'a.b=c',
    '"quoted"',
    '',
    '--x',
    '$HOME',
  ])('%j', async (text) => {
    const { seen, code, stderr } = await run(['send', 'r', '--agent', 'main', text, '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(seen?.args.string('text')).toBe(text);
    expect(seen?.args.string('session')).toBe('r');
    expect(seen?.args.string('agent')).toBe('main');
    expect(seen?.args.flag('json')).toBe(true);
  });

  test('after -- even an option of the command is text', async () => {
    const { seen } = await run(['send', 'r', '--', '--json']);
    expect(seen?.args.string('text')).toBe('--json');
    expect(seen?.args.flag('json')).toBeUndefined();
  });

  test('a mistyped option in the place of the text is asked about', async () => {
    const { code, stderr } = await run(['send', 'r', '--agnet', 'main', 'hello']);
    expect(code).toBe(2);
    expect(stderr).toMatchInlineSnapshot(`
      "error: unknown option "--agnet"
        did you mean --agent?
      "
    `);
  });

  test('a second text is refused', async () => {
    const { code, stderr } = await run(['send', 'r', 'two', 'words']);
    expect(code).toBe(2);
    expect(stderr).toContain('quote the text');
  });
});

describe('options', () => {
  test('lists do not eat the positional, values keep their form', async () => {
    const { seen } = await run(['run', '-e', 'A=1', 'pi', '-eB=x=y', '--env', 'C=', '--prompt', '- list']);
    expect(seen?.args.list('env')).toEqual(['A=1', 'B=x=y', 'C=']);
    expect(seen?.args.string('agent')).toBe('pi');
    expect(seen?.args.string('prompt')).toBe('- list');
  });

  test('--no-NAME, -- rest, globals before the command', async () => {
    const { seen } = await run(['--socket', 's1', 'start', 'pi', '--no-reports', '--', '--model', 'x', '-h']);
    expect(seen?.args.flag('reports')).toBe(false);
    expect(seen?.args.rest).toEqual(['--model', 'x', '-h']);
    expect(seen?.args.string('socket')).toBe('s1');
  });

  test.each([
    [['run', '--prompt'], '--prompt requires a value'],
    [['run', '--engine', '--prompt'], '--engine requires a value'],
    [['run', '--engine', 'vm'], '"vm" is no value for --engine'],
    [['run', 'pi', 'claude'], 'unexpected argument "claude"'],
    [['run', '--engine', 'host', '--engine', 'docker'], '--engine is given more than once'],
    [['send', 'r', 'x', '--wait=1'], '--wait takes no value'],
    [['send'], 'missing <session>'],
    [['config'], '"config" needs one of: set'],
    [['config', 'set', '--', 'x'], 'config set takes nothing after "--"'],
    [['rnu'], 'unknown command "rnu"'],
    [['--bogus', 'run'], 'unknown option "--bogus"'],
  ])('%j', async (argv, message) => {
    const { code, stderr, seen } = await run(argv);
    expect(seen).toBeUndefined();
    expect(code).toBe(2);
    expect(stderr.split('\n')[0]).toBe(`error: ${message}`);
    expect(stderr.split('\n')).toHaveLength(3);
  });
});

describe('help', () => {
  test.each([[['--help']], [['-h']], [['help']]])('%j shows the commands', async (argv) => {
    const { code, stdout } = await run(argv);
    expect(code).toBe(0);
    expect(stdout).toContain('run, start  Run an agent');
  });

  test('of a command, wherever it stands', async () => {
    const { stdout: first } = await run(['help', 'send']);
    const { stdout: second } = await run(['send', 'r', '--help']);
    expect(second).toBe(first);
    expect(first).toMatchInlineSnapshot(`
      "Usage: x send <session> [text] [options]

      Send a prompt

      Arguments:
        session  the session
        text     the prompt

      Options:
        -a, --agent NAME   Which agent
            --json         As JSON
            --wait         Wait for the answer
            --socket NAME  Socket
            --debug        Show stack traces of errors
        -h, --help         Show this help

      Examples:
        x send refactor --agent main "hello"  one prompt
      "
    `);
  });

  test('nothing at all shows it on stderr, exit 2', async () => {
    const { code, stderr } = await run([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: x <command>');
  });

  test.each([[['--version']], [['-v']], [['version']]])('%j', async (argv) => {
    expect((await run(argv)).stdout).toBe('x 1.2.3\n');
  });
});

describe('failures', () => {
  test('a named one: text, or JSON on stdout', async () => {
    const failure = new AdrError('IMAGE_NOT_FOUND', 'image "a" not found', {
      hint: 'adr build a',
      details: { image: 'a' },
    });
    expect(await run(['run'], failure)).toMatchObject({
      code: 3,
      stderr: 'error: image "a" not found\n  adr build a\n',
      stdout: '',
    });
    const { stdout, stderr } = await run(['send', 'r', 'x', '--json'], failure);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      v: 1,
      error: {
        code: 'IMAGE_NOT_FOUND',
        message: 'image "a" not found',
        hint: 'adr build a',
        details: { image: 'a' },
      },
    });
  });

  test('a word too many: what stands behind "--" is told where it has a meaning', async () => {
    const { stderr } = await run(['run', 'pi', 'claude']);
    expect(stderr).toBe(
      'error: unexpected argument "claude"\n  what stands behind "--" is handed to the agent: see --help\n',
    );
  });

  test('a bug: message, no stack trace without --debug', async () => {
    const { code, stderr } = await run(['run'], new Error('boom'));
    expect(code).toBe(1);
    expect(stderr).toBe('error: internal error: boom\n  this is a bug; --debug shows where\n');
    expect((await run(['run', '--debug'], new Error('boom'))).stderr).toContain('program.test.ts');
  });

  test.each([
    ['ENOSPC', 'write', undefined, 'cannot write a file: no space left on the disk (ENOSPC)'],
    ['ENOTDIR', 'mkdir', '/a/b', 'cannot write "/a/b": a part of the path is no directory (ENOTDIR)'],
    ['EACCES', 'open', '/a', 'cannot use "/a": permission denied (EACCES)'],
    ['ENOENT', 'mkdir', '/a', 'cannot write "/a": it cannot be created there (ENOENT)'],
  ])('what the file system refuses is no bug: %s of %s', async (code, syscall, path, message) => {
    const failure = Object.assign(new Error('raw'), { code, syscall, ...(path ? { path } : {}) });
    const result = await run(['run'], failure);
    expect(result.code).toBe(4);
    expect(result.stderr.split('\n')[0]).toBe(`error: ${message}`);
    const { stdout } = await run(['send', 'r', 'x', '--json'], failure);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'FILE_FAILED', message } });
  });

  test.each([
    ['ENOENT', 'open'],
    ['EACCES', 'spawn x'],
    ['EACCES', 'connect'],
  ])('a missing file or another program is not explained so: %s of %s', async (code, syscall) => {
    const { stderr } = await run(['run'], Object.assign(new Error('raw'), { code, syscall }));
    expect(stderr).toContain('internal error: raw');
  });

  test.each([
    ['ENOSPC', 4, 'error: cannot write to standard output: no space left on the disk (ENOSPC)\n'],
    ['EPIPE', 0, ''],
  ])('a standard output that fails with %s', async (code, expected, said) => {
    const failing = () =>
      new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error('raw'), { code, syscall: 'write' })),
      });
    const stderr = new PassThrough();
    const program = { name: 'x', version: '1.2.3', describe: 'a test program', commands: [], globals: {} };
    const streams = { stdin: new PassThrough(), stdout: failing(), stderr };
    expect(await runProgram({ ...program, ...streams, argv: ['version'], env: {} })).toBe(expected);
    expect(String(stderr.read() ?? '')).toBe(said);
    const mute = { ...streams, stdout: new PassThrough(), stderr: failing() };
    expect(await runProgram({ ...program, ...mute, argv: ['nope'], env: {} })).toBe(2);
  });

  test('200 random command lines give no stack trace', async () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        'run',
        'send',
        'config',
        'set',
        '--env',
        '-e',
        '--',
        '-',
        '--no-',
        '--no-reports',
        '--=',
        '-a',
      ),
      fc.constantFrom(
        '__proto__',
        '--__proto__',
        '--constructor=1',
        '--prompt',
        '=',
        '-ea',
        '--env=',
        '--no-env',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
        const { code, stderr } = await run(argv);
        expect([0, 2]).toContain(code);
        expect(stderr).not.toMatch(/\n\s+at /);
        expect(stderr).not.toContain('internal error');
      }),
      { numRuns: 200 },
    );
  });
});
