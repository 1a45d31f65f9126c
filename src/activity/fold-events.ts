import type { AgentEvent, AgentUsage, QuestionKind } from '../agents/types.ts';
import { shorten } from './patterns.ts';

const MAX_TOOLS = 6;
const ID_CHARS = 80;
const NAME_CHARS = 40;
const TOOL_CHARS = 100;
const QUESTION_CHARS = 300;
const SAID_CHARS = 300;
/** Enough of a line to know it again. */
const KNOWN_CHARS = 60;

export interface OpenTool {
  readonly name: string;
  readonly id?: string | undefined;
  readonly input: string;
  readonly at: number;
}

export interface OpenQuestion {
  readonly kind: QuestionKind;
  readonly what: string;
  readonly at: number;
  /** The tool that needs the answer: the one that asks, or that was started last. */
  readonly tool?: string | undefined;
  readonly toolId?: string | undefined;
  /** Its dialog has been seen on the screen. */
  readonly seen: boolean;
}

/** What an agent's reports have opened and nothing has closed yet. JSON-serialisable, below 4.5 KB. */
export interface OpenFacts {
  /** Undefined until the first report. */
  readonly turn?: 'open' | 'over' | undefined;
  /** When the turn opened or closed (ms since the epoch). */
  readonly turnAt: number;
  /** The newest ones that run, oldest first. */
  readonly tools: readonly OpenTool[];
  /** How many more run that are older than those. */
  readonly olderTools?: number | undefined;
  readonly question?: OpenQuestion | undefined;
  readonly error?: { readonly message: string; readonly retrying: boolean; readonly at: number } | undefined;
  readonly reportedAt?: number | undefined;
  /** What the user wrote last, and how the agent's answer to it ends, without blanks: what stands in these is quoted. */
  readonly prompt?: string | undefined;
  readonly said?: string | undefined;
  /** The agent's own id of the conversation it is in, and what that has used. */
  readonly conversation?: string | undefined;
  readonly usage?: AgentUsage | undefined;
}

/** No report yet. */
export const NO_FACTS: OpenFacts = { turnAt: 0, tools: [] };

/** The facts that stand after one more report. A report opens a fact, a later one closes it. */
export function foldEvent(facts: OpenFacts, event: AgentEvent): OpenFacts {
  if (isElsewhere(facts, event)) return facts;
  const here = enterConversation(facts, event);
  if (event.kind === 'usage') return { ...here, usage: { ...here.usage, ...event.usage } };
  const told = { ...here, reportedAt: event.at };
  switch (event.kind) {
    case 'ready':
      return told.turn === undefined ? closeFacts(told, event.at) : told;
    case 'prompt':
      return {
        ...openTurn(told, event.at),
        ...{ question: undefined, error: undefined, said: undefined },
        prompt: squeeze(event.text).slice(0, SAID_CHARS),
      };
    case 'busy':
      return { ...openTurn(told, event.at), error: undefined };
    case 'tool':
      return startTool(told, event);
    case 'tool-end':
      return endTool(told, event);
    case 'ask':
      return openQuestion(told, event);
    case 'answered':
      return { ...told, question: undefined };
    case 'turn-end':
      return {
        ...closeFacts(told, event.at),
        error: told.error?.retrying ? undefined : told.error,
        said: squeeze(event.message).slice(-SAID_CHARS),
      };
    case 'error':
      return foldError(told, event);
    case 'end':
      return closeFacts(told, event.at);
  }
}

/** What another conversation of the agent goes on to report while this one has a turn: only a question concerns us. */
function isElsewhere(facts: OpenFacts, event: AgentEvent): boolean {
  const other = facts.conversation !== undefined && event.conversation !== undefined;
  if (!other || shorten(event.conversation, ID_CHARS) === facts.conversation) return false;
  switch (event.kind) {
    case 'ready':
    case 'prompt':
    case 'ask':
    case 'answered':
      return false;
    case 'busy':
    case 'tool':
      return facts.turn === 'open';
    default:
      return true;
  }
}

