import { buildReportFunction } from '../reporter-line.ts';

/**
 * The plugin, written as a file and loaded by its URL (tried with OpenCode 1.18.33). Sessions of sub-agents are
 * told apart by their parent: their prompts and turn ends are not the agent's. The last text of a session is kept
 * because `session.idle` does not carry it.
 */
export const OPENCODE_REPORTER = `import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

${buildReportFunction('opencode')}
const children = new Set();
const assistant = new Map();
const texts = new Map();
const failed = new Set();

const sessionOf = (p) => p.sessionID ?? p.info?.sessionID ?? p.part?.sessionID;

const note = (type, p) => {
  const session = sessionOf(p);
  if (type === 'session.created' && p.info?.parentID) children.add(p.info.id);
  if (type === 'message.updated' && p.info?.role === 'assistant') assistant.set(session, p.info.id);
  if (type === 'message.part.updated' && p.part?.type === 'text' && p.part.messageID === assistant.get(session)) {
    texts.set(session, p.part.text);
  }
};

const WANTED = new Set([
  'session.status', 'session.idle', 'session.error', 'permission.asked', 'permission.updated', 'permission.replied',
  'question.asked', 'question.replied', 'question.rejected', 'session.compacted', 'server.instance.disposed',
]);
const OF_ONE_TURN = new Set(['session.status', 'session.idle', 'session.error']);

const onEvent = (type, p) => {
  note(type, p);
  const session = sessionOf(p);
  if (!WANTED.has(type) || (children.has(session) && OF_ONE_TURN.has(type))) return;
  const body = { type, sessionID: session, properties: p };
  if (type === 'session.error') failed.add(session);
  if (type === 'session.idle') {
    body.message = texts.get(session);
    body.failed = failed.delete(session);
    texts.delete(session);
  }
  report(body);
};

const quietly = (f) => async (...args) => {
  try {
    f(...args);
  } catch {}
};

export const AdrReporter = async () => {
  report({ type: 'plugin.loaded' });
  return {
    event: quietly(({ event }) => onEvent(event.type, event.properties ?? {})),
    'chat.message': quietly((input, output) => {
      if (children.has(input.sessionID)) return;
      const parts = output.parts.filter((part) => part.type === 'text' && !part.synthetic);
      report({ type: 'chat.message', sessionID: input.sessionID, text: parts.map((part) => part.text).join('\\n') });
    }),
    'tool.execute.before': quietly((input, output) => {
      report({ type: 'tool.execute.before', sessionID: input.sessionID, tool: input.tool, args: output.args });
    }),
    'tool.execute.after': quietly((input) => {
      report({ type: 'tool.execute.after', sessionID: input.sessionID, tool: input.tool });
    }),
  };
};
`;
