import type { Command, Completion, OptionSpec, OptionTable, PositionalSpec } from '../command.ts';
import { collectGlobals, type Program } from '../command.ts';
import { offerSpec } from './offer-spec.ts';

/** One word that could stand at the end of the line. */
export interface Candidate {
  readonly value: string;
  readonly describe: string;
}

/** What could stand at the end of a command line, before anything live is looked up. */
export interface CompletionPlan {
  readonly candidates: readonly Candidate[];
  /** What must be looked up, or what the shell itself knows (files). */
  readonly live: Completion | undefined;
  /** Stands before every looked-up word: `--agent=`. */
  readonly lead: string;
  /** The session that was named, for its agents. */
  readonly session: string | undefined;
  /** The tmux server that was named. */
  readonly socket: string | undefined;
  /** Not offered again. */
  readonly taken: readonly string[];
}

type Tables = Pick<Program, 'commands' | 'globals'>;

interface Reading {
  readonly command: Command | undefined;
  /** First word of a two-word command. */
  readonly group: string | undefined;
  readonly positionals: readonly string[];
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** An option that waits for its value. */
  readonly pending: OptionSpec | undefined;
  readonly afterDashes: boolean;
}

const BUILT_IN: readonly Candidate[] = [
  { value: 'help', describe: 'Show the help of a command' },
  { value: 'version', describe: 'Show the version' },
];

/** Reads a command line (the unfinished word last, possibly empty) by the tables of its program. */
export function planCompletion(program: Tables, words: readonly string[]): CompletionPlan {
  const current = words.at(-1) ?? '';
  const reading = readWords(program, words.slice(0, -1));
  const offer = chooseOffer(program, reading, current);
  const named = (reading.command?.positionals ?? []).findIndex(({ completes }) => completes === 'session');
  return {
    live: offer.live,
    lead: offer.lead,
    candidates: offer.candidates
      .map(({ value, describe }) => ({ value: `${offer.lead}${value}`, describe }))
      .filter(({ value }) => value.startsWith(current)),
    session: named < 0 ? undefined : reading.positionals[named],
    socket: reading.options.get('socket')?.at(-1),
    taken: offer.taken,
  };
}

interface Offer extends Pick<CompletionPlan, 'candidates' | 'live' | 'lead' | 'taken'> {}

const NOTHING: Offer = { candidates: [], live: undefined, lead: '', taken: [] };

function chooseOffer(program: Tables, reading: Reading, current: string): Offer {
  const table = { ...collectGlobals(program), ...reading.command?.options };
  if (reading.afterDashes) return reading.command?.rest ? { ...NOTHING, live: 'file' } : NOTHING;
  if (reading.pending) return offerValue(reading.pending, '', current);
  const equals = /^(--[^=]+)=/.exec(current);
  if (equals) {
    const spec = findOption(table, equals[1] ?? '')?.spec;
    return spec && spec.type !== 'boolean' ? offerValue(spec, equals[0], current) : NOTHING;
  }
  if (current.startsWith('-')) return { ...NOTHING, candidates: listOptions(table, reading) };
  if (!reading.command) return { ...NOTHING, candidates: listCommands(program, reading.group) };
  return offerPositional(reading.command.positionals ?? [], reading.positionals);
}

function offerValue(spec: OptionSpec, lead: string, current: string): Offer {
  if (spec.completes === 'agent-spec') {
    const offered = offerSpec(current.slice(lead.length));
    if (!offered) return { ...NOTHING, lead, live: 'agent-type' };
    return { ...NOTHING, lead: `${lead}${offered.lead}`, candidates: offered.candidates };
  }
  const byValue: Readonly<Record<string, Completion>> = { DIR: 'directory', FILE: 'file' };
  return {
    ...NOTHING,
    lead,
    candidates: (spec.choices ?? []).map((value) => ({ value, describe: '' })),
    live: spec.choices ? undefined : (spec.completes ?? byValue[spec.value ?? '']),
  };
}

