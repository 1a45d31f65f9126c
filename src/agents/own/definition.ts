import type { AgentType, ConfigSource, ScreenSigns } from '../types.ts';
import {
  enterField,
  type Fields,
  type Place,
  parseFields,
  readFields,
  readItems,
  readOneOf,
  readSwitch,
  readText,
  readWord,
  rejectField,
} from './fields.ts';
import { readConfigSources, readEnvNames, readVariables } from './lists.ts';
import { readSigns } from './signs.ts';
import { readTemplate, type Template, usesPlaceholder } from './template.ts';

/** What an `agent.json` says, checked; undefined: left to the default. */
export interface AgentDefinition {
  readonly name: string;
  /** The built-in type it is a variant of: everything it does not say is that one's. */
  readonly base: AgentType | undefined;
  readonly title: string;
  readonly command: string;
  readonly runs: AgentType['runs'];
  readonly npm: { readonly name: string; readonly version: string } | undefined;
  readonly config: readonly ConfigSource[];
  /** Directory, relative to HOME, whose files an entrypoint finds at `/mnt/agent-config-ro`. */
  readonly configHome: string | undefined;
  readonly env: readonly string[];
  readonly setEnv: Readonly<Record<string, string>>;
  readonly interactive: Template;
  readonly headless: Template | undefined;
  readonly json: Template | undefined;
  readonly approvals: { readonly never: readonly string[]; readonly ask: readonly string[] };
  /** Words of `{container}`: nothing on the host. */
  readonly container: readonly string[];
  /** Words put before the user's own (with `extends` only). */
  readonly arguments: readonly string[];
  readonly splitModel: boolean;
  readonly whileRunning: AgentType['whileRunning'];
  readonly signs: ScreenSigns | undefined;
}

const SHARED = ['name', 'title', 'command', 'image', 'config', 'env', 'setEnv', 'whileRunning', 'signs'];
const OWN_LAUNCH = ['interactive', 'headless', 'json', 'approvals', 'container', 'splitModel', 'configHome'];
const PLAIN_INTERACTIVE: Template = ['{approvals}', '{container}', '{args}'];

/**
 * Reads an `agent.json` of the folder `name`. `findBuiltIn` gives what it may extend. Throws CONFIG_INVALID with file,
 * field and the valid choices.
 */
export function parseAgentDefinition(
  text: string,
  file: string,
  name: string,
  builtIn: readonly AgentType[],
): AgentDefinition {
  const fields = parseFields(text, file, [...SHARED, ...OWN_LAUNCH, 'extends', 'arguments']);
  const at = (key: string): Place => enterField({ file, field: '' }, key);
  if (fields.name !== undefined && fields.name !== name) {
    throw rejectField(at('name'), `is ${JSON.stringify(fields.name)}`, `it is its folder's name: "${name}"`);
  }
  const base = findBase(fields, at, builtIn);
  const title = readText(fields.title, at('title')) ?? name;
  return {
    ...{ name, base, title },
    command: readText(fields.command, at('command')) ?? base?.binary ?? name,
    ...readImage(fields.image, at('image'), base),
    config: readConfigSources(fields.config, at('config'), base?.config ?? []),
    configHome: readText(fields.configHome, at('configHome'))?.replace(/\/+$/, ''),
    env: readEnvNames(fields.env, at('env'), base?.forwardEnv ?? []),
    setEnv: readVariables(fields.setEnv, at('setEnv')),
    ...readTemplates(fields, at),
    container: readWords(fields.container, at('container')),
    arguments: readWords(fields.arguments, at('arguments')),
    splitModel: readSwitch(fields.splitModel, at('splitModel')) ?? false,
    whileRunning:
      readOneOf(fields.whileRunning, at('whileRunning'), ['queues', 'steers']) ??
      base?.whileRunning ??
      'queues',
    signs: fields.signs === undefined ? base?.signs : readSigns(fields.signs, at('signs'), base?.signs),
  };
}

function findBase(
  fields: Fields,
  at: (key: string) => Place,
  builtIn: readonly AgentType[],
): AgentType | undefined {
  const usable = builtIn.filter(({ runs }) => runs === 'anywhere');
  const name = readOneOf(
    fields.extends,
    at('extends'),
    usable.map((type) => type.name),
  );
  const base = usable.find((type) => type.name === name);
  const wrong = (base ? OWN_LAUNCH : ['arguments']).find((key) => fields[key] !== undefined);
  if (wrong === undefined) return base;
  throw base
    ? rejectField(
        at(wrong),
        `cannot stand beside "extends": the command line is ${base.name}'s`,
        'see "arguments"',
      )
    : rejectField(at(wrong), 'belongs to "extends"', 'write the words into "interactive" and "headless"');
}

function readImage(
  value: unknown,
  place: Place,
  base: AgentType | undefined,
): Pick<AgentDefinition, 'npm' | 'runs'> {
  if (value === undefined) return { npm: base?.npm, runs: 'anywhere' };
  if (value === 'none') return { npm: undefined, runs: 'host-only' };
  if (typeof value === 'string') {
    throw rejectField(
      place,
      `is ${JSON.stringify(value)}`,
      'write "none", or {"package": ..., "version": ...}',
    );
  }
  const fields = readFields(value, place, ['package', 'version']);
  const name = readText(fields.package, enterField(place, 'package')) ?? base?.npm?.name;
  if (name === undefined) throw rejectField(enterField(place, 'package'), 'is missing');
  if (!/^(?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*$/i.test(name)) {
    throw rejectField(
      enterField(place, 'package'),
      `is ${JSON.stringify(name)}`,
      'the name of an npm package',
    );
  }
  const version = readText(fields.version, enterField(place, 'version')) ?? base?.npm?.version ?? 'latest';
  if (!/^[A-Za-z0-9][\w.+-]{0,63}$/.test(version)) {
    throw rejectField(enterField(place, 'version'), `is ${JSON.stringify(version)}`, 'write it like 1.2.3');
  }
  return { npm: { name, version }, runs: 'anywhere' };
}

function readTemplates(
  fields: Fields,
  at: (key: string) => Place,
): Pick<AgentDefinition, 'interactive' | 'headless' | 'json' | 'approvals'> {
  const interactive = readTemplate(fields.interactive, at('interactive')) ?? PLAIN_INTERACTIVE;
  const told = readFields(fields.approvals ?? {}, at('approvals'), ['never', 'ask']);
  const approvals = {
    never: readWords(told.never, enterField(at('approvals'), 'never')),
    ask: readWords(told.ask, enterField(at('approvals'), 'ask')),
  };
  const headless = readTemplate(fields.headless, at('headless'));
  const json = readTemplate(fields.json, at('json'));
  for (const name of ['prompt', 'promptFile'] as const) {
    if (usesPlaceholder(interactive, name)) {
      throw rejectField(
        at('interactive'),
        `: "{${name}}" has no value here`,
        'prompts are typed into the screen',
      );
    }
  }
  for (const [key, template] of Object.entries({ interactive, headless, json })) {
    const uses = template === undefined || usesPlaceholder(template, 'approvals');
    if (!uses && fields.approvals !== undefined) {
      throw rejectField(at(key), 'misses "{approvals}"', 'say where the words of "approvals" go');
    }
    if (template && fields.container !== undefined && !usesPlaceholder(template, 'container')) {
      throw rejectField(at(key), 'misses "{container}"', 'say where the words of "container" go');
    }
  }
  return { interactive, headless, json, approvals };
}

function readWords(value: unknown, place: Place): readonly string[] {
  return readItems(value, place, readWord) ?? [];
}
