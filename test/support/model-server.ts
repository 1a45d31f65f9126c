import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fixture, LLMock } from '@copilotkit/aimock';
import { makeRefusal } from './model-refusals.ts';
import { type ModelTurn, readTurn } from './model-requests.ts';
import { fixturesFor, type Plan, planFor } from './model-scenarios.ts';

/** One request of an agent, as it arrived. */
export type RecordedRequest = {
  at: number;
  /** First segment of the path, see {@link ModelServer.url}. */
  agent: string;
  method: string;
  /** Path and query without that first segment. */
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
  turn: ModelTurn | undefined;
  plan: Plan | undefined;
  /** Status of the answer, undefined until there is one. */
  status: number | undefined;
  /** True when the agent closed the connection before the answer was complete. */
  aborted: boolean;
};

export type ModelServer = {
  port: number;
  /** Base URL for one agent: `host` is 127.0.0.1 or, from a container, host.docker.internal. */
  url(agent: string, host?: string): string;
  requests(agent?: string): RecordedRequest[];
  /** Texts of the user in main requests (those with tools), in order, each prompt once. */
  userTexts(agent?: string): string[];
  /** Waits until a main request carries this prompt ({@link sameText}); tells what came instead. */
  waitForUserText(text: string, options?: { agent?: string; timeoutMs?: number }): Promise<RecordedRequest>;
  /** Requests that were refused without a scenario asking for it: what the mock does not know. */
  unexpected(): RecordedRequest[];
  close(): Promise<void>;
};

/**
 * Starts the mock model: a recording pass-through of our own in front of aimock, whose journal
 * drops large bodies. Listens on all addresses, so that containers reach it. `fixtures` come
 * before the scenarios of model-scenarios.ts.
 */
export async function startModelServer(options: { fixtures?: Fixture[] } = {}): Promise<ModelServer> {
  const recorded: RecordedRequest[] = [];
  const mock = new LLMock({ port: 0, host: '127.0.0.1', journalMaxEntries: 1 });
  const planOf = (context: string | undefined) => recorded[Number(context)]?.plan;
  mock.addFixtures([...(options.fixtures ?? []), ...fixturesFor(planOf)]);
  await mock.start();

  const server = createServer((incoming, outgoing) => {
    receive(incoming)
      .then((raw) => {
        const entry = record(incoming, raw);
        const id = recorded.push(entry) - 1;
        outgoing.on('close', () => {
          entry.aborted = !outgoing.writableFinished;
        });
        if (entry.plan?.kind === 'hang') return;
        if (!answerItself(entry, outgoing)) passOn({ upstream: mock.url, entry, id, raw, outgoing });
      })
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;

  const requests = (agent?: string) =>
    recorded.filter((entry) => agent === undefined || entry.agent === agent);
  return {
    port,
    url: (agent, host = '127.0.0.1') => `http://${host}:${port}/${agent}`,
    requests,
    userTexts: (agent) => eachPromptOnce(requests(agent)),
    waitForUserText: async (text, { agent, timeoutMs = 30_000 } = {}) => {
      const until = Date.now() + timeoutMs;
      for (;;) {
        const found = requests(agent).find((entry) =>
          mainTexts(entry).some((arrived) => sameText(arrived, text)),
        );
        if (found) return found;
        if (Date.now() > until) throw new Error(missing(text, eachPromptOnce(requests(agent))));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    unexpected: () =>
      recorded.filter(
        (entry) =>
          (entry.status ?? 0) >= 400 &&
          entry.plan?.kind !== 'error' &&
          entry.plan?.kind !== 'refusal' &&
          entry.method !== 'HEAD',
      ),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await mock.stop();
    },
  };
}

/** Equal as far as agents let a prompt be: NFC, a tab is four blanks, the end trimmed. */
export function sameText(one: string, other: string): boolean {
  return normalised(one) === normalised(other);
}

function normalised(text: string): string {
  return text.normalize('NFC').replaceAll('\t', '    ').trimEnd();
}

async function receive(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function record(incoming: IncomingMessage, raw: Buffer): RecordedRequest {
  const [, agent = '', path = '/'] = /^\/([^/?]*)(.*)$/.exec(incoming.url ?? '/') ?? [];
  const body = parsed(raw);
  const turn = readTurn(path || '/', body);
  return {
    at: Date.now(),
    agent,
    method: incoming.method ?? 'GET',
    path: path || '/',
    headers: incoming.headers,
    body,
    turn,
    plan: turn && planFor(turn),
    status: undefined,
    aborted: false,
  };
}

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return raw.length === 0 ? undefined : raw.toString('utf8');
  }
}

/** Requests of the agents that aimock has no answer for. */
function answerItself(entry: RecordedRequest, outgoing: ServerResponse): boolean {
  const { pathname } = new URL(entry.path, 'http://model');
  if (entry.method === 'HEAD') return json(entry, outgoing, undefined);
  if (pathname.endsWith('/messages/count_tokens')) return json(entry, outgoing, { input_tokens: 10 });
  const { turn, plan } = entry;
  if (turn && plan?.kind === 'refusal') {
    const { status, headers, body } = makeRefusal(turn.protocol, plan.why);
    return json(entry, outgoing, body, status, headers);
  }
  return false;
}

function json(
  entry: RecordedRequest,
  outgoing: ServerResponse,
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): true {
  entry.status = status;
  outgoing
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(body && JSON.stringify(body));
  return true;
}

type PassOn = { upstream: string; entry: RecordedRequest; id: number; raw: Buffer; outgoing: ServerResponse };

function passOn({ upstream, entry, id, raw, outgoing }: PassOn): void {
  const { 'content-encoding': _, 'transfer-encoding': __, ...headers } = entry.headers;
  const answer = request(new URL(entry.path, upstream), {
    method: entry.method,
    headers: {
      ...headers,
      host: new URL(upstream).host,
      'content-length': raw.length,
      'x-aimock-context': String(id),
    },
  });
  answer.on('response', (response) => {
    entry.status = response.statusCode;
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
    if (entry.plan?.kind === 'stall') setTimeout(() => response.unpipe(outgoing), 1500).unref();
  });
  answer.on('error', () => outgoing.destroy());
  outgoing.on('close', () => answer.destroy());
  answer.end(raw);
}

function mainTexts(entry: RecordedRequest): string[] {
  return entry.turn && entry.turn.tools.length > 0 ? entry.turn.userTexts : [];
}

/** Every request repeats the conversation so far: a text counts as often as one request holds it. */
function eachPromptOnce(entries: RecordedRequest[]): string[] {
  const seen = new Map<string, number>();
  const texts: string[] = [];
  for (const entry of entries) {
    const here = new Map<string, number>();
    for (const text of mainTexts(entry)) {
      const key = `${entry.agent} ${text}`;
      const count = (here.get(key) ?? 0) + 1;
      here.set(key, count);
      if (count <= (seen.get(key) ?? 0)) continue;
      seen.set(key, count);
      texts.push(text);
    }
  }
  return texts;
}

function missing(text: string, arrived: string[]): string {
  const shown = (value: string) =>
    JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…(${value.length})` : value);
  return `the model was not asked ${shown(text)}; it was asked: ${arrived.map(shown).join(', ') || 'nothing'}`;
}
