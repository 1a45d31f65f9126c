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
const spent = new Map();
const contexts = new Map();
const sizes = new Map();

const rootOf = (session) => roots.get(session) ?? session;

const placeOf = (session) => ({ sessionID: rootOf(session), ...(roots.has(session) && { child: true }) });

const turnOf = (session) => {
  if (!turns.has(session)) turns.set(session, {});
  return turns.get(session);
};

const reportToolEnd = ({ sessionID, tool, callID }) =>
  report({ type: 'tool.execute.after', ...placeOf(sessionID), tool, callID });

// Of a conversation and its sub-agents.
const reportUsage = (sessionID) => {
  const usage = { context: contexts.get(sessionID), contextSize: sizes.get(sessionID) };
  for (const [id, sums] of spent) {
    if (rootOf(id) === sessionID) for (const name in sums) usage[name] = (usage[name] ?? 0) + sums[name];
  }
  report({ type: 'usage', sessionID, usage });
};

const observe = {
  'session.created': (p) => {
    if (p.info?.parentID) roots.set(p.info.id, rootOf(p.info.parentID));
  },
  'session.updated': ({ info }) => {
    const { input, output, reasoning = 0, cache } = info.tokens ?? {};
    if (!(input + output > 0)) return;
    const known = spent.get(info.id);
    spent.set(info.id, {
      input, output: output + reasoning, cacheRead: cache?.read ?? 0, cacheWrite: cache?.write ?? 0, cost: info.cost ?? 0,
    });
    if (JSON.stringify(known) !== JSON.stringify(spent.get(info.id))) reportUsage(rootOf(info.id));
  },
  'message.updated': ({ info }) => {
    if (info?.role !== 'assistant' || info.summary) return;
    turnOf(info.sessionID).message = info.id;
    const { total, input, output, reasoning = 0, cache } = info.tokens ?? {};
    const used = total ?? input + output + reasoning + (cache?.read ?? 0) + (cache?.write ?? 0);
    if (used > 0) contexts.set(info.sessionID, used);
  },
  'message.part.updated': ({ part }) => {
    const turn = turnOf(part.sessionID);
    if (part.type === 'text' && part.messageID === turn.message) turn.text = part.text;
    // 'tool.execute.after' is not called then.
    if (part.type === 'tool' && part.state?.status === 'error') reportToolEnd(part);
  },
};

const tell = {
  'session.compacted': () => ({}),
  'session.status': (p, turn) => {
    if (p.status?.type === 'busy') turn.open = true;
    if (p.status?.type !== 'idle') turn.waits = p.status?.type === 'retry';
    return p.status?.type === 'idle' ? undefined : { status: p.status };
  },
  'session.error': ({ error }, turn) => {
    turn.failed = true;
    return { name: error?.name, message: error?.data?.message, statusCode: error?.data?.statusCode };
  },
  'session.idle': (p, turn) => {
    if (!turn.open) return undefined;
    turns.delete(p.sessionID);
    // Of an interruption between two tries there is no error.
    if (turn.waits && !turn.failed) report({ type: 'session.error', sessionID: p.sessionID, name: 'MessageAbortedError' });
    return { message: turn.text, failed: turn.failed || turn.waits };
  },
};

const TOLD_WHOLE = new Set([
  'permission.asked', 'permission.updated', 'permission.replied', 'question.asked', 'question.replied',
  'question.rejected',
]);

const onEvent = ({ event: { type, properties = {} } }) => {
  observe[type]?.(properties);
  const sessionID = properties.sessionID;
  if (type === 'session.created') return report({ type, ...placeOf(properties.info.id) });
  if (TOLD_WHOLE.has(type)) return report({ type, ...placeOf(sessionID), properties });
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
  'tool.execute.before': quietly(({ sessionID, tool, callID }, { args }) => {
    report({ type: 'tool.execute.before', ...placeOf(sessionID), tool, callID, args });
  }),
  'tool.execute.after': quietly(reportToolEnd),
  'chat.params': quietly(({ sessionID, model }) => {
    if (model?.limit?.context > 0) sizes.set(sessionID, model.limit.context);
  }),
  'experimental.session.compacting': quietly(({ sessionID }) => {
    if (!roots.has(sessionID)) report({ type: 'session.compacting', sessionID });
  }),
});
`;
