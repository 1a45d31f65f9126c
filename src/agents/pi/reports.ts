import {
  type Body,
  dateEvents,
  describeToolInput,
  type EventBody,
  readBody,
  readList,
  readMessage,
  readName,
  readPrompt,
} from '../report-body.ts';
import type { AgentEvent, RawReport } from '../types.ts';

/** What the extension reports of pi 0.73.1, to events. */
export function parseReport(report: RawReport): readonly AgentEvent[] {
  const body = readBody(report.body);
  return dateEvents(report.at, readName(body.conversation), readEvents(body));
}

function readEvents(body: Body): readonly EventBody[] {
  const tool = readName(body.toolName) ?? 'tool';
  switch (body.type) {
    case 'session_start':
      return [{ kind: 'ready' }];
    case 'input': {
      const text = readPrompt(body.text);
      return text === undefined || body.source === 'extension' ? [] : [{ kind: 'prompt', text }];
    }
    case 'agent_start':
    case 'session_before_compact':
      return [{ kind: 'busy' }];
    case 'tool_execution_start':
      return [{ kind: 'tool', name: tool, input: describeToolInput(body.args) }];
    case 'tool_execution_end':
      return [{ kind: 'tool-end', name: tool }];
    case 'agent_end':
      return [readEnd(readBody(body.message))];
    case 'session_shutdown':
      // `/new`, `/resume`, `/fork` and `/reload` start the next one at once.
      return body.reason === 'quit' ? [{ kind: 'end' }] : [];
    default:
      return [];
  }
}

function readEnd(message: Body): EventBody {
  if (message.stopReason === 'aborted') return { kind: 'error', message: 'interrupted', retrying: false };
  if (message.stopReason === 'error') {
    return { kind: 'error', message: readMessage(message.errorMessage), retrying: false };
  }
  const texts = readList(message.content).map((part) => readMessage(readBody(part).text));
  return { kind: 'turn-end', message: readMessage(texts.filter((text) => text !== '').join('\n')) };
}
