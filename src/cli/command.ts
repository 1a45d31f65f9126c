import type { Environment } from '../system/paths.ts';

/** One flag. `list` may be repeated; a `negated` boolean is on unless `--no-NAME` is given. */
export interface OptionSpec {
  readonly type: 'string' | 'list' | 'boolean';
  readonly describe: string;
  /** One letter. */
  readonly alias?: string;
  /** What help shows for the value: `DIR`, `NAME`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly negated?: boolean;
  /** The value may look like an option of this command (prompts). */
  readonly freeText?: boolean;
  readonly hidden?: boolean;
  /** What completions offer for the value. */
  readonly completes?: Completion;
}

export type Completion =
  | 'agent-type'
  | 'agent-spec'
  | 'session'
  | 'resumable'
  | 'agent'
  | 'tree-session'
  | 'tree-agent'
  | 'run'
  | 'file'
  | 'directory'
  | 'command'
  | 'config-key';

/**
 * One positional. `raw` (the last one only): the next word that is not exactly an option of the command is
 * taken as it stands, so that texts like `help`, `-`, `- bullet` and `--all x` arrive unchanged.
 */
export interface PositionalSpec {
  readonly name: string;
  readonly describe: string;
  readonly required?: boolean;
  readonly variadic?: boolean;
  readonly raw?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: Completion;
}

export interface Example {
  readonly command: string;
  readonly says: string;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** One command as data: the yargs options, help, completions and docs come from it. */
export interface Command {
  /** One or two words: `run`, `config set`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for the list of commands. */
  readonly describe: string;
  /** Further help, already wrapped. */
  readonly details?: string;
  readonly positionals?: readonly PositionalSpec[];
  readonly options?: OptionTable;
  /** What `-- ...` holds; undefined: the command takes none. */
  readonly rest?: string;
  readonly examples?: readonly Example[];
  readonly hidden?: boolean;
  /** The heading it stands under in the program's help. */
  readonly group?: string;
  /** Loads its own code with `import()`, so that only the chosen command is read. Gives the exit code. */
  run(context: CommandContext): Promise<number>;
}

/** What the user wrote, checked against the command's tables. */
export interface ParsedArguments {
  /** A string option or a positional. */
  string(name: string): string | undefined;
  /** A list option or a variadic positional, in the order written. */
  list(name: string): readonly string[];
  /** A boolean option; undefined when it was not written. */
  flag(name: string): boolean | undefined;
  /** What stood after `--`. */
  readonly rest: readonly string[];
}

export interface InputStream extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
}

export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Streams {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

export interface CommandContext extends Streams {
  readonly program: string;
  readonly version: string;
  readonly args: ParsedArguments;
  readonly env: Environment;
  /** Aborts when nobody reads stdout any more (a closed pipe). */
  readonly closed: AbortSignal;
}

/** What a program is, apart from the process it runs in. */
export interface ProgramDefinition {
  readonly name: string;
  readonly describe: string;
  readonly commands: readonly Command[];
  /** Options every command takes, also before its name (`--socket NAME`). `--debug` is added. */
  readonly globals?: OptionTable;
  /** Lines shown at the end of the program's help. */
  readonly epilogue?: string;
  /** Commands that go on for long, and what loads all else that they may want later. */
  readonly staying?: { readonly commands: readonly string[]; readonly load?: () => Promise<unknown> };
}

/** A program about to run: its definition, argv, environment and streams. */
export interface Program extends ProgramDefinition, Streams {
  readonly version: string;
  readonly argv: readonly string[];
  readonly env: Environment;
}

/** The options that every command of a program takes. */
export function collectGlobals(program: Pick<Program, 'globals'>): OptionTable {
  return { ...program.globals, debug: { type: 'boolean', describe: 'Show stack traces of errors' } };
}

/** The same commands under one heading of the program's help. */
export function groupCommands(group: string, commands: readonly Command[]): readonly Command[] {
  return commands.map((command) => ({ ...command, group }));
}
