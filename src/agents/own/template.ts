import { enterField, type Place, readItems, readWord, rejectField } from './fields.ts';

/** A word of a command line, or words that stand and fall together: without a value for one, all are left out. */
export type TemplateItem = string | readonly string[];
export type Template = readonly TemplateItem[];

/** What a single placeholder stands for; undefined: nothing was given. */
export type TemplateValues = Readonly<Record<ValueName, string | undefined>>;
/** What a placeholder that is a word of its own stands for: any number of words. */
export type TemplateWords = Readonly<Record<WordsName, readonly string[]>>;

const VALUE_NAMES = ['prompt', 'promptFile', 'model', 'provider', 'workspace', 'home'] as const;
const WORDS_NAMES = ['args', 'approvals', 'container'] as const;
type ValueName = (typeof VALUE_NAMES)[number];
type WordsName = (typeof WORDS_NAMES)[number];

const PLACEHOLDER = /\{([A-Za-z]+)\}/g;

/** A template from JSON; undefined when it is missing. Throws CONFIG_INVALID: an unknown or misplaced placeholder. */
export function readTemplate(value: unknown, place: Place): Template | undefined {
  const template = readItems(value, place, (item, at): TemplateItem => {
    if (Array.isArray(item)) return readItems(item, at, readWord) ?? [];
    return readWord(item, at);
  });
  template?.forEach((item, index) => {
    checkItem(item, enterField(place, index));
  });
  if (template && !template.includes('{args}')) {
    throw rejectField(place, 'misses "{args}"', 'say where the words after -- go, as a word of its own');
  }
  return template;
}

/** Whether a template takes something, `{model}` for example. */
export function usesPlaceholder(template: Template, name: ValueName | WordsName): boolean {
  return template.flat().some((word) => word.includes(`{${name}}`));
}

/** The words of a command line. A word whose placeholder has no value is left out, with the list it stands in. */
export function fillTemplate(
  template: Template,
  values: TemplateValues,
  words: TemplateWords,
): readonly string[] {
  return template.flatMap((item) => {
    const name = typeof item === 'string' ? findWords(item) : undefined;
    if (name !== undefined) return words[name];
    const filled = [item].flat().map((word) => fillWord(word, values));
    return filled.every((word) => word !== undefined) ? filled : [];
  });
}

function fillWord(word: string, values: TemplateValues): string | undefined {
  const names = listPlaceholders(word) as readonly ValueName[];
  if (names.some((name) => values[name] === undefined)) return undefined;
  return word.replace(PLACEHOLDER, (_, name: ValueName) => values[name] ?? '');
}

function findWords(item: string): WordsName | undefined {
  return WORDS_NAMES.find((name) => item === `{${name}}`);
}

function checkItem(item: TemplateItem, place: Place): void {
  const known: readonly string[] = [...VALUE_NAMES, ...WORDS_NAMES];
  for (const word of [item].flat()) {
    for (const name of listPlaceholders(word)) {
      if (!known.includes(name)) {
        const all = known.map((entry) => `{${entry}}`).join(' ');
        throw rejectField(place, `holds an unknown placeholder "{${name}}"`, `known: ${all}`);
      }
      if ((WORDS_NAMES as readonly string[]).includes(name) && item !== `{${name}}`) {
        throw rejectField(
          place,
          `: "{${name}}" stands for any number of words`,
          'let it be a word of its own',
        );
      }
    }
  }
  if (item === '{model}' || item === '{provider}') {
    throw rejectField(
      place,
      `: "${item}" may have no value`,
      `write ["--option", "${item}"] to leave both out`,
    );
  }
}

function listPlaceholders(word: string): readonly string[] {
  return [...word.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
}
