import type { AgentEvent, RawReport } from '../types.ts';

/** The demo agent's own events, told in the vocabulary that all types share. */
export function parseDemoReport(report: RawReport): readonly AgentEvent[] {
  if (report.source !== 'demo' || typeof report.body !== 'object' || report.body === null) return [];
  const body = report.body as Readonly<Record<string, unknown>>;
  const conversation = typeof body.conversation === 'string' ? body.conversation : undefined;
  const facts = { at: report.at, conversation };
  switch (body.event) {
    case 'ready':
    case 'busy':
    case 'answered':
    case 'end':
      return [{ ...facts, kind: body.event }];
    case 'prompt':
      return [{ ...facts, kind: 'prompt', text: readText(body.text) }];
    case 'tool':
      return [{ ...facts, kind: 'tool', name: readText(body.name), input: readText(body.input) }];
    case 'tool-end':
      return [{ ...facts, kind: 'tool-end', name: readText(body.name) }];
    case 'ask':
      return [{ ...facts, kind: 'ask', question: 'approval', what: readText(body.what) }];
    case 'turn-end':
      return [{ ...facts, kind: 'turn-end', message: readText(body.message) }];
    case 'error':
      return [{ ...facts, kind: 'error', message: readText(body.message), retrying: body.retrying === true }];
    default:
      return [];
  }
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
