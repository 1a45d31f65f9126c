/** Every failure the two programs name, with the exit code of its class (README "Exit codes"). */
const EXIT_CODES = {
  UNEXPECTED: 1,
  USAGE: 2,
  CONFIG_INVALID: 2,
  RECORDING_INVALID: 2,
  MOUNT_INVALID: 2,
  WORKSPACE_INVALID: 2,
  SESSION_NOT_FOUND: 3,
  AGENT_NOT_FOUND: 3,
  AGENT_TYPE_UNKNOWN: 3,
  TREE_NOT_FOUND: 3,
  IMAGE_NOT_FOUND: 3,
  TMUX_MISSING: 4,
  TMUX_TOO_OLD: 4,
  TMUX_FAILED: 4,
  ENGINE_MISSING: 4,
  ENGINE_FAILED: 4,
  SOCKET_ERROR: 4,
  NETWORK_ERROR: 4,
  RESOURCE_LIMIT: 4,
  AUTH_REQUIRED: 4,
  AGENT_NOT_IN_IMAGE: 4,
  AGENT_NOT_INSTALLED: 4,
  NO_TERMINAL: 4,
  BUILD_FAILED: 4,
  FILE_FAILED: 4,
  GIT_MISSING: 4,
  GIT_FAILED: 4,
  NAME_CONFLICT: 5,
  SESSION_EXISTS: 5,
  AGENT_EXITED: 5,
  MERGE_CONFLICT: 5,
  LOCKED: 5,
  REFUSED: 6,
  CONFIG_UNTRUSTED: 6,
  PARTLY_DONE: 7,
  TIMEOUT: 124,
} as const;

export type ErrorCode = keyof typeof EXIT_CODES;

interface AdrErrorOptions {
  /** The next command to type, or what to change. */
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** Overrides the code's own exit code (125 from `adr run`). */
  readonly exitCode?: number;
}

/**
 * A failure with a name: what happened (values in quotes), what to type next, and the exit code of its class.
 * Everything else that is thrown is a bug.
 */
export class AdrError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AdrErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AdrError';
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT_CODES[code];
    this.details = options.details ?? {};
  }
}
