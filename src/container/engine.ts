import pRetry from 'p-retry';
import { AdrError } from '../errors.ts';
import type { Environment } from '../system/paths.ts';
import type { ProcessResult, RunProcess, RunProcessOptions } from '../system/process.ts';
import { buildCreateCall } from './create-argv.ts';
import { describeEngineFailure } from './engine-errors.ts';
import type { ContainerSpec } from './spec.ts';
import { readFirstTarFile } from './tar.ts';

/** What the engine's machine has: CPUs and bytes of memory. */
export interface EngineHost {
  readonly version: string;
  readonly cpus: number;
  readonly memory: number;
}

/** How a container stands: null exit code while it runs. */
export interface ContainerState {
  readonly status: string;
  readonly running: boolean;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** The engine's own words when it could not start it. */
  readonly error: string;
}

export interface ImageFacts {
  readonly id: string;
  /** `USER` of its Dockerfile. */
  readonly user: string;
}

export interface EngineOptions {
  readonly program: 'docker' | 'podman';
  readonly run: RunProcess;
  /** The client's environment: DOCKER_HOST, contexts, HOME. */
  readonly env: Environment;
}

const READ_TIMEOUT_MS = 30_000;
const CHANGE_TIMEOUT_MS = 60_000;
/** What the engine itself needs to stop a container, on top of the container's own grace time. */
const STOP_MARGIN_MS = 20_000;
/** Together about 10 s: an engine that restarts is back by then. */
const SETTLE_RETRIES = 7;

/** The one door to a container engine's command-line client. Every failure is a named AdrError. */
export class Engine {
  readonly program: 'docker' | 'podman';
  readonly env: Environment;
  readonly #run: RunProcess;

  constructor({ program, run, env }: EngineOptions) {
    this.program = program;
    this.env = env;
    this.#run = run;
  }

  /** Asks the engine for its machine; fails with SOCKET_ERROR or ENGINE_MISSING when it does not answer. */
  async readHost(): Promise<EngineHost> {
    const format =
      this.program === 'podman'
        ? '{{.Version.Version}} {{.Host.CPUs}} {{.Host.MemTotal}}'
        : '{{.ServerVersion}} {{.NCPU}} {{.MemTotal}}';
    const text = await this.#read('answer', ['info', '--format', format]);
    const [version = '', cpus, memory] = text.trim().split(' ');
    return { version, cpus: Number(cpus), memory: Number(memory) };
  }

