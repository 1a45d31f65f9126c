import {
  type Command,
  collectGlobals,
  type OptionSpec,
  type OptionTable,
  type PositionalSpec,
  type ProgramDefinition,
} from './command.ts';

const WIDTH = 100;
const OTHER_COMMANDS = 'Other commands';
const BUILT_IN: readonly (readonly [string, string])[] = [
  ['help', 'Show the help of a command'],
  ['version', 'Show the version'],
];

/** The program's help: usage, commands with one line each, options that may stand anywhere. */
export function renderProgramHelp(program: ProgramDefinition): string {
  const shown = program.commands.filter((command) => !command.hidden);
  const groups = [...new Set(shown.map((command) => command.group ?? OTHER_COMMANDS))];
  return [
    `${program.name}: ${program.describe}`,
    '',
    `Usage: ${program.name} <command> [options]`,
    '',
    ...groups.flatMap((group) => [
      `${group}:`,
      ...renderRows([...listCommands(shown, group), ...(group === OTHER_COMMANDS ? BUILT_IN : [])]),
      '',
    ]),
    'Options:',
    ...renderRows(listOptions(collectGlobals(program))),
    '',
    ...(program.epilogue ? [program.epilogue] : []),
    `Try: ${program.name} help <command>`,
    '',
  ].join('\n');
}

function listCommands(shown: readonly Command[], group: string): readonly (readonly [string, string])[] {
  return shown
    .filter((command) => (command.group ?? OTHER_COMMANDS) === group)
    .map((command) => [[command.name, ...(command.aliases ?? [])].join(', '), command.describe]);
}

/** One command's help: usage, arguments, options, examples. */
export function renderCommandHelp(program: ProgramDefinition, command: Command): string {
  const positionals = command.positionals ?? [];
  const usage = [
    program.name,
    command.name,
    ...positionals.map(showPositional),
    '[options]',
    ...(command.rest ? ['[-- ...]'] : []),
  ].join(' ');
  const described = [
    ...positionals.map((positional): readonly [string, string] => [positional.name, positional.describe]),
    ...(command.rest ? ([['-- ...', command.rest]] as const) : []),
  ];
  const aliases = command.aliases ?? [];
  return [
    `Usage: ${usage}`,
    '',
    command.describe,
    ...(command.details ? ['', command.details] : []),
    ...(aliases.length > 0 ? ['', `Also: ${aliases.join(', ')}`] : []),
    ...renderSection('Arguments', described),
    ...renderSection('Options', listOptions({ ...command.options, ...collectGlobals(program) })),
    ...renderSection(
      'Examples',
      (command.examples ?? []).map((example) => [example.command, example.says]),
    ),
    '',
  ].join('\n');
}

function renderSection(title: string, rows: readonly (readonly [string, string])[]): readonly string[] {
  return rows.length === 0 ? [] : ['', `${title}:`, ...renderRows(rows)];
}

function showPositional(positional: PositionalSpec): string {
  const name = positional.variadic ? `${positional.name}...` : positional.name;
  return positional.required ? `<${name}>` : `[${name}]`;
}

function listOptions(table: OptionTable): readonly (readonly [string, string])[] {
  const rows = Object.entries(table)
    .filter(([, spec]) => !spec.hidden)
    .map(([name, spec]): readonly [string, string] => [showOption(name, spec), describeOption(spec)]);
  return [...rows, ['-h, --help', 'Show this help']];
}

function showOption(name: string, spec: OptionSpec): string {
  const short = spec.alias ? `-${spec.alias}, ` : '    ';
  const value =
    spec.type === 'boolean' ? '' : ` ${spec.value ?? (spec.choices ? spec.choices.join('|') : 'VALUE')}`;
  return `${short}--${spec.negated ? 'no-' : ''}${name}${value}`;
}

function describeOption(spec: OptionSpec): string {
  return spec.type === 'list' ? `${spec.describe} (repeatable)` : spec.describe;
}

function renderRows(rows: readonly (readonly [string, string])[]): readonly string[] {
  const wide = Math.min(38, Math.max(0, ...rows.map(([left]) => left.length)));
  return rows.flatMap(([left, right]) => {
    const [first = '', ...more] = wrapText(right, WIDTH - wide - 4);
    const indent = ' '.repeat(wide + 4);
    const head =
      left.length > wide
        ? [`  ${left}`, `${indent}${first}`]
        : [`  ${left.padEnd(wide)}  ${first}`.trimEnd()];
    return [...head, ...more.map((line) => `${indent}${line}`)];
  });
}

function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
