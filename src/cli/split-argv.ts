import { AdrError } from '../errors.ts';
import { suggestName } from '../suggest.ts';
import type { OptionSpec, OptionTable, PositionalSpec } from './command.ts';

/** argv taken apart before yargs sees it: options as `--name=value`, everything else word for word. */
export interface SplitArgv {
  readonly options: readonly string[];
  readonly positionals: readonly string[];
  /** What stood after `--`. */
  readonly rest: readonly string[];
  readonly help: boolean;
}

interface SplitRules {
  readonly options: OptionTable;
  readonly positionals: readonly PositionalSpec[];
  /** Throws away nothing: stops before the first positional (to find the command's name). */
  readonly stopAtPositional?: boolean;
}

/**
 * Splits argv by the tables, so that option values and texts that look like options, numbers or `help` arrive as
 * they were written (yargs 17 changes or refuses them). Throws USAGE for unknown options and missing values.
 */
export function splitArgv(argv: readonly string[], rules: SplitRules): SplitArgv & { readonly used: number } {
  const options: string[] = [];
  const positionals: string[] = [];
  const rawIndex = rules.positionals.findIndex((positional) => positional.raw);
  const variadic = rules.positionals[rawIndex]?.variadic ?? false;
  let at = 0;
  while (at < argv.length) {
    const word = argv[at] as string;
    if (word === '--') {
      return { options, positionals, rest: argv.slice(at + 1), help: false, used: at };
    }
    if (word === '--help' || word === '-h') return { options, positionals, rest: [], help: true, used: at };
    const found = word.length > 1 && word.startsWith('-') ? matchOption(word, rules.options) : undefined;
    if (found) {
      const { value, consumed } = readValue(found, argv[at + 1], rules.options);
      options.push(value === undefined ? found.flag : `${found.flag}=${value}`);
      if (found.cluster) options.push(...found.cluster);
      at += 1 + consumed;
      continue;
    }
    const takesRaw =
      rawIndex >= 0 && (variadic ? positionals.length >= rawIndex : positionals.length === rawIndex);
    if (word.length > 1 && word.startsWith('-') && !(takesRaw && !looksMistyped(word, rules.options))) {
      throw describeUnknownOption(word, rules.options);
    }
    if (rules.stopAtPositional) break;
    positionals.push(word);
    at += 1;
  }
  return { options, positionals, rest: [], help: false, used: at };
}

interface MatchedOption {
  readonly name: string;
  readonly spec: OptionSpec;
  /** As yargs takes it: `--name` or `--no-name`. */
  readonly flag: string;
  readonly inline: string | undefined;
  /** The rest of a cluster of short booleans (`-ab`). */
  readonly cluster?: readonly string[];
}

function matchOption(word: string, table: OptionTable): MatchedOption | undefined {
  return word.startsWith('--') ? matchLong(word, table) : matchShort(word, table);
}

function matchLong(word: string, table: OptionTable): MatchedOption | undefined {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const inline = equals < 0 ? undefined : word.slice(equals + 1);
  const spec = Object.hasOwn(table, name) ? table[name] : undefined;
  if (spec) return { name, spec, flag: `--${name}`, inline };
  const positive = name.startsWith('no-') ? name.slice(3) : '';
  const negated = Object.hasOwn(table, positive) ? table[positive] : undefined;
  if (negated?.type !== 'boolean') return undefined;
  return { name: positive, spec: negated, flag: `--no-${positive}`, inline };
}

function matchShort(word: string, table: OptionTable): MatchedOption | undefined {
  const byLetter = (letter: string) => Object.entries(table).find(([, spec]) => spec.alias === letter);
  const first = byLetter(word[1] as string);
  if (!first) return undefined;
  const [name, spec] = first;
  const tail = word.slice(2);
  if (spec.type !== 'boolean') {
    const inline = tail === '' ? undefined : tail.replace(/^=/, '');
    return { name, spec, flag: `--${name}`, inline };
  }
  const cluster: string[] = [];
  for (const letter of tail) {
    const next = byLetter(letter);
    if (next?.[1].type !== 'boolean') return undefined;
    cluster.push(`--${next[0]}`);
  }
  return { name, spec, flag: `--${name}`, inline: undefined, cluster };
}

function readValue(
  found: MatchedOption,
  next: string | undefined,
  table: OptionTable,
): { readonly value: string | undefined; readonly consumed: number } {
  if (found.spec.type === 'boolean') {
    if (found.inline === undefined) return { value: undefined, consumed: 0 };
    throw new AdrError('USAGE', `${found.flag} takes no value`, { hint: `write ${found.flag} alone` });
  }
  const value = found.inline ?? next;
  const isOption =
    found.inline === undefined &&
    !found.spec.freeText &&
    next !== undefined &&
    next.length > 1 &&
    next.startsWith('-') &&
    (next === '--' || next === '--help' || matchOption(next, table) !== undefined);
  if (value === undefined || isOption) {
    throw new AdrError('USAGE', `--${found.name} requires a value`, {
      hint: `write --${found.name} ${found.spec.value ?? 'VALUE'}`,
    });
  }
  return { value, consumed: found.inline === undefined ? 1 : 0 };
}

function looksMistyped(word: string, table: OptionTable): boolean {
  return /^--?[a-z][a-z-]*(=|$)/.test(word) && findSimilar(word, table) !== undefined;
}

function findSimilar(word: string, table: OptionTable): string | undefined {
  if (!word.startsWith('--')) return undefined;
  const name = word.slice(2).split('=')[0] as string;
  return suggestName(name, [
    'help',
    ...Object.entries(table).map(([key, spec]) => (spec.negated ? `no-${key}` : key)),
  ]);
}

function describeUnknownOption(word: string, table: OptionTable): AdrError {
  const shown = JSON.stringify(word.split('=')[0]);
  const similar = findSimilar(word, table);
  return new AdrError('USAGE', `unknown option ${shown}`, {
    hint: similar ? `did you mean --${similar}?` : 'see --help for the options',
  });
}
