import { createHash } from 'node:crypto';
import type { Fixture, FixtureResponse } from '@copilotkit/aimock';
import type { ModelTurn, OfferedTool } from './model-requests.ts';

/**
 * What the model does with one request. The words stand anywhere in the last user text:
 *
 * - `SC-ECHO word`: answers `answer to word`
 * - `SC-SAY text to the end of the line`: answers that text
 * - `SC-HANG`: never answers
 * - `SC-STALL`: the stream stops in the middle of the answer
 * - `SC-SLOW`: a long answer at three tokens a second
 * - `SC-429`, `SC-401`: that error
 * - `SC-TOOL command`: calls the agent's shell tool, then answers `tool said: <first line>`
 * - `SC-ASK command`: the same, in a form for which the agent asks the user's permission
 *
 * Anything else is answered `reply <token>`, see {@link replyTo}.
 */
export type Plan =
  | { kind: 'say' | 'slow' | 'stall'; text: string }
  | { kind: 'hang' }
  | { kind: 'error'; status: number }
  | { kind: 'tool'; name: string; args: Record<string, string> };

/** The answer to a prompt without a scenario word; the same for texts that differ only at their ends. */
export function replyTo(prompt: string): string {
  return `reply ${createHash('sha256').update(prompt.trim()).digest('hex').slice(0, 8)}`;
}

/** Decides what to do with a request. Side requests (titles, summaries: no tools) are always answered. */
export function planFor(turn: ModelTurn): Plan {
  const prompt = turn.userTexts.at(-1) ?? '';
  if (turn.tools.length === 0) return { kind: 'say', text: 'Mock title' };
  const [, word, rest = ''] =
    /\bSC-(ECHO|SAY|HANG|STALL|SLOW|429|401|TOOL|ASK)\b[ \t]*([^\n]*)/.exec(prompt) ?? [];
  switch (word) {
    case 'ECHO':
      return { kind: 'say', text: `answer to ${/^[^\s"]*/.exec(rest)?.[0]}` };
    case 'SAY':
      return { kind: 'say', text: rest };
    case 'HANG':
      return { kind: 'hang' };
    case 'STALL':
    case 'SLOW':
      return { kind: word === 'SLOW' ? 'slow' : 'stall', text: countingAnswer };
    case '429':
    case '401':
      return { kind: 'error', status: Number(word) };
    case 'TOOL':
    case 'ASK':
      return toolPlan(turn, rest.trim(), word === 'ASK');
    default:
      return { kind: 'say', text: replyTo(prompt) };
  }
}

/** The rules for the mock server; `planOf` gives the plan that was made for a request. */
export function fixturesFor(planOf: (context: string | undefined) => Plan | undefined): Fixture[] {
  const rule = (kind: Plan['kind'], timing: Partial<Fixture>): Fixture => ({
    match: { predicate: (request) => planOf(request._context)?.kind === kind },
    response: (request) => respond(planOf(request._context)),
    ...timing,
  });
  return [
    rule('slow', slowly),
    // The pass-through stops handing this one on in the middle.
    rule('stall', slowly),
    rule('error', {}),
    rule('tool', {}),
    rule('say', { chunkSize: 20 }),
  ];
}

const slowly: Partial<Fixture> = { streamingProfile: { ttft: 300, tps: 3 }, chunkSize: 8 };
const countingAnswer = Array.from({ length: 60 }, (_, n) => `count ${n + 1}`).join(', ');

function respond(plan: Plan | undefined): FixtureResponse {
  switch (plan?.kind) {
    case 'say':
    case 'slow':
    case 'stall':
      return { content: plan.text };
    case 'tool':
      return { toolCalls: [{ name: plan.name, arguments: JSON.stringify(plan.args) }] };
    case 'error':
      return {
        status: plan.status,
        error: { message: `mock error ${plan.status}`, type: errorType(plan.status) },
      };
    default:
      return { status: 500, error: { message: 'mock model: no plan for this request' } };
  }
}

function errorType(status: number): string {
  return status === 429 ? 'rate_limit_error' : 'authentication_error';
}

function toolPlan(turn: ModelTurn, command: string, ask: boolean): Plan {
  const result = turn.toolResults.at(-1);
  if (result !== undefined) return { kind: 'say', text: `tool said: ${lastLine(result)}` };
  const tool = turn.tools.find((offered) => shellTools.has(offered.name));
  if (!tool)
    return {
      kind: 'say',
      text: `no shell tool among: ${turn.tools.map((offered) => offered.name).join(' ')}`,
    };
  return { kind: 'tool', name: tool.name, args: shellArguments(tool, command, ask) };
}

const shellTools = new Set(['bash', 'Bash', 'exec_command']);

function shellArguments(tool: OfferedTool, command: string, ask: boolean): Record<string, string> {
  const values: Record<string, string> = {
    command,
    cmd: command,
    description: 'Run a command',
    ...(ask && { sandbox_permissions: 'require_escalated', justification: 'the mock model wants to' }),
  };
  return Object.fromEntries(Object.entries(values).filter(([name]) => tool.parameters.includes(name)));
}

/** codex wraps the output in facts about the run; the output itself comes last. */
function lastLine(result: string): string {
  return result.trimEnd().split('\n').at(-1) ?? '';
}
