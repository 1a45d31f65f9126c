import { dateEvents, type EventBody, readBody, readMessage, readName, readPrompt } from '../report-body.ts';
import type { AgentEvent, RawReport } from '../types.ts';

/** The demo agent's own events, told in the vocabulary that all types share. */
export function parseDemoReport(report: RawReport): readonly AgentEvent[] {
  if (report.source !== 'demo') return [];
  const body = readBody(report.body);
  const event = readEvent(body);
  return event === undefined ? [] : dateEvents(report.at, readName(body.conversation), [event]);
}

function readEvent(body: Readonly<Record<string, unknown>>): EventBody | undefined {
  switch (body.event) {
    case 'ready':
    case 'busy':
    case 'answered':
    case 'end':
      return { kind: body.event };
    case 'prompt': {
      const text = readPrompt(body.text);
      return text === undefined ? undefined : { kind: 'prompt', text };
    }
    case 'tool':
      return { kind: 'tool', name: readName(body.name) ?? '', input: readMessage(body.input) };
    case 'tool-end':
      return { kind: 'tool-end', name: readName(body.name) ?? '' };
    case 'ask':
      return { kind: 'ask', question: 'approval', what: readMessage(body.what) };
    case 'turn-end':
      return { kind: 'turn-end', message: readMessage(body.message) };
    case 'error':
      return { kind: 'error', message: readMessage(body.message), retrying: body.retrying === true };
    default:
      return undefined;
  }
}
