import {
  type Body,
  dateEvents,
  describeTool,
  describeToolInput,
  type EventBody,
  readBody,
  readMessage,
  readName,
  readPrompt,
} from '../report-body.ts';
import type { AgentEvent, RawReport } from '../types.ts';

/** Hook input of Codex 0.169.0 to events. It tells of its session with the first prompt, of API errors nothing. */
export function parseReport(report: RawReport): readonly AgentEvent[] {
  const body = readBody(report.body);
  return dateEvents(report.at, readName(body.session_id), readEvents(body));
}

function readEvents(body: Body): readonly EventBody[] {
  const tool = readName(body.tool_name) ?? 'tool';
  switch (body.hook_event_name) {
    case 'SessionStart':
      return body.source === 'compact' ? [] : [{ kind: 'ready' }];
    case 'UserPromptSubmit': {
      const text = readPrompt(body.prompt);
      return text === undefined ? [] : [{ kind: 'prompt', text }, { kind: 'busy' }];
    }
    case 'PreToolUse':
      return [{ kind: 'tool', name: tool, input: describeToolInput(body.tool_input) }];
    case 'PermissionRequest':
      return [{ kind: 'ask', question: 'approval', what: describeTool(tool, body.tool_input) }];
    case 'PostToolUse':
      // A permission that was given is not reported: that the tool ran says it.
      return [{ kind: 'answered' }, { kind: 'tool-end', name: tool }];
    case 'Stop':
      return [{ kind: 'turn-end', message: readMessage(body.last_assistant_message) }];
    case 'Interrupt':
      return [{ kind: 'error', message: 'interrupted', retrying: false }];
    case 'SessionEnd':
      return body.reason === 'clear' || body.reason === 'resume' ? [] : [{ kind: 'end' }];
    default:
      return [];
  }
}
