/**
 * What an agent itself said through its reporter, in the vocabulary that all types share.
 * `at` is milliseconds since the epoch, taken where the report was written.
 */
export type AgentEvent = AgentEventFacts &
  (
    | { readonly kind: 'ready' }
    | { readonly kind: 'prompt'; readonly text: string }
    | { readonly kind: 'busy' }
    | ({ readonly kind: 'tool'; readonly input: string } & ToolFacts)
    | ({ readonly kind: 'tool-end' } & ToolFacts)
    | {
        readonly kind: 'ask';
        readonly question: QuestionKind;
        /** Empty where the agent does not say it: the screen does. */
        readonly what: string;
        /** The tool that needs the answer, where it is told. */
        readonly tool?: string;
        readonly subagent?: true;
      }
    | { readonly kind: 'answered' }
    | { readonly kind: 'turn-end'; readonly message: string }
    | { readonly kind: 'error'; readonly message: string; readonly retrying: boolean }
    | { readonly kind: 'usage'; readonly usage: AgentUsage }
    | { readonly kind: 'end' }
  );

interface ToolFacts {
  readonly name: string;
  /** The call's own id: several of one name may run at once. */
  readonly id?: string | undefined;
  /** A sub-agent uses it: it may go on when the agent's turn is over. */
  readonly subagent?: true;
}

/** What a conversation has used so far, as far as its agent tells. */
export interface AgentUsage {
  /** Tokens sent that no cache held. */
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** Tokens that stand in the model's context now, and how many it holds. */
  readonly context?: number;
  readonly contextSize?: number;
  /** US dollars; left out where the agent knows no price. */
  readonly cost?: number;
}

interface AgentEventFacts {
  readonly at: number;
  /** The agent's own conversation id, for resuming it. */
  readonly conversation?: string | undefined;
}

/** What a question is about; `approval`: a permission; `text`: words of the user's own are asked for. */
export type QuestionKind = 'approval' | 'trust' | 'login' | 'plan' | 'choice' | 'text';

/** One line of a run's report file: `<ms> <source> <raw JSON of the agent>`, JSON already parsed. */
export interface RawReport {
  readonly at: number;
  readonly source: string;
  readonly body: unknown;
}

/** Where a run happens: on the host itself, or inside a container. */
export type Place = 'host' | 'container';

/** A file or directory of the user's configuration that may enter a container, relative to HOME. */
export interface ConfigSource {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  /** Larger ones are left out with a warning. */
  readonly maxBytes: number;
  /** Missing is fine unless this is set: then the hint says how to make it. */
  readonly required?: boolean;
}

/** A login file, relative to HOME (one of `AgentType.config`). */
export interface LoginSource {
  readonly path: string;
  /**
   * Variable that names the directory the agent keeps it in, with its locks. Without one a link leads there, which the
   * agent must follow when it replaces the file (codex 0.169 does, and keeps its lock beside the file itself).
   */
  readonly directoryVariable?: string;
}

/** Where an agent keeps its conversations, and how one of them is found there. */
export interface ConversationStore {
  /** Its directory, relative to HOME. */
  readonly directory: string;
  /** Variables that move it on the host, the one that counts first: its value and what follows it. */
  readonly moved: readonly { readonly variable: string; readonly below: string }[];
  /** `name`: a file has the conversation's id in its name; `content`: one of `files` holds it. */
  readonly found: 'name' | 'content';
  /** Only files whose names match (`content`). */
  readonly files?: Pattern;
  /**
   * How a session's own directory takes its place in a container: `link`: a link in HOME leads there; `launch`: the
   * command line or environment does (`LaunchRequest.transcripts`), for a type that runs on the host there too.
   */
  readonly redirected: 'link' | 'launch';
  /** Words of the user's own that choose a conversation: then it is not ours to choose. */
  readonly ownWords: readonly string[];
}

/** A file adr writes for a run; `path` is relative to the directory it is meant for, mode 0600. */
export interface LaunchFile {
  readonly path: string;
  readonly content: string;
}

/** Everything a command line may depend on. Paths are as the agent sees them. */
export interface LaunchRequest {
  readonly place: Place;
  readonly mode: 'interactive' | 'headless' | 'headless-json';
  /** The agent's own id of the conversation to go on with; interactive only. */
  readonly conversation?: string | undefined;
  /** The directory that keeps a session's conversations; undefined: the agent's own place. */
  readonly transcripts?: string | undefined;
  /** Headless only; handed over on stdin where the agent can read it there. */
  readonly prompt?: string | undefined;
  readonly model?: string | undefined;
  /** `never`: the agent does not ask before it acts. */
  readonly approvals: 'never' | 'ask';
  /** What the user wrote after `--`. */
  readonly args: readonly string[];
  readonly workspace: string;
  readonly home: string;
  readonly uid: number;
  /** Directory that holds `Launch.assets`. */
  readonly assets: string;
  /** Directory for the reporter (`reports`, `lock`); undefined when reports are off. */
  readonly reports: string | undefined;
  /** The environment the agent gets from the user. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of the user's allow-listed config files (`ConfigSource` of kind `file`), by path relative to HOME. */
  readonly config: ReadonlyMap<string, string>;
  /** Paths of all of the user's config that enters the container, those in directories too, relative to HOME. */
  readonly configPaths?: readonly string[];
}

