import yargs, { type Options } from 'yargs';
import { AdrError } from '../errors.ts';
import type { Command, OptionSpec, OptionTable, ParsedArguments, PositionalSpec } from './command.ts';
import type { SplitArgv } from './split-argv.ts';

/** yargs 17 as it comes changes values (`0x10`, `007`), eats neighbours of lists and reads `a.b` as a path. */
const PARSER = {
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'dot-notation': false,
  'camel-case-expansion': false,
  'populate--': true,
};

/**
 * Checks split words against a command's tables. Throws USAGE: unknown or repeated options, values that are not
 * among the choices, missing or surplus positionals, words after `--` that the command does not take.
 */
export function parseArguments(split: SplitArgv, command: Command, globals: OptionTable): ParsedArguments {
  const table = { ...globals, ...command.options };
  const options = parseOptions(split.options, table);
  const positionals = assignPositionals(split, command.positionals ?? [], command.rest);
  if (split.rest.length > 0 && command.rest === undefined && !positionals.tookRest) {
    throw new AdrError('USAGE', `${command.name} takes nothing after "--"`, {
      hint: `see ${command.name} --help`,
    });
  }
  return {
    string: (name) => {
      const value = positionals.values.get(name) ?? options[name];
      return typeof value === 'string' ? value : undefined;
    },
    list: (name) => {
      const value = positionals.values.get(name) ?? options[name];
      return Array.isArray(value) ? value.map(String) : [];
    },
    flag: (name) => (typeof options[name] === 'boolean' ? (options[name] as boolean) : undefined),
    rest: command.rest === undefined ? [] : split.rest,
  };
}

function parseOptions(words: readonly string[], table: OptionTable): Record<string, unknown> {
  let failure: string | undefined;
  const parsed = yargs()
    .parserConfiguration(PARSER)
    .help(false)
    .version(false)
    .detectLocale(false)
    .exitProcess(false)
    .strictOptions()
    .options(Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, toYargs(spec)])))
    .fail((message, error) => {
      failure = message ?? error?.message ?? 'cannot be read';
    })
    .parseSync([...words]) as Record<string, unknown>;
  if (failure !== undefined) {
    throw describeYargsFailure(failure);
  }
  for (const [name, spec] of Object.entries(table)) {
    if (spec.type === 'string' && Array.isArray(parsed[name])) {
      throw new AdrError('USAGE', `--${name} is given more than once`, { hint: 'keep one of them' });
    }
    if (spec.type === 'boolean' && Array.isArray(parsed[name]))
      parsed[name] = (parsed[name] as unknown[]).at(-1);
  }
  return parsed;
}

function toYargs(spec: OptionSpec): Options {
  return {
    type: spec.type === 'boolean' ? 'boolean' : 'string',
    ...(spec.type === 'list' ? { array: true } : {}),
    ...(spec.choices ? { choices: spec.choices } : {}),
    ...(spec.alias ? { alias: spec.alias } : {}),
  };
}

/** yargs reports over several lines; ours is one. */
function describeYargsFailure(message: string): AdrError {
  const choice = /Argument: (\S+), Given: "(.*)", Choices: (.*)/.exec(message);
  if (choice) {
    const [, option = '', given = '', choices = ''] = choice;
    const name = option.startsWith('-') ? option : `--${option}`;
    return new AdrError('USAGE', `"${given}" is no value for ${name}`, {
      hint: `one of: ${choices.replaceAll('"', '')}`,
    });
  }
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== 'Invalid values:');
  return new AdrError('USAGE', lines.join('; ') || 'the arguments cannot be read', {
    hint: 'see --help for the options',
  });
}

function assignPositionals(
  split: SplitArgv,
  specs: readonly PositionalSpec[],
  rest: string | undefined,
): { readonly values: ReadonlyMap<string, string | readonly string[]>; readonly tookRest: boolean } {
  const values = new Map<string, string | readonly string[]>();
  const last = specs.at(-1);
  // `send NAME -- --json`: a raw text may stand after `--`.
  const tookRest = last?.raw === true && (last.variadic === true || split.positionals.length < specs.length);
  const words = tookRest ? [...split.positionals, ...split.rest] : split.positionals;
  let used = 0;
  for (const spec of specs) {
    const taken = spec.variadic ? words.slice(used) : words.slice(used, used + 1);
    used += taken.length;
    if (taken.length === 0 && spec.required) {
      throw new AdrError('USAGE', `missing <${spec.name}>`, { hint: spec.describe });
    }
    for (const word of taken) checkChoice(spec, word);
    if (spec.variadic) values.set(spec.name, taken);
    else if (taken[0] !== undefined) values.set(spec.name, taken[0]);
  }
  const surplus = words[used];
  if (surplus !== undefined) {
    throw new AdrError('USAGE', `unexpected argument ${JSON.stringify(surplus)}`, {
      hint: describeSurplus(last, rest),
    });
  }
  return { values, tookRest };
}

function describeSurplus(last: PositionalSpec | undefined, rest: string | undefined): string {
  if (last?.raw) return 'quote the text as one argument';
  return rest === undefined
    ? 'see --help for the arguments'
    : `what stands behind "--" is ${rest}: see --help`;
}

function checkChoice(spec: PositionalSpec, word: string): void {
  if (!spec.choices || spec.choices.includes(word)) return;
  throw new AdrError('USAGE', `invalid <${spec.name}> ${JSON.stringify(word)}`, {
    hint: `one of: ${spec.choices.join(', ')}`,
  });
}