/** The facts of the conversation that the event tells of: where it is another one, nothing of the last stands. */
function enterConversation(facts: OpenFacts, event: AgentEvent): OpenFacts {
  if (event.conversation === undefined || event.kind === 'ask' || event.kind === 'answered') return facts;
  const conversation = shorten(event.conversation, ID_CHARS);
  if (conversation === facts.conversation) return facts;
  if (facts.conversation === undefined) return { ...facts, conversation };
  const closed = facts.turn === undefined ? facts : closeFacts(facts, event.at);
  return { ...closed, conversation, usage: undefined, error: undefined };
}

/** Closes everything that reports had opened: the turn is over since `at` (ms since the epoch). */
export function closeFacts(facts: OpenFacts, at: number): OpenFacts {
  const turnAt = facts.turn === 'over' ? facts.turnAt : at;
  return { ...facts, turn: 'over', turnAt, tools: [], olderTools: undefined, question: undefined };
}

/** Whether words on the screen are the user's own, or the agent's answer, and nothing that it shows of itself. */
export function isQuoted({ prompt = '', said = '' }: OpenFacts, words: string): boolean {
  const start = squeeze(words).replace(/…$/u, '').slice(0, KNOWN_CHARS);
  return start !== '' && (prompt.includes(start) || said.includes(start));
}

/** Whether anything a report opened still stands. */
export function hasOpenFacts(facts: OpenFacts): boolean {
  return facts.turn === 'open' || facts.question !== undefined;
}

function openTurn(facts: OpenFacts, at: number): OpenFacts {
  return facts.turn === 'open' ? facts : { ...facts, turn: 'open', turnAt: at };
}

/** A sub-agent's tool may be started when the turn is over: it opens none. */
function startTool(facts: OpenFacts, event: AgentEvent & { kind: 'tool' }): OpenFacts {
  if (event.subagent && facts.turn !== 'open') return facts;
  const tools = [
    ...facts.tools,
    { ...nameTool(event), input: shorten(event.input, TOOL_CHARS), at: event.at },
  ];
  const over = Math.max(0, tools.length - MAX_TOOLS);
  const olderTools = over === 0 ? facts.olderTools : (facts.olderTools ?? 0) + over;
  return { ...openTurn(facts, event.at), error: undefined, tools: tools.slice(over), olderTools };
}

function nameTool({ name, id }: { readonly name: string; readonly id?: string | undefined }) {
  return { name: shorten(name, NAME_CHARS), ...(id === undefined ? {} : { id: shorten(id, ID_CHARS) }) };
}

function endTool(facts: OpenFacts, event: AgentEvent & { kind: 'tool-end' }): OpenFacts {
  const ended = nameTool(event);
  const index = facts.tools.findIndex((tool) => isSame(tool, ended));
  const tools = facts.tools.filter((_, at) => at !== index);
  const older = facts.olderTools ?? 0;
  const olderTools = index < 0 && older > 0 ? older - 1 : facts.olderTools;
  const asked = facts.question;
  const asking = asked?.tool === undefined ? ended : { name: asked.tool, id: asked.toolId };
  return { ...facts, tools, olderTools, question: isSame(asking, ended) ? undefined : asked };
}

/** By the call's id, where both have one. */
function isSame(one: Pick<OpenTool, 'name' | 'id'>, other: Pick<OpenTool, 'name' | 'id'>): boolean {
  return one.id !== undefined && other.id !== undefined ? one.id === other.id : one.name === other.name;
}

/** One that is told without its words stands for the one that is open. */
function openQuestion(facts: OpenFacts, event: AgentEvent & { kind: 'ask' }): OpenFacts {
  const opened = event.subagent ? facts : openTurn(facts, event.at);
  const what = shorten(event.what, QUESTION_CHARS);
  if (what === '' && facts.question !== undefined) return opened;
  const name = event.tool === undefined ? undefined : shorten(event.tool, NAME_CHARS);
  const tool = facts.tools.findLast((open) => name === undefined || open.name === name);
  const asking = tool === undefined ? { tool: name } : { tool: tool.name, toolId: tool.id };
  return { ...opened, question: { kind: event.question, what, at: event.at, ...asking, seen: false } };
}

function foldError(facts: OpenFacts, event: AgentEvent & { kind: 'error' }): OpenFacts {
  const error = { message: shorten(event.message, 200), retrying: event.retrying, at: event.at };
  return { ...(event.retrying ? openTurn(facts, event.at) : closeFacts(facts, event.at)), error };
}

function squeeze(text: string): string {
  return text.replace(/[\s\p{Cs}]+/gu, '');
}
