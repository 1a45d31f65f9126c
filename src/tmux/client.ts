import { AdrError } from '../errors.ts';
import type { ProcessResult, RunProcess } from '../system/process.ts';
import { classifyFailure, describeFailure } from './errors.ts';
import { escapeArgument } from './quote.ts';

/** What one invocation of tmux printed. A server that is not there is an answer, not an error. */
export interface TmuxAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly ok: boolean;
  readonly failure: ReturnType<typeof classifyFailure> | 'none';
}

export interface TmuxOptions {
  /** Name of the server (`-L`); undefined: the one this terminal is in, else the user's default server. */
  readonly socket?: string | undefined;
  readonly run: RunProcess;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

const TIMEOUT_MS = 20_000;

/** The only door to the tmux binary. Every call is one process. */
export class TmuxClient {
  readonly socket: string | undefined;
  readonly #run: RunProcess;
  readonly #env: Readonly<Record<string, string | undefined>> | undefined;
  readonly #path: string | undefined;

  constructor(options: TmuxOptions) {
    this.socket = options.socket;
    this.#run = options.run;
    // Which server is meant is said by option. What is left of them would give commands without a target the pane that
    // we were typed in, even when it belongs to another server.
    const { TMUX, TMUX_PANE: _pane, ...env } = options.env ?? process.env;
    this.#path = options.socket === undefined ? TMUX?.split(',')[0] || undefined : undefined;
    this.#env = env;
  }

  /** Words that come before every command: `-u`, or else a C locale turns tabs and non-ASCII to `_`. */
  get prefix(): readonly string[] {
    if (this.socket !== undefined) return ['-u', '-L', this.socket];
    return this.#path === undefined ? ['-u'] : ['-u', '-S', this.#path];
  }

  /**
   * Runs one command (or a chain whose separators are the word `;`). Never starts a server unless the command
   * does. Throws TMUX_MISSING, or TMUX_FAILED when tmux hangs.
   */
  async run(words: readonly string[], input?: string): Promise<TmuxAnswer> {
    const args = words.map((word) => (word === ';' ? word : escapeArgument(word)));
    return this.#call(args, input);
  }

  /**
   * Runs lines of commands in one invocation over `source-file -`. Lines are independent of each other: one that
   * fails is told on stderr, the rest runs. There is no limit on their size.
   */
  async batch(
    lines: readonly string[],
    options: { readonly startServer?: boolean } = {},
  ): Promise<TmuxAnswer> {
    const start = options.startServer ? ['start-server', ';'] : [];
    return this.#call([...start, 'source-file', '-'], `${lines.join('\n')}\n`);
  }

  /** Like `run`, but any failure is thrown. */
  async must(words: readonly string[], input?: string): Promise<string> {
    const answer = await this.run(words, input);
    if (!answer.ok) throw describeFailure(words[0] ?? '', answer.stderr);
    return answer.stdout;
  }

  async #call(args: readonly string[], input: string | undefined): Promise<TmuxAnswer> {
    const result = await this.#run('tmux', [...this.prefix, ...args], {
      input,
      env: this.#env,
      timeoutMs: TIMEOUT_MS,
    });
    return toAnswer(result, args[0] ?? '');
  }
}

function toAnswer(result: ProcessResult, command: string): TmuxAnswer {
  if (result.failure === 'not-found') {
    throw new AdrError('TMUX_MISSING', 'tmux is not installed, or not on PATH', {
      hint: 'install it: apt-get install tmux, dnf install tmux, or brew install tmux',
    });
  }
  if (result.failure === 'timeout') {
    throw new AdrError('TMUX_FAILED', `tmux ${command} did not answer within ${TIMEOUT_MS / 1000} s`, {
      hint: 'see whether the tmux server hangs: tmux list-sessions',
    });
  }
  const ok = result.exitCode === 0;
  return {
    stdout: result.stdout,
    stderr: result.stderr,
    ok,
    failure: ok ? 'none' : classifyFailure(result.stderr),
  };
}
