import { buildReportFunction } from '../reporter-line.ts';

/**
 * The extension, loaded by `-e` (tried with pi 0.73.1). Of each event only what is used is told: the rest holds all
 * that tools returned. pi retries a failed request up to three times but does not say so to extensions, so the
 * failures in a row are counted. It compacts between turns as well as before one: `open` tells them apart.
 */
export const PI_REPORTER = `import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

${buildReportFunction('pi')}
let failures = 0;
// Between an accepted prompt and the end of its turn.
let open = false;

const sumUsage = (ctx) => {
  try {
    return sumEntries(ctx);
  } catch {
    return undefined;
  }
};

const sumEntries = (ctx) => {
  const sum = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cost: 0 };
  for (const { type, message } of ctx.sessionManager.getEntries()) {
    const usage = type === 'message' && message.role === 'assistant' && message.usage;
    if (!usage) continue;
    for (const name of ['input', 'output', 'cacheRead', 'cacheWrite']) sum[name] += usage[name] ?? 0;
    sum.cost += usage.cost?.total ?? 0;
  }
  const context = ctx.getContextUsage?.();
  return { ...sum, context: context?.tokens ?? undefined, contextSize: context?.contextWindow };
};

const summarise = {
  session_start: ({ reason }) => ({ reason }),
  session_shutdown: ({ reason }) => ({ reason }),
  input: ({ text, source }) => {
    failures = 0;
    open = true;
    return { text, source };
  },
  agent_start: () => {
    open = true;
    return {};
  },
  turn_end: (_, ctx) => ({ usage: sumUsage(ctx) }),
  agent_end: ({ messages }) => {
    open = false;
    const last = messages.filter((message) => message.role === 'assistant').pop() ?? {};
    failures = last.stopReason === 'error' ? failures + 1 : 0;
    const { stopReason, errorMessage, content = [] } = last;
    const texts = content.filter((part) => part.type === 'text').map((part) => part.text);
    return { stopReason, errorMessage, failures, text: texts.join('\\n') };
  },
  tool_execution_start: ({ toolName, toolCallId, args }) => ({ toolName, toolCallId, args }),
  tool_execution_end: ({ toolName, toolCallId, isError }) => ({ toolName, toolCallId, isError }),
  session_before_compact: () => ({}),
  session_compact: () => ({ open }),
};

export default (pi) => {
  for (const [type, pick] of Object.entries(summarise)) {
    pi.on(type, (event, ctx) => {
      try {
        report({ type, conversation: ctx.sessionManager.getSessionId(), ...pick(event, ctx) });
      } catch {}
    });
  }
};
`;
