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
} from '../report-body.ts';
import type { AgentEvent, RawReport } from '../types.ts';

/** Hook input of Claude Code 2.1.197 to events. Nothing is reported after Escape or a refused permission. */
export function parseReport(report: RawReport): readonly AgentEvent[] {
  const body = readBody(report.body);
  return dateEvents(report.at, readName(body.session_id), readEvents(body));
}

function readEvents(body: Body): readonly EventBody[] {
  const tool = readName(body.tool_name) ?? 'tool';
  switch (body.hook_event_name) {
    case 'SessionStart':
      // A compaction starts the session anew in the middle of a turn.
      return body.source === 'compact' ? [] : [{ kind: 'ready' }];
    case 'UserPromptSubmit': {
      const text = readPrompt(body.prompt);
      return text === undefined ? [] : [{ kind: 'prompt', text }, { kind: 'busy' }];
    }
    case 'PreToolUse':
      return [{ kind: 'tool', name: tool, input: describeToolInput(body.tool_input) }];
    case 'PermissionRequest':
      return [readPermission(tool, body.tool_input)];
    case 'PostToolUse':
    case 'PostToolUseFailure':
      // A permission that was given is not reported: that the tool ran says it.
      return [{ kind: 'answered' }, { kind: 'tool-end', name: tool }];
    case 'PermissionDenied':
    case 'ElicitationResult':
      return [{ kind: 'answered' }];
    case 'Elicitation':
      return [{ kind: 'ask', question: 'choice', what: readMessage(body.message) }];
    case 'Stop':
      return [{ kind: 'turn-end', message: readMessage(body.last_assistant_message) }];
    case 'StopFailure':
      return [{ kind: 'error', message: describeFailure(body), retrying: false }];
    case 'SessionEnd':
      // `/clear` and `/resume` end one conversation and start the next.
      return body.reason === 'clear' || body.reason === 'resume' ? [] : [{ kind: 'end' }];
    default:
      return [];
  }
}

function readPermission(tool: string, input: unknown): EventBody {
  if (tool === 'AskUserQuestion') {
    return { kind: 'ask', question: 'choice', what: describeQuestions(readBody(input).questions) };
  }
  return { kind: 'ask', question: 'approval', what: describeTool(tool, input) };
}

function describeFailure(body: Body): string {
  const said = readMessage(body.last_assistant_message);
  return said === '' ? readMessage(body.error) : said;
}
