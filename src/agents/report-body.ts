import type { AgentEvent, AgentUsage } from './types.ts';

/** A JSON object that nothing is known of yet. */
export type Body = Readonly<Record<string, unknown>>;

const MAX_NAME = 200;
const MAX_TOOL_INPUT = 2_000;
const MAX_MESSAGE = 100_000;
const MAX_PROMPT = 1_000_000;

/** The value as an object, or an empty one. */
export function readBody(value: unknown): Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {};
}

/** The value as an array, or an empty one. */
export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string no longer than `max`, or undefined. */
function readString(value: unknown, max: number): string | undefined {
  return typeof value === 'string' ? value.slice(0, max) : undefined;
}

/** A short identifier (tool, event, conversation), or undefined. */
export function readName(value: unknown): string | undefined {
  const name = readString(value, MAX_NAME);
  return name === '' ? undefined : name;
}

/** Something the agent said; empty when it said nothing. */
export function readMessage(value: unknown): string {
  return readString(value, MAX_MESSAGE) ?? '';
}

/** A prompt's text, or undefined. */
export function readPrompt(value: unknown): string | undefined {
  return readString(value, MAX_PROMPT);
}

/** One line for people of what a tool was given: the command, the file, or all of it as JSON. */
export function describeToolInput(input: unknown): string {
  if (typeof input === 'string') return input.slice(0, MAX_TOOL_INPUT);
  const fields = readBody(input);
  for (const key of [
    'command',
    'cmd',
    'file_path',
    'filePath',
    'path',
    'pattern',
    'url',
    'query',
    'description',
  ]) {
    const value = fields[key];
    if (typeof value === 'string' && value !== '') return value.slice(0, MAX_TOOL_INPUT);
  }
  const questions = describeQuestions(fields.questions);
  if (questions !== '') return questions;
  const command = readList(fields.command);
  if (command.length > 0) return command.map(String).join(' ').slice(0, MAX_TOOL_INPUT);
  if (Object.keys(fields).length === 0) return '';
  return JSON.stringify(fields).slice(0, MAX_TOOL_INPUT);
}

/** What a tool wants to do, as `WAITING` shows it: `Bash: rm -rf build`. */
export function describeTool(name: string, input: unknown): string {
  const what = describeToolInput(input);
  return what === '' ? name : `${name}: ${what}`;
}

/** The questions of a question tool, one a line. */
export function describeQuestions(questions: unknown): string {
  return readList(questions)
    .map((question) => readString(readBody(question).question, MAX_TOOL_INPUT))
    .filter((question) => question !== undefined)
    .join('\n')
    .slice(0, MAX_TOOL_INPUT);
}

/** What was used, from the fields of that name; undefined when none is a number that can be one. No price is no cost. */
export function readUsage(fields: Body): AgentUsage | undefined {
  const entries = USAGE_FIELDS.flatMap((name) => {
    const value = fields[name];
    const least = name === 'cost' ? Number.MIN_VALUE : 0;
    const counts = typeof value === 'number' && value >= least && value <= Number.MAX_SAFE_INTEGER;
    return counts ? [[name, name === 'cost' ? value : Math.round(value)] as const] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const USAGE_FIELDS = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'context',
  'contextSize',
  'cost',
] as const satisfies readonly (keyof AgentUsage)[];

/** An event without the facts that all events of one report share. */
export type EventBody = AgentEvent extends infer E
  ? E extends AgentEvent
    ? Omit<E, 'at' | 'conversation'>
    : never
  : never;

/** Adds the report's time and conversation to what was read from it. */
export function dateEvents(
  at: number,
  conversation: string | undefined,
  events: readonly EventBody[],
): readonly AgentEvent[] {
  return events.map((event) => ({ ...event, at, conversation }));
}
