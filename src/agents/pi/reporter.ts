import { buildReportFunction } from '../reporter-line.ts';

/**
 * The extension, loaded by `-e` (tried with pi 0.73.1). Of the messages of a turn only the last of the agent is
 * told: the rest holds all that tools returned.
 */
export const PI_REPORTER = `import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

${buildReportFunction('pi')}
const summarise = (event) => {
  if (event.type === 'tool_execution_end') return { type: event.type, toolName: event.toolName };
  if (event.type !== 'agent_end') return event;
  const last = event.messages.filter((message) => message.role === 'assistant').pop();
  return { type: event.type, message: last };
};

export default (pi) => {
  for (const name of [
    'session_start', 'session_shutdown', 'session_before_compact', 'input', 'agent_start', 'agent_end', 'tool_execution_start',
    'tool_execution_end',
  ]) {
    pi.on(name, (event, ctx) => {
      try {
        report({ ...summarise(event), conversation: ctx.sessionManager.getSessionId() });
      } catch {}
    });
  }
};
`;