/** A command line with what must stand around it. */
export interface Launch {
  /** argv[0] is the agent's program. */
  readonly argv: readonly string[];
  /** Added to the agent's environment. Never holds secrets of its own making. */
  readonly env: Readonly<Record<string, string>>;
  /** What is written to the agent's stdin before it is closed (headless); undefined: stdin stays as it is. */
  readonly stdin?: string | undefined;
  /** Files for `LaunchRequest.assets`: reporter, settings. */
  readonly assets: readonly LaunchFile[];
  /** Container only: injected copies of config files that replace or add to the user's, relative to HOME. */
  readonly config: readonly LaunchFile[];
}

/**
 * A regular expression in source form, so that users can override it in JSON. Flags: `mu`, so `^` and `$`
 * stand for the ends of a line, `(?<![^])` for the start and `$(?!\\n)` for the end of the text that is searched.
 */
export type Pattern = string;

/**
 * A pattern that proves something, with the words `status` shows for it (`$1` is the first group).
 * `at` names the one part of the screen it counts in: `above` the composer (the live area, `liveLines` lines)
 * or `below` it (the footer). Where it matches more than once, the lowest match counts.
 */
export interface Sign {
  readonly pattern: Pattern;
  readonly says: string;
  readonly at?: 'above' | 'below';
  /** A live one is never twice the same for long: one that stands still is text that the model wrote. */
  readonly moves?: boolean;
}

/**
 * How an agent's screen is read. Data only: a user may replace any field per agent type.
 * The visible screen is searched with trailing blanks of lines and trailing empty lines removed.
 */
export interface ScreenSigns {
  readonly composer: ComposerSigns;
  /** The agent is at work. */
  readonly busy: readonly Sign[];
  /** The agent waits out an API error. */
  readonly retrying: readonly Sign[];
  /** A tool of the agent runs: more patience before it counts as stalled. */
  readonly tools?: readonly Sign[];
  /** A question stands on the screen: searched in all of it, so the pattern must hold the screen's end. */
  readonly dialogs: readonly DialogSign[];
  /** An error as the last thing said before the composer. */
  readonly errors: readonly Sign[];
  /**
   * Something that only hides the composer (a transcript, a pager): below it all is as it was. Searched in all of the
   * screen, so the pattern must hold its end.
   */
  readonly views?: readonly Sign[];
  /**
   * The last line above the composer while a reply streams, for an agent whose composer stands there as if at rest
   * then: where no title tells, a line that changes again and again is work.
   */
  readonly streams?: Pattern;
  /**
   * Evidence in the pane title. `busy` is a busy sign; `asking` a question where no dialog and no composer is
   * recognised; under `idle` nothing above the composer counts as work.
   */
  readonly titles: {
    readonly busy?: Pattern;
    readonly asking?: Pattern;
    readonly idle?: Pattern;
  };
  /** Parts of lines that change without progress: spinners, timers, counters, clocks. */
  readonly noise: readonly Pattern[];
  /** How many lines above the composer belong to the live area that busy signs are read in. */
  readonly liveLines: number;
  readonly answers?: AnswerSigns | undefined;
}

/**
 * How this agent's questions are answered, beyond what any screen shows: numbered options, options behind a marker,
 * `[y/N]`.
 */
export interface AnswerSigns {
  /**
   * `arrows` (default): Up and Down move the marker, Enter takes; `numbers`: an option's number answers at once;
   * `line`: the number, or the word, is typed and Enter sends it.
   */
  readonly press?: 'arrows' | 'numbers' | 'line';
  /** A line of options side by side, each a group of the pattern: Left and Right choose. */
  readonly rows?: readonly Pattern[];
  /** The key that refuses a question whose options are not all on the screen, as tmux names it. */
  readonly refuse?: string;
  /** Options behind which the user writes his own words, by their labels; `key` opens the field where choosing does not. */
  readonly own?: { readonly labels: readonly Pattern[]; readonly key?: string };
  /** The user's words go behind a refusal: the screen's keys offer it, this key opens it. */
  readonly amend?: { readonly offer: Pattern; readonly key: string };
  /** A question for the user's words that takes them at once. */
  readonly input?: Pattern;
  /**
   * Where several options may be ticked: the key that leaves them, and what the page looks like that submits all; there
   * its consent is chosen, or Enter pressed where it offers none.
   */
  readonly submit?: { readonly key: string; readonly page: Pattern };
  /** A second question that only confirms the choice of "always". */
  readonly confirms?: Pattern;
}

