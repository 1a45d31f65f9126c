import {
  type Body,
  dateEvents,
  describeQuestions,
  describeTool,
  describeToolInput,
  type EventBody,
  readBody,
  readList,
  readMessage,
  readName,
  readPrompt,
  readUsage,
} from '../report-body.ts';
import type { AgentEvent, RawReport } from '../types.ts';

/** What the plugin reports of OpenCode 1.18.33, to events. */
export function parseReport(report: RawReport): readonly AgentEvent[] {
  const body = readBody(report.body);
  return dateEvents(report.at, readName(body.sessionID), readEvents(body));
}

function readEvents(body: Body): readonly EventBody[] {
  const properties = readBody(body.properties);
  const subagent = body.child === true ? { subagent: true as const } : {};
  const tool = { name: readName(body.tool) ?? 'tool', id: readName(body.callID), ...subagent };
  switch (body.type) {
    case 'session.created':
      return subagent.subagent ? [] : [{ kind: 'ready' }];
    case 'chat.message': {
      const text = readPrompt(body.text);
      return text === undefined ? [] : [{ kind: 'prompt', text }];
    }
    case 'tool.execute.before':
      return [{ kind: 'tool', ...tool, input: describeToolInput(body.args) }];
    case 'tool.execute.after':
      return [{ kind: 'tool-end', ...tool }];
    case 'permission.asked':
    case 'permission.updated':
      return [{ kind: 'ask', question: 'approval', what: describePermission(properties), ...subagent }];
    case 'question.asked':
      return [
        { kind: 'ask', question: 'choice', what: describeQuestions(properties.questions), ...subagent },
      ];
    case 'permission.replied':
    case 'question.replied':
    case 'question.rejected':
      return [{ kind: 'answered' }];
    case 'session.compacting':
      return [{ kind: 'tool', name: 'compaction', input: '' }];
    case 'session.compacted':
      return [{ kind: 'tool-end', name: 'compaction' }];
    case 'usage': {
      const usage = readUsage(readBody(body.usage));
      return usage === undefined ? [] : [{ kind: 'usage', usage }];
    }
    case 'session.status':
      return readStatus(readBody(body.status));
    case 'session.error':
      return [{ kind: 'error', message: describeError(body), retrying: false }];
    case 'session.idle':
      // The error before it was the turn's end.
      return body.failed === true ? [] : [{ kind: 'turn-end', message: readMessage(body.message) }];
    default:
      return [];
  }
}

function readStatus(status: Body): readonly EventBody[] {
  if (status.type === 'busy') return [{ kind: 'busy' }];
  if (status.type === 'retry')
    return [{ kind: 'error', message: readMessage(status.message), retrying: true }];
  return [];
}

function describePermission(properties: Body): string {
  const name = readName(properties.permission) ?? readName(properties.type) ?? 'permission';
  const metadata = readBody(properties.metadata);
  const input =
    Object.keys(metadata).length > 0 ? metadata : { pattern: readList(properties.patterns).join(' ') };
  return describeTool(name, input);
}

function describeError(body: Body): string {
  if (body.name === 'MessageAbortedError') return 'interrupted';
  const said = readMessage(body.message);
  const message = said === '' ? (readName(body.name) ?? 'error') : said;
  return typeof body.statusCode === 'number' ? `${body.statusCode} ${message}` : message;
}
