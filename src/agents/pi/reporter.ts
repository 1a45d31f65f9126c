import { buildReportFunction } from '../reporter-line.ts';

/**
 * The extension, loaded by `-e` (tried with pi 0.73.1). Of each event only what is used is told: the rest holds all
 * that tools returned. pi retries a failed request up to three times but does not say so to extensions, so the
 * failures in a row are counted.
 */
export const PI_REPORTER = `import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

${buildReportFunction('pi')}
let failures = 0;

const summarise = {
  session_start: ({ reason }) => ({ reason }),
  session_shutdown: ({ reason }) => ({ reason }),
  input: ({ text, source }) => {
    failures = 0;
    return { text, source };
  },
  agent_start: () => ({}),
  agent_end: ({ messages }) => {
    const last = messages.filter((message) => message.role === 'assistant').pop() ?? {};
    failures = last.stopReason === 'error' ? failures + 1 : 0;
    const { stopReason, errorMessage, content = [], usage, model } = last;
    const texts = content.filter((part) => part.type === 'text').map((part) => part.text);
    return { stopReason, errorMessage, failures, text: texts.join('\\n'), usage, model };
  },
  tool_execution_start: ({ toolName, args }) => ({ toolName, args }),
  tool_execution_end: ({ toolName, isError }) => ({ toolName, isError }),
};

export default (pi) => {
  for (const [type, pick] of Object.entries(summarise)) {
    pi.on(type, (event, ctx) => {
      try {
        report({ type, conversation: ctx.sessionManager.getSessionId(), ...pick(event) });
      } catch {}
    });
  }
};
`;