  /** An image's id and user; undefined when the engine does not have it. */
  async findImage(image: string): Promise<ImageFacts | undefined> {
    try {
      const text = await this.#read('inspect the image', [
        ...['image', 'inspect', '--format', '{{.Id}} {{.Config.User}}', '--', image],
      ]);
      const [id = '', ...user] = text.trim().split(' ');
      return { id, user: user.join(' ') };
    } catch (error) {
      if (error instanceof AdrError && error.code === 'IMAGE_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** Names of the variables an image brings; none when it is not there. */
  async listImageVariables(image: string): Promise<readonly string[]> {
    const args = ['image', 'inspect', '--format', '{{range .Config.Env}}{{println .}}{{end}}', '--', image];
    const result = await this.#client(args, { timeoutMs: READ_TIMEOUT_MS });
    return result.exitCode === 0
      ? [...result.stdout.matchAll(/^([^=\s]+)=/gm)].map(([, name]) => `${name}`)
      : [];
  }

  /** A label of an image; undefined when it has none or is not there. */
  async findImageLabel(image: string, label: string): Promise<string | undefined> {
    const args = ['image', 'inspect', '--format', `{{index .Config.Labels "${label}"}}`, '--', image];
    const result = await this.#client(args, { timeoutMs: READ_TIMEOUT_MS });
    return (result.exitCode === 0 && result.stdout.trim()) || undefined;
  }

  /** Fails with NETWORK_ERROR when a network that is not one of the engine's own is missing. */
  async checkNetwork(network: string): Promise<void> {
    if (['bridge', 'none', 'host', 'default'].includes(network)) return;
    await this.#read('find the network', ['network', 'inspect', '--format', '{{.Name}}', '--', network]);
  }

  /** Creates a container without starting it and gives its id. */
  async create(spec: ContainerSpec): Promise<string> {
    const { args, env, input } = buildCreateCall(spec, {
      program: this.program,
      uid: process.getuid?.() ?? 0,
    });
    const result = await this.#call('create the container', args, { env: { ...this.env, ...env }, input });
    const id = result.stdout.trim().split('\n').at(-1) ?? '';
    if (/^[0-9a-f]{12,64}$/.test(id)) return id;
    throw describeEngineFailure(this.program, 'create the container', { ...result, stderr: result.stdout });
  }

  /** Unpacks a tar archive at a directory of a container; nothing touches the host's disk. */
  async copyIn(id: string, directory: string, archive: Uint8Array): Promise<void> {
    await this.#call('fill the container', ['cp', '-', `${id}:${directory}`], { input: archive });
  }

  /** Text of a file in a container, running or not; undefined when it is missing. */
  async readFile(id: string, path: string): Promise<string | undefined> {
    const result = await this.#client(['cp', '--follow-link', `${id}:${path}`, '-'], {
      timeoutMs: READ_TIMEOUT_MS,
    });
    if (result.exitCode !== 0) return undefined;
    return readFirstTarFile(Buffer.from(result.stdout))?.toString('utf8');
  }

  /** How a container stands; undefined when it is gone. `once`: an engine that is away for a moment is a failure. */
  async findState(id: string, tries: 'once' | 'again' = 'again'): Promise<ContainerState | undefined> {
    try {
      const args = ['container', 'inspect', '--format', '{{json .State}}', '--', id];
      const text = await this.#read('inspect the container', args, tries === 'once' ? 0 : 2);
      return parseState(text);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** Asks containers to end (TERM) and kills them after `graceSeconds`. Those that are gone are fine. */
  async stop(ids: readonly string[], graceSeconds: number): Promise<void> {
    if (ids.length === 0) return;
    const timeoutMs = graceSeconds * 1000 + STOP_MARGIN_MS;
    await this.#settle('stop', ['stop', '--time', `${graceSeconds}`, ...ids], timeoutMs);
  }

  /** Removes containers with their anonymous volumes, whatever they do. Those that are gone are fine. */
  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#settle('remove the container', ['rm', '--force', '--volumes', ...ids]);
  }

  /** Lines of `ps -a` for a label filter, in the given Go template. */
  async list(filters: readonly string[], template: string): Promise<readonly string[]> {
    const args = [
      'ps',
      '--all',
      '--no-trunc',
      ...filters.flatMap((filter) => ['--filter', `label=${filter}`]),
    ];
    const text = await this.#read('list containers', [...args, '--format', template]);
    return text.split('\n').filter((line) => line !== '');
  }

  /** Lines of `image ls` for a name pattern, in the given Go template. */
  async listImages(reference: string, template: string): Promise<readonly string[]> {
    const args = ['image', 'ls', '--no-trunc', '--filter', `reference=${reference}`, '--format', template];
    const text = await this.#read('list images', args);
    return text.split('\n').filter((line) => line !== '');
  }

  /** Any other idempotent question to the client; gives what it printed. Throws what the engine says. */
  async ask(action: string, args: readonly string[]): Promise<string> {
    return this.#read(action, args);
  }

  /** Pulls an image, its progress unseen. Throws IMAGE_NOT_FOUND, NETWORK_ERROR. */
  async pull(image: string): Promise<void> {
    await this.#call('pull the image', ['pull', '--quiet', '--', image], {});
  }

  /** One command that changes something, never repeated. Throws what the engine says. */
  async change(action: string, args: readonly string[]): Promise<string> {
    return (await this.#call(action, args, { timeoutMs: CHANGE_TIMEOUT_MS })).stdout.trim();
  }

  /** An idempotent question: asked again while a daemon comes up. */
  async #read(action: string, args: readonly string[], retries = 2): Promise<string> {
    const ask = () => this.#call(action, args, { timeoutMs: READ_TIMEOUT_MS });
    return (await retryWhileDown(ask, retries)).stdout;
  }

  /** An idempotent ending: tried for longer, because what is left over would stay. */
  async #settle(
    action: string,
    args: readonly string[],
    timeoutMs: number = CHANGE_TIMEOUT_MS,
  ): Promise<void> {
    await retryWhileDown(async () => {
      try {
        return await this.#call(action, args, { timeoutMs });
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    }, SETTLE_RETRIES);
  }

  async #call(action: string, args: readonly string[], options: RunProcessOptions): Promise<ProcessResult> {
    const result = await this.#client(args, options);
    if (result.exitCode === 0) return result;
    throw describeEngineFailure(this.program, action, result);
  }

  #client(args: readonly string[], options: RunProcessOptions): Promise<ProcessResult> {
    const all = { env: this.env, ownSession: true, ...options };
    // Node gives a child a socket for stdin, and /dev/stdin of a socket cannot be opened; a pipe's can.
    if (args.includes('/dev/stdin'))
      return this.#run('sh', ['-c', 'cat | "$0" "$@"', this.program, ...args], all);
    return this.#run(this.program, args, all);
  }
}

async function retryWhileDown<T>(ask: () => Promise<T>, retries: number): Promise<T> {
  return pRetry(ask, {
    retries,
    minTimeout: 150,
    maxTimeout: 3000,
    factor: 2,
    shouldRetry: ({ error }) =>
      error instanceof AdrError && error.code === 'SOCKET_ERROR' && isPassing(error),
  });
}

/** Permissions and addresses do not mend themselves in a second; one that hangs was waited for already. */
function isPassing(error: AdrError): boolean {
  return (
    error.details.said !== '' &&
    !/permission denied|unable to parse|does not exist|no such host/i.test(String(error.details.said))
  );
}

function isGone(error: unknown): boolean {
  return (
    error instanceof AdrError &&
    /no such container|no container with name|removal of container .* is already in progress|is not running/i.test(
      String(error.details.said),
    )
  );
}

function parseState(text: string): ContainerState {
  const state = JSON.parse(text) as Record<string, unknown>;
  return {
    status: String(state.Status ?? ''),
    running: state.Running === true || state.Paused === true,
    exitCode: Number(state.ExitCode ?? 0),
    oomKilled: state.OOMKilled === true,
    error: String(state.Error ?? ''),
  };
}
