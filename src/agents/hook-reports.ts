import {
  type Body,
  dateEvents,
  describeQuestions,
  describeTool,
  describeToolInput,
  type EventBody,
  readBody,
  readMessage,
  readName,
  readPrompt,
  readUsage,
} from './report-body.ts';
import { USAGE_EVENT } from './reporter-line.ts';
import type { AgentEvent, RawReport } from './types.ts';

/**
 * Hook input of Claude Code (2.1.197) and of Codex (0.169.0), which took over claude's events and fields, to events.
 * What only one of them tells is marked. Claude says nothing after Escape and after a refused permission.
 */
export function parseHookReport(report: RawReport): readonly AgentEvent[] {
  const body = readBody(report.body);
  return dateEvents(report.at, readName(body.session_id), readEvents(body));
}

function readEvents(body: Body): readonly EventBody[] {
  const subagent = readName(body.agent_id) === undefined ? {} : { subagent: true as const };
  const tool = { name: readName(body.tool_name) ?? 'tool', id: readName(body.tool_use_id), ...subagent };
  switch (body.hook_event_name) {
    case 'SessionStart':
      // A compaction starts the session anew in the middle of a turn.
      return body.source === 'compact' ? [] : [{ kind: 'ready' }];
    case 'UserPromptSubmit': {
      const text = readPrompt(body.prompt);
      return text === undefined || subagent.subagent ? [] : [{ kind: 'prompt', text }, { kind: 'busy' }];
    }
    case 'PreToolUse':
      return [{ kind: 'tool', ...tool, input: describeToolInput(body.tool_input) }];
    case 'PermissionRequest':
      return [{ ...readPermission(tool.name, body.tool_input), ...subagent }];
    case 'PostToolUse':
    case 'PostToolUseFailure':
      // That an answer was given is not reported: the end of the asking tool says it.
      return [{ kind: 'tool-end', ...tool }];
    case 'PermissionDenied':
    case 'ElicitationResult':
      return [{ kind: 'answered' }];
    case 'Elicitation':
      return [{ kind: 'ask', question: 'choice', what: readMessage(body.message) }];
    case 'Notification':
      return readNotification(body);
    case 'PreCompact':
      return [{ kind: 'tool', name: COMPACTION, input: '' }];
    case 'PostCompact':
      return [{ kind: 'tool-end', name: COMPACTION }, ...(body.trigger === 'manual' ? [overWith('')] : [])];
    case 'PostModelRequest':
      return readRequest(body);
    case 'Stop':
      return subagent.subagent ? [] : [overWith(readMessage(body.last_assistant_message))];
    case 'StopFailure':
      return [{ kind: 'error', message: describeFailure(body), retrying: false }];
    case 'Interrupt':
      return [{ kind: 'error', message: 'interrupted', retrying: false }];
    case 'SessionEnd':
      // `/clear` and `/resume` end one conversation and start the next.
      return body.reason === 'clear' || body.reason === 'resume' ? [] : [{ kind: 'end' }];
    case USAGE_EVENT:
      return readUsageReport(body);
    default:
      return [];
  }
}

const COMPACTION = 'compaction';

function overWith(message: string): EventBody {
  return { kind: 'turn-end', message };
}

function readPermission(tool: string, input: unknown): EventBody & { kind: 'ask' } {
  if (tool === 'AskUserQuestion') {
    return { kind: 'ask', question: 'choice', what: describeQuestions(readBody(input).questions), tool };
  }
  if (tool === 'ExitPlanMode') {
    return { kind: 'ask', question: 'plan', what: `plan: ${readMessage(readBody(input).plan)}`, tool };
  }
  return { kind: 'ask', question: 'approval', what: describeTool(tool, input), tool };
}

/** claude, some seconds after the fact: it stands in for events that a version lacks. */
function readNotification(body: Body): readonly EventBody[] {
  if (body.notification_type === 'permission_prompt')
    return [{ kind: 'ask', question: 'approval', what: '' }];
  return body.notification_type === 'idle_prompt' ? [overWith('')] : [];
}

/** codex, after each attempt; after the last one that failed it says nothing more. */
function readRequest(body: Body): readonly EventBody[] {
  if (body.status !== 'failed' || readName(body.agent_id) !== undefined) return [];
  return [{ kind: 'error', message: describeRequestError(readMessage(body.error)), retrying: true }];
}

/** `exceeded retry limit, last status: 429 Too Many Requests, request id: req-1` is said of every attempt. */
function describeRequestError(said: string): string {
  return said
    .replace(/^exceeded retry limit, last status: /, '')
    .replace(/^unexpected status /, '')
    .replace(/, (?:url|request id|cf-ray): .*$/s, '');
}

function describeFailure(body: Body): string {
  const said = readMessage(body.last_assistant_message);
  return said === '' ? readMessage(body.error) : said;
}

/** What our own hooks read from the transcript that the agent named: claude's sums, codex's own account. */
function readUsageReport(body: Body): readonly EventBody[] {
  const total = readBody(body.total_token_usage);
  const last = readBody(body.last_token_usage);
  const usage =
    body.total_token_usage === undefined
      ? readUsage(body)
      : readUsage({
          input: subtract(total.input_tokens, total.cached_input_tokens),
          output: total.output_tokens,
          cacheRead: total.cached_input_tokens,
          context: last.total_tokens,
          contextSize: body.model_context_window,
        });
  return usage === undefined ? [] : [{ kind: 'usage', usage }];
}

/** codex counts what was cached as input, too. */
function subtract(all: unknown, part: unknown): unknown {
  return typeof all === 'number' && typeof part === 'number' ? all - part : all;
}
