import type { AgentEvent } from '../../agents/types.ts';
import { stripControls } from '../../output/strip-controls.ts';

const INDENT = ' '.repeat(9);

/** One report for people: local time, what happened, further lines of its text below it. Empty: nothing to say. */
export function formatReport(event: AgentEvent): string {
  const text = describeEvent(event);
  if (text === '') return '';
  const [first = '', ...more] = stripControls(text).trimEnd().split('\n');
  const time = new Date(event.at).toTimeString().slice(0, 8);
  return [`${time} ${first}`, ...more.map((line) => `${INDENT}${line}`.trimEnd()), ''].join('\n');
}

function describeEvent(event: AgentEvent): string {
  switch (event.kind) {
    case 'ready':
      return 'ready';
    case 'prompt':
      return `prompt: ${event.text}`;
    case 'busy':
    case 'usage':
      return '';
    case 'tool':
      return event.input === '' ? `tool: ${event.name}` : `tool: ${event.name}: ${event.input}`;
    case 'tool-end':
      return `tool ended: ${event.name}`;
    case 'ask':
      return `asks (${event.question}): ${event.what}`;
    case 'answered':
      return 'answered';
    case 'turn-end':
      return event.message === '' ? 'turn over' : `turn over: ${event.message}`;
    case 'error':
      return `${event.retrying ? 'retrying after' : 'error'}: ${event.message}`;
    case 'end':
      return 'ended';
  }
}
