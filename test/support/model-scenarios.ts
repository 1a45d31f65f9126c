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
 * - `SC-429`, `SC-401`, `SC-400`: that error
 * - `SC-TOOL command`: calls the agent's shell tool, then answers `tool said: <first line>`
 * - `SC-ASK command`: the same, in a form for which the agent asks the user's permission
 * - `SC-BOTH command | command`: calls the shell tool for both at once, then answers like `SC-TOOL`
 * - `SC-EDIT path`: writes `hello` into that file with the agent's own tool, then answers like `SC-TOOL`
 * - `SC-CHOOSE question | one | two`: asks the user to choose (more questions behind ` ; `), then answers `chosen: <what the tool gave>`
 * - `SC-PLAN text`: shows the plan and asks to leave plan mode, then answers like `SC-TOOL`
 * - `SC-TASK prompt`: gives the prompt to a sub-agent, then answers `task said: <last line>`
 * - `SC-BACK command`: calls the shell tool so that the command goes on behind the turn, where the agent can
 * - `SC-FULL command`: like `SC-TOOL`, and tells that the context is all but used up
 * - `SC-QUOTA`, `SC-CREDIT`: what the provider answers when the plan's limit is reached, when nothing is paid for
 *
 * Anything else is answered `reply <token>`, see {@link replyTo}.
 */
export type Plan =
  | { kind: 'say' | 'slow' | 'stall'; text: string }
  | { kind: 'hang' }
  | { kind: 'error'; status: number }
  | { kind: 'refusal'; why: 'quota' | 'credit' }
  | { kind: 'tool'; calls: readonly ToolCall[]; full?: true };

interface ToolCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The answer to a prompt without a scenario word; the same for texts that differ only at their ends. */
export function replyTo(prompt: string): string {
  return `reply ${createHash('sha256').update(prompt.trim()).digest('hex').slice(0, 8)}`;
}