function offerPositional(specs: readonly PositionalSpec[], given: readonly string[]): Offer {
  const last = specs.at(-1);
  const spec = specs[given.length] ?? (last?.variadic ? last : undefined);
  if (!spec || spec.raw) return NOTHING;
  const taken = spec.variadic ? given.slice(specs.indexOf(spec)) : [];
  const candidates = (spec.choices ?? []).map((value) => ({ value, describe: '' }));
  return { ...NOTHING, candidates, live: spec.choices ? undefined : spec.completes, taken };
}

function listCommands(program: Tables, group: string | undefined): readonly Candidate[] {
  const shown = program.commands.filter((command) => !command.hidden);
  if (group !== undefined) {
    return shown
      .filter(({ name }) => name.startsWith(`${group} `))
      .map(({ name, describe }) => ({ value: name.slice(group.length + 1), describe }));
  }
  const first = new Map<string, Candidate>();
  for (const { name, describe } of shown) {
    const [value = ''] = name.split(' ');
    if (!first.has(value)) first.set(value, { value, describe });
  }
  return [...first.values(), ...BUILT_IN];
}

function listOptions(table: OptionTable, { options }: Reading): readonly Candidate[] {
  const own = Object.entries(table)
    .filter(([name, spec]) => !spec.hidden && (spec.type === 'list' || !options.has(name)))
    .map(([name, spec]) => ({ value: `--${spec.negated ? 'no-' : ''}${name}`, describe: spec.describe }));
  return [...own, { value: '--help', describe: 'Show this help' }];
}

/** Reads what stands before the unfinished word; never throws, whatever it is. */
function readWords(program: Tables, words: readonly string[]): Reading {
  const options = new Map<string, readonly string[]>();
  const positionals: string[] = [];
  let command: Command | undefined;
  let group: string | undefined;
  let pending: { readonly name: string; readonly spec: OptionSpec } | undefined;
  for (const word of words) {
    const table = { ...collectGlobals(program), ...command?.options };
    if (pending) {
      options.set(pending.name, [...(options.get(pending.name) ?? []), word]);
      pending = undefined;
    } else if (word === '--') {
      return { command, group, positionals, options, pending: undefined, afterDashes: true };
    } else if (word.length > 1 && word.startsWith('-')) {
      const found = findOption(table, word);
      if (!found) continue;
      const { name, spec, value } = found;
      options.set(name, [...(options.get(name) ?? []), ...(value === undefined ? [] : [value])]);
      if (spec.type !== 'boolean' && value === undefined) pending = { name, spec };
    } else if (command) positionals.push(word);
    else if (word === 'help' && group === undefined) continue;
    else {
      ({ command, group } = findCommand(program, group, word));
      // `config` alone is one command, `config set` another.
      if (!command && group === undefined) positionals.push(word);
    }
  }
  return { command, group, positionals, options, pending: pending?.spec, afterDashes: false };
}

function findCommand(
  { commands }: Tables,
  group: string | undefined,
  word: string,
): Pick<Reading, 'command' | 'group'> {
  const name = group === undefined ? word : `${group} ${word}`;
  const isGroup = group === undefined && commands.some((command) => command.name.startsWith(`${word} `));
  if (isGroup) return { command: undefined, group: word };
  const command = commands.find((entry) => entry.name === name || entry.aliases?.includes(name));
  return { command, group: command ? undefined : group };
}

function findOption(
  table: OptionTable,
  word: string,
): { readonly name: string; readonly spec: OptionSpec; readonly value: string | undefined } | undefined {
  const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
  if (long) {
    const [, written = '', value] = long;
    const name = Object.hasOwn(table, written) ? written : written.replace(/^no-/, '');
    const spec = Object.hasOwn(table, name) ? table[name] : undefined;
    return spec && { name, spec, value };
  }
  const found = Object.entries(table).find(([, spec]) => spec.alias !== undefined && spec.alias === word[1]);
  if (!found) return undefined;
  const [name, spec] = found;
  return { name, spec, value: word.length > 2 ? word.slice(2) : undefined };
}