export interface DialogSign extends Sign {
  readonly kind: QuestionKind;
}

/**
 * The composer is the bottom-most block of lines between a line that matches `top` and one that matches
 * `bottom`; `topIsText`: the top line is itself the first line of text. The end of the screen counts as an empty line.
 */
export interface ComposerSigns {
  readonly top: Pattern;
  readonly topIsText: boolean;
  readonly bottom: Pattern;
  /**
   * `rules`: top and bottom are rules of the same width. `base`: what the bottom pattern matches is as wide as the
   * composer and the conversation; right of it stands something else.
   */
  readonly frame?: 'rules' | 'base';
  /**
   * What the block must look like as a whole, its lines joined by newlines; default: anything. Where it has a group
   * named `text`, the text stands in it.
   */
  readonly block?: Pattern;
  /** What the block looks like when its top has left the screen; default: then there is no composer. */
  readonly clipped?: Pattern;
  /** What stands below it, as a whole; default: anything. */
  readonly footer?: Pattern;
  /** Removed from the start of every body line. */
  readonly lead: Pattern;
  /** Body lines that are not the user's text. */
  readonly chrome: readonly Pattern[];
  /** Texts an empty composer shows. */
  readonly placeholders: readonly Pattern[];
  /** The composer takes a shell command, not a prompt (tested on the raw block with its borders and the footer). */
  readonly shell: readonly Pattern[];
  /** Any other mode a prompt must not go into: history search, vim normal mode... (tested on the same). */
  readonly otherModes: readonly Pattern[];
}

/** All the project knows about one agent. */
export interface AgentType {
  readonly name: string;
  readonly title: string;
  /** The program's name on PATH, on the host and in the image. */
  readonly binary: string;
  /** `host-only` types never run in a container. */
  readonly runs: 'anywhere' | 'host-only';
  /** npm package and the pinned version that the image holds; undefined for host-only types. */
  readonly npm?: { readonly name: string; readonly version: string };
  readonly config: readonly ConfigSource[];
  /** The login whose tokens are renewed while it is used: shared with containers, never copied. */
  readonly login?: LoginSource;
  /** Set: without a login or a key it can answer nothing. What makes one: a command on the host, a variable. */
  readonly needsLogin?: { readonly command: string; readonly key: string };
  /** Undefined: no conversation of it can be resumed. */
  readonly conversations?: ConversationStore;
  /** The directory that `adr run --config DIR` stands in for, relative to HOME; undefined: it has none. */
  readonly configHome?: string;
  /** Variables of the user's environment handed to the agent when set (API keys). */
  readonly forwardEnv: readonly string[];
  /** What keeps the agent from taking `/`, `!`, `@`, `#` behind it as its own; default a blank. */
  readonly literalPrefix?: string;
  /** What stops a running turn, as tmux's key names; default one Escape. */
  readonly interruptKeys?: readonly string[];
  /** What a prompt does to a running turn. */
  readonly whileRunning: 'queues' | 'steers';
  readonly hasReporter: boolean;
  prepareLaunch(request: LaunchRequest): Launch;
  /** Raw report to events; tolerant of versions that lack a field, empty for what it does not know. */
  parseReport(report: RawReport): readonly AgentEvent[];
  readonly signs: ScreenSigns | undefined;
  /** Set where a file of the user's own changes `signs`: the file, and what it changes (undefined: nothing was there). */
  readonly signsFrom?: { readonly file: string; readonly base: ScreenSigns | undefined };
  /** Set on the types that the user defined. */
  readonly own?: OwnSource;
}

/** The folder that defines an agent type of the user's own, and what its containers are made of. */
export interface OwnSource {
  readonly folder: string;
  /** What its image is built from; undefined: it has no Dockerfile. */
  readonly dockerfile: { readonly usesBase: boolean } | undefined;
  /** The built-in type whose image it runs in, having none of its own. */
  readonly imageOf: string | undefined;
  /** The image's own entrypoint starts the agent, told what to do by `AGENT_*` variables. */
  readonly entrypoint: boolean;
  /** Directory of the configuration, relative to HOME, that the entrypoint also finds at `/mnt/agent-config-ro`. */
  readonly configHome: string | undefined;
}
