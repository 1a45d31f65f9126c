import { buildReportFunction } from '../reporter-line.ts';

/**
 * The plugin, written as a file and loaded by its URL (tried with OpenCode 1.18.33). Sessions of sub-agents are
 * told apart by their parent: their prompts and turn ends are not the agent's. `session.idle` comes twice after an
 * error and does not carry the last text: both are kept here.
 */
export const OPENCODE_REPORTER = `import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

${buildReportFunction('opencode')}
const roots = new Map();
const turns = new Map();

const rootOf = (session) => roots.get(session) ?? session;

const turnOf = (session) => {
  if (!turns.has(session)) turns.set(session, {});
  return turns.get(session);
};

const observe = {
  'session.created': (p) => {
    if (p.info?.parentID) roots.set(p.info.id, rootOf(p.info.parentID));
  },
  'message.updated': (p) => {
    if (p.info?.role === 'assistant' && !p.info.summary) turnOf(p.info.sessionID).message = p.info.id;
  },
  'message.part.updated': ({ part }) => {
    const turn = turnOf(part.sessionID);
    if (part.type === 'text' && part.messageID === turn.message) turn.text = part.text;
  },
};

const tell = {
  'session.status': (p, turn) => {
    if (p.status?.type === 'busy') turn.open = true;
    return p.status?.type === 'idle' ? undefined : { status: p.status };
  },
  'session.error': ({ error }, turn) => {
    turn.failed = true;
    return { name: error?.name, message: error?.data?.message, statusCode: error?.data?.statusCode };
  },
  'session.idle': (p, turn) => {
    if (!turn.open) return undefined;
    turns.delete(p.sessionID);
    return { message: turn.text, failed: turn.failed };
  },
};

const TOLD_WHOLE = new Set([
  'permission.asked', 'permission.updated', 'permission.replied', 'question.asked', 'question.replied',
  'question.rejected',
]);

const onEvent = ({ event: { type, properties = {} } }) => {
  observe[type]?.(properties);
  const sessionID = properties.sessionID;
  if (TOLD_WHOLE.has(type)) return report({ type, sessionID: rootOf(sessionID), properties });
  if (!tell[type] || roots.has(sessionID)) return undefined;
  const body = tell[type](properties, turnOf(sessionID));
  return body && report({ type, sessionID, ...body });
};

const quietly = (f) => async (...args) => {
  try {
    f(...args);
  } catch {}
};

export const AdrReporter = async () => ({
  event: quietly(onEvent),
  'chat.message': quietly(({ sessionID }, { parts }) => {
    if (roots.has(sessionID)) return;
    const texts = parts.filter((part) => part.type === 'text' && !part.synthetic).map((part) => part.text);
    report({ type: 'chat.message', sessionID, text: texts.join('\\n') });
  }),
  'tool.execute.before': quietly(({ sessionID, tool }, { args }) => {
    report({ type: 'tool.execute.before', sessionID: rootOf(sessionID), tool, args });
  }),
  'tool.execute.after': quietly(({ sessionID, tool }) => {
    report({ type: 'tool.execute.after', sessionID: rootOf(sessionID), tool });
  }),
});
`;
