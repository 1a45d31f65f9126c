import { AdrError } from '../errors.ts';
import type { Wish, WishAgent, WishPrompt, WishTree } from './wish.ts';

/**
 * Reads the text of a wish file strictly: what is started from it runs with the user's rights. `where` is the file,
 * for messages. Throws CONFIG_INVALID with the place that is wrong.
 */
export function parseWish(text: string, where: string): Wish {
  const reject = (place: string, why: string): AdrError =>
    new AdrError('CONFIG_INVALID', `"${where}" cannot be read: ${place} ${why}`, {
      hint: 'remove the file: the session it tells of can then not be resumed',
    });
  const body = parseJson(text);
  if (!isObject(body)) throw reject('it', 'is no JSON object');
  if (body.v !== 1) throw reject('"v"', 'is not 1: another version of adr-tmux wrote it');
  const reader = makeReader(body, '', reject);
  if (!Array.isArray(body.agents)) throw reject('"agents"', 'is no list');
  return {
    v: 1,
    id: reader.text('id'),
    name: reader.text('name'),
    socket: reader.optional('socket'),
    workspace: reader.text('workspace'),
    engine: reader.text('engine'),
    context: reader.optional('context'),
    layout: reader.text('layout'),
    createdAt: reader.number('createdAt'),
    stoppedAt: body.stoppedAt === undefined ? undefined : reader.number('stoppedAt'),
    team: reader.optional('team'),
    agents: body.agents.map((agent: unknown, index) => parseAgent(agent, `agents[${index}]`, reject)),
  };
}

type Reject = (place: string, why: string) => AdrError;

function parseAgent(body: unknown, place: string, reject: Reject): WishAgent {
  if (!isObject(body)) throw reject(place, 'is no object');
  const reader = makeReader(body, `${place}.`, reject);
  const options = body.options;
  if (!isObject(options)) throw reject(`${place}.options`, 'is no object');
  return {
    type: reader.text('type'),
    name: reader.text('name'),
    index: reader.number('index'),
    run: reader.text('run'),
    workspace: reader.text('workspace'),
    cwd: reader.text('cwd'),
    options: Object.fromEntries(
      Object.keys(options).map((name) => [
        name,
        makeReader(options, `${place}.options.`, reject).texts(name),
      ]),
    ),
    readOnly: body.readOnly === true,
    configFile: reader.optional('configFile'),
    args: reader.texts('args'),
    prompt: body.prompt === undefined ? undefined : parsePrompt(body.prompt, `${place}.prompt`, reject),
    conversation: reader.optional('conversation'),
    tree: body.tree === undefined ? undefined : parseTree(body.tree, `${place}.tree`, reject),
  };
}

function parseTree(body: unknown, place: string, reject: Reject): WishTree {
  if (!isObject(body)) throw reject(place, 'is no object');
  const { kind } = body;
  if (kind !== 'worktree' && kind !== 'clone')
    throw reject(`"${place}.kind"`, 'is neither worktree nor clone');
  return { origin: makeReader(body, `${place}.`, reject).text('origin'), kind };
}

function parsePrompt(body: unknown, place: string, reject: Reject): WishPrompt {
  if (!isObject(body)) throw reject(place, 'is no object');
  const reader = makeReader(body, `${place}.`, reject);
  return {
    text: reader.text('text'),
    outcome: reader.optional('outcome'),
    proof: reader.optional('proof'),
    detail: reader.optional('detail'),
  };
}

function makeReader(body: Readonly<Record<string, unknown>>, lead: string, reject: Reject) {
  const text = (name: string): string => {
    const value = body[name];
    if (typeof value !== 'string') throw reject(`"${lead}${name}"`, 'is no text');
    return value;
  };
  return {
    text,
    optional: (name: string): string | undefined => (body[name] === undefined ? undefined : text(name)),
    number: (name: string): number => {
      const value = body[name];
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw reject(`"${lead}${name}"`, 'is no number');
      return value;
    },
    texts: (name: string): readonly string[] => {
      const value = body[name];
      if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
        throw reject(`"${lead}${name}"`, 'is no list of texts');
      return value as readonly string[];
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
