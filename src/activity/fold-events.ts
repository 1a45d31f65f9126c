import type { AgentEvent, QuestionKind } from '../agents/types.ts';
import { shorten } from './patterns.ts';

const MAX_TOOLS = 3;
const NAME_CHARS = 40;
const TOOL_CHARS = 100;
const QUESTION_CHARS = 300;

export interface OpenTool {
  readonly name: string;
  readonly input: string;
  readonly at: number;
}

export interface OpenQuestion {
  readonly kind: QuestionKind;
  readonly what: string;
  readonly at: number;
  /** The tool that was last started when it was asked. */
  readonly tool?: string | undefined;
  /** Its dialog has been seen on the screen. */
  readonly seen: boolean;
}

/** What an agent's reports have opened and nothing has closed yet. JSON-serialisable, below 3 KB. */
export interface OpenFacts {
  /** Undefined until the first report. */
  readonly turn?: 'open' | 'over' | undefined;
  /** When the turn opened or closed (ms since the epoch). */
  readonly turnAt: number;
  readonly tools: readonly OpenTool[];
  readonly question?: OpenQuestion | undefined;
  readonly error?: { readonly message: string; readonly retrying: boolean; readonly at: number } | undefined;
  readonly reportedAt?: number | undefined;
}

/** No report yet. */
export const NO_FACTS: OpenFacts = { turnAt: 0, tools: [] };

/** The facts that stand after one more report. A report opens a fact, a later one closes it. */
export function foldEvent(facts: OpenFacts, event: AgentEvent): OpenFacts {
  const told = { ...facts, reportedAt: event.at };
  switch (event.kind) {
    case 'ready':
      return told.turn === undefined ? closeFacts(told, event.at) : told;
    case 'prompt':
      return { ...openTurn(told, event.at), question: undefined, error: undefined };
    case 'busy':
      return { ...openTurn(told, event.at), error: undefined };
    case 'tool':
      return { ...openTurn(told, event.at), error: undefined, tools: addTool(told.tools, event) };
    case 'tool-end':
      return { ...endTool(told, event.name) };
    case 'ask':
      return { ...openTurn(told, event.at), question: makeQuestion(told, event) };
    case 'answered':
      return { ...told, question: undefined };
    case 'turn-end':
      return { ...closeFacts(told, event.at), error: told.error?.retrying ? undefined : told.error };
    case 'error':
      return foldError(told, event);
    case 'end':
      return closeFacts(told, event.at);
  }
}

/** Closes everything that reports had opened: the turn is over since `at` (ms since the epoch). */
export function closeFacts(facts: OpenFacts, at: number): OpenFacts {
  const turnAt = facts.turn === 'over' ? facts.turnAt : at;
  return { ...facts, turn: 'over', turnAt, tools: [], question: undefined };
}

/** Whether anything a report opened still stands. */
export function hasOpenFacts(facts: OpenFacts): boolean {
  return facts.turn === 'open' || facts.question !== undefined;
}

function openTurn(facts: OpenFacts, at: number): OpenFacts {
  return facts.turn === 'open' ? facts : { ...facts, turn: 'open', turnAt: at };
}

function addTool(tools: readonly OpenTool[], event: AgentEvent & { kind: 'tool' }): readonly OpenTool[] {
  const tool = {
    name: shorten(event.name, NAME_CHARS),
    input: shorten(event.input, TOOL_CHARS),
    at: event.at,
  };
  return [...tools, tool].slice(-MAX_TOOLS);
}

function endTool(facts: OpenFacts, name: string): OpenFacts {
  const ended = shorten(name, NAME_CHARS);
  const index = facts.tools.findIndex((tool) => tool.name === ended);
  const tools = facts.tools.filter((_, at) => at !== index);
  const asked = facts.question;
  const answered = asked !== undefined && (asked.tool === undefined || asked.tool === ended);
  return { ...facts, tools, question: answered ? undefined : asked };
}

function makeQuestion(facts: OpenFacts, event: AgentEvent & { kind: 'ask' }): OpenQuestion {
  const what = shorten(event.what, QUESTION_CHARS);
  return { kind: event.question, what, at: event.at, tool: facts.tools.at(-1)?.name, seen: false };
}

function foldError(facts: OpenFacts, event: AgentEvent & { kind: 'error' }): OpenFacts {
  const error = { message: shorten(event.message, 200), retrying: event.retrying, at: event.at };
  return { ...(event.retrying ? openTurn(facts, event.at) : closeFacts(facts, event.at)), error };
}