/** Decides what to do with a request. Side requests (titles, summaries: no tools) are always answered. */
export function planFor(turn: ModelTurn): Plan {
  const prompt = turn.userTexts.at(-1) ?? '';
  if (turn.tools.length === 0) return { kind: 'say', text: 'Mock title' };
  const [, word, rest = ''] =
    /\bSC-(ECHO|SAY|HANG|STALL|SLOW|429|401|400|TOOL|ASK|BOTH|EDIT|CHOOSE|PLAN|TASK|BACK|FULL|QUOTA|CREDIT)\b[ \t]*([^\n]*)/.exec(
      prompt,
    ) ?? [];
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
    case '400':
      return { kind: 'error', status: Number(word) };
    case 'TOOL':
    case 'ASK':
      return toolPlan(turn, [rest.trim()], word === 'ASK');
    case 'BACK':
      return callPlan(turn, 'shell', shellTools, (tool) => backArguments(tool, rest.trim()));
    case 'FULL': {
      const plan = toolPlan(turn, [rest.trim()], false);
      return plan.kind === 'tool' ? { ...plan, full: true } : plan;
    }
    case 'QUOTA':
    case 'CREDIT':
      return { kind: 'refusal', why: word === 'QUOTA' ? 'quota' : 'credit' };
    case 'BOTH':
      return toolPlan(
        turn,
        rest.split('|').map((command) => command.trim()),
        false,
      );
    case 'EDIT':
      return callPlan(turn, 'edit', editTools, (tool) => editArguments(tool, rest.trim()));
    case 'CHOOSE':
      return callPlan(turn, 'question', questionTools, (tool) => questionArguments(tool, rest));
    case 'PLAN':
      return planPlan(turn, rest.trim());
    case 'TASK':
      return taskPlan(turn, rest.trim());
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

/** What each answer says it cost, in the words of all three protocols. */
const usage = {
  ...{ prompt_tokens: 1000, completion_tokens: 20, total_tokens: 1020 },
  ...{ input_tokens: 1000, output_tokens: 20 },
};

const fullUsage = {
  ...{ prompt_tokens: 1_990_000, completion_tokens: 20, total_tokens: 1_990_020 },
  ...{ input_tokens: 1_990_000, output_tokens: 20 },
};

function respond(plan: Plan | undefined): FixtureResponse {
  switch (plan?.kind) {
    case 'say':
    case 'slow':
    case 'stall':
      return { content: plan.text, usage };
    case 'tool':
      return {
        toolCalls: plan.calls.map(({ name, args }) => ({ name, arguments: JSON.stringify(args) })),
        usage: plan.full ? fullUsage : usage,
      };
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
  if (status === 400) return 'invalid_request_error';
  return status === 429 ? 'rate_limit_error' : 'authentication_error';
}

function toolPlan(turn: ModelTurn, commands: readonly string[], ask: boolean): Plan {
  const result = turn.toolResults.at(-1);
  if (result !== undefined) return { kind: 'say', text: `tool said: ${lastLine(result)}` };
  const tool = turn.tools.find((offered) => shellTools.has(offered.name));
  if (!tool) return sayMissing('shell', turn);
  const calls = commands.map((command) => ({ name: tool.name, args: shellArguments(tool, command, ask) }));
  return { kind: 'tool', calls };
}

function taskPlan(turn: ModelTurn, prompt: string): Plan {
  const result = turn.toolResults.at(-1);
  if (result !== undefined) return { kind: 'say', text: `task said: ${lastLine(result)}` };
  const tool = turn.tools.find((offered) => taskTools.has(offered.name));
  if (!tool) return sayMissing('task', turn);
  const type = tool.name === 'task' ? 'general' : 'general-purpose';
  const values = { prompt, message: prompt, description: 'A task', subagent_type: type };
  return { kind: 'tool', calls: [{ name: tool.name, args: pickArguments(tool, values) }] };
}

/** Writes the plan where claude in plan mode wants it, then asks to leave that mode. */
function planPlan(turn: ModelTurn, plan: string): Plan {
  const { planFile, toolResults } = turn;
  if (planFile !== undefined && toolResults.length === 0) {
    return callPlan(turn, 'edit', editTools, (tool) =>
      pickArguments(tool, { file_path: planFile, content: `# Plan\n\n- ${plan}\n` }),
    );
  }
  const asked = planFile !== undefined && toolResults.length === 1;
  return callPlan(asked ? { ...turn, toolResults: [] } : turn, 'plan', planTools, () => ({}));
}

/** Calls one tool of these, then tells what it gave. */
function callPlan(
  turn: ModelTurn,
  what: string,
  names: ReadonlySet<string>,
  fill: (tool: OfferedTool) => Readonly<Record<string, unknown>>,
): Plan {
  const result = turn.toolResults.at(-1);
  if (result !== undefined) {
    return { kind: 'say', text: `${what === 'question' ? 'chosen' : 'tool said'}: ${lastLine(result)}` };
  }
  const tool = turn.tools.find((offered) => names.has(offered.name));
  if (!tool) return sayMissing(what, turn);
  return { kind: 'tool', calls: [{ name: tool.name, args: fill(tool) }] };
}

function editArguments(tool: OfferedTool, path: string): Record<string, unknown> {
  const patch = `*** Begin Patch\n*** Add File: ${path}\n+hello\n*** End Patch\n`;
  return pickArguments(tool, { path, file_path: path, filePath: path, content: 'hello\n', input: patch });
}

/** `first? | one | two ; second? | three | four`; with "all that apply" in it, several may be chosen. */
function questionArguments(tool: OfferedTool, text: string): Record<string, unknown> {
  const questions = text.split(' ; ').map((part, index) => {
    const [question = '', ...labels] = part.split('|').map((word) => word.trim());
    const multi = /\ball that apply\b/.test(question);
    const options = labels.map((label) => ({ label, description: `takes ${label}` }));
    const header = `Choice ${index + 1}`;
    return { question, header, id: `choice_${index}`, options, multiSelect: multi, multiple: multi };
  });
  return pickArguments(tool, { questions });
}

function sayMissing(what: string, turn: ModelTurn): Plan {
  const names = turn.tools.map((offered) => offered.name).join(' ');
  return { kind: 'say', text: `no ${what} tool among: ${names}` };
}

const editTools = new Set(['Write', 'write', 'apply_patch']);
const questionTools = new Set(['AskUserQuestion', 'question', 'request_user_input']);
const planTools = new Set(['ExitPlanMode']);
const taskTools = new Set(['Task', 'Agent', 'task', 'spawn_agent']);
const shellTools = new Set(['bash', 'Bash', 'exec_command']);

function shellArguments(tool: OfferedTool, command: string, ask: boolean): Record<string, string> {
  const values: Record<string, string> = {
    command,
    cmd: command,
    description: 'Run a command',
    ...(ask && { sandbox_permissions: 'require_escalated', justification: 'the mock model wants to' }),
  };
  return pickArguments(tool, values);
}

/** In a form that leaves the command running when the turn goes on: claude has a switch for it, codex a short patience. */
function backArguments(tool: OfferedTool, command: string): Record<string, unknown> {
  const values: Record<string, unknown> = { ...shellArguments(tool, command, false) };
  const more = { run_in_background: true, yield_time_ms: 1000 };
  return { ...values, ...pickArguments<unknown>(tool, more) };
}

function pickArguments<T>(tool: OfferedTool, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => tool.parameters.includes(name)));
}

/** codex wraps the output in facts about the run; the output itself comes last. */
function lastLine(result: string): string {
  return result.trimEnd().split('\n').at(-1) ?? '';
}
