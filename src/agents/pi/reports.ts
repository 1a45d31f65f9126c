import {
  type Body,
  dateEvents,
  describeToolInput,
  type EventBody,
  readBody,
  readMessage,
  readName,
  readPrompt,
  readUsage,
} from '../report-body.ts';
import type { AgentEvent, RawReport } from '../types.ts';

/** What the extension reports of pi 0.73.1, to events. */
export function parseReport(report: RawReport): readonly AgentEvent[] {
  const body = readBody(report.body);
  return dateEvents(report.at, readName(body.conversation), readEvents(body));
}

function readEvents(body: Body): readonly EventBody[] {
  const tool = { name: readName(body.toolName) ?? 'tool', id: readName(body.toolCallId) };
  switch (body.type) {
    case 'session_start':
      return [{ kind: 'ready' }];
    case 'input': {
      const text = readPrompt(body.text);
      return text === undefined || body.source === 'extension' ? [] : [{ kind: 'prompt', text }];
    }
    case 'agent_start':
      return [{ kind: 'busy' }];
    case 'tool_execution_start':
      return [{ kind: 'tool', ...tool, input: describeToolInput(body.args) }];
    case 'tool_execution_end':
      return [{ kind: 'tool-end', ...tool }];
    case 'turn_end':
      return readSpent(body);
    case 'agent_end':
      return [readEnd(body)];
    case 'session_before_compact':
      return [{ kind: 'tool', name: 'compaction', input: '' }];
    case 'session_compact': {
      const over = body.open === false ? [{ kind: 'turn-end', message: '' } as const] : [];
      return [{ kind: 'tool-end', name: 'compaction' }, ...over];
    }
    case 'session_shutdown':
      // `/new`, `/resume`, `/fork` and `/reload` start the next one at once.
      return body.reason === 'quit' ? [{ kind: 'end' }] : [];
    default:
      return [];
  }
}

function readSpent(body: Body): readonly EventBody[] {
  const usage = readUsage(readBody(body.usage));
  return usage === undefined ? [] : [{ kind: 'usage', usage }];
}

/** The errors that pi 0.73.1 tries again, three times unless its settings say otherwise. */
const RETRIED =
  /overloaded|provider.?returned.?error|rate.?limit|too many requests|429|50[0234]|service.?unavailable|(server|internal|network|connection|websocket).?error|connection.?(refused|lost)|websocket.?closed|other side closed|fetch failed|socket hang up|ended without|timed? ?out|terminated|retry delay/i;
const MAX_RETRIES = 3;

function readEnd(body: Body): EventBody {
  if (body.stopReason === 'aborted') return { kind: 'error', message: 'interrupted', retrying: false };
  if (body.stopReason === 'error') {
    const message = readMessage(body.errorMessage);
    const isEarly = typeof body.failures === 'number' && body.failures <= MAX_RETRIES;
    return { kind: 'error', message, retrying: isEarly && RETRIED.test(message) };
  }
  return { kind: 'turn-end', message: readMessage(body.text) };
}
