import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

/** A login server whose refresh tokens count once, as the real ones do. */
export interface TokenServer {
  /** Where a refresh token is exchanged, as a container reaches it. */
  readonly tokenUrl: string;
  /** Everything else, the same way: whatever is asked for is not there. */
  readonly apiUrl: string;
  /** A proxy that answers for every HTTPS host itself, with the certificate `certificate` (a file). */
  readonly proxyUrl: string;
  readonly certificate: string;
  /** The refresh token that counts now, and how often one was exchanged, and a used one refused. */
  readonly state: { token: string; exchanged: number; refused: number };
  /** Access tokens that came with other requests. */
  readonly seen: ReadonlySet<string>;
  /** A JSON web token that ends at `seconds` since 1970, as codex looks into it. */
  makeJwt(seconds: number): string;
  close(): Promise<void>;
}

const HOST = 'host.docker.internal';
const HOUR = 3600;

/** Starts one on free ports; `folder` is for its certificate. */
export async function startTokenServer(folder: string): Promise<TokenServer> {
  const state = { token: 'r1', exchanged: 0, refused: 0 };
  const seen = new Set<string>();
  const answer: RequestListener = async (request, response) => {
    const body = await readBody(request);
    response.setHeader('content-type', 'application/json');
    if (request.method !== 'POST' || !request.url?.includes('/oauth/token')) {
      seen.add(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
      response.writeHead(404).end('{}');
      return;
    }
    if (/"refresh_token":"([^"]*)"/.exec(body)?.[1] !== state.token) {
      state.refused++;
      response.writeHead(400).end('{"error":"invalid_grant"}');
      return;
    }
    state.exchanged++;
    state.token = `r${state.exchanged + 1}`;
    const jwt = makeJwt(Math.floor(Date.now() / 1000) + HOUR, state.token);
    response.end(
      JSON.stringify({
        ...{ id_token: jwt, access_token: jwt, refresh_token: state.token },
        ...{ expires_in: HOUR, token_type: 'Bearer', scope: 'user:inference user:profile' },
      }),
    );
  };
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-keyout', key, '-out', certificate, '-subj', '/CN=adr-test'],
      ...['-addext', 'subjectAltName=DNS:*.claude.com,DNS:*.anthropic.com,DNS:claude.ai,DNS:claude.com'],
    ],
    { stdio: 'ignore' },
  );
  const secure = await listen(
    createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate) }, answer),
  );
  const plain = await listen(createServer(answer));
  const proxy = createServer((_, response) => response.writeHead(502).end());
  // A server does not count what it handed over.
  const tunnels = new Set<Duplex>();
  proxy.on('connect', (_, socket) => {
    tunnels.add(socket);
    const inner = connect(portOf(secure), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      inner.pipe(socket).pipe(inner);
    });
    inner.on('error', () => socket.destroy());
    socket.on('error', () => inner.destroy());
  });
  await listen(proxy);
  return {
    tokenUrl: `http://${HOST}:${portOf(plain)}/oauth/token`,
    apiUrl: `http://${HOST}:${portOf(plain)}`,
    proxyUrl: `http://${HOST}:${portOf(proxy)}`,
    certificate,
    state,
    seen,
    makeJwt,
    close: async () => {
      for (const socket of tunnels) socket.destroy();
      for (const server of [plain, secure, proxy]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function makeJwt(seconds: number, name = 'r1'): string {
  const auth = { chatgpt_account_id: 'account', chatgpt_plan_type: 'pro', chatgpt_user_id: 'user' };
  const claims = { exp: seconds, jti: name, email: 'me@example.org', 'https://api.openai.com/auth': auth };
  return [{ alg: 'RS256', typ: 'JWT' }, claims, 'no signature']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

async function listen<S extends Server>(server: S): Promise<S> {
  await new Promise((resolve) => server.listen(0, () => resolve(undefined)));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
