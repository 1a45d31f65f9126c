import {
  type Origin,
  parseChoice,
  parseCpus,
  parseMemory,
  parseModel,
  parsePids,
  parseSwitch,
  parseTag,
  parseText,
  parseTimeout,
  parseUser,
  parseWord,
  type UserChoice,
} from './values.ts';

export const ENGINES = ['docker', 'podman', 'host'] as const;
export type EngineName = (typeof ENGINES)[number];
export const APPROVALS = ['never', 'ask'] as const;
export const PULLS = ['missing', 'always', 'never'] as const;
export type Pull = (typeof PULLS)[number];
export type Approvals = (typeof APPROVALS)[number];

/** What the settings come to for one run; numbers are bytes, CPUs, processes (0: no limit) and milliseconds. */
export interface SettingValues {
  readonly agent: string | undefined;
  readonly engine: EngineName;
  readonly tag: string;
  readonly image: string | undefined;
  readonly model: string | undefined;
  readonly mounts: readonly string[];
  readonly env: readonly string[];
  readonly 'env-file': readonly string[];
  readonly network: string;
  readonly 'host-gateway': boolean;
  readonly publish: readonly string[];
  readonly pull: Pull | undefined;
  readonly context: string | undefined;
  readonly 'config-dir': string | undefined;
  readonly memory: number;
  readonly 'memory-swap': number | undefined;
  readonly cpus: number;
  readonly 'pids-limit': number;
  readonly user: UserChoice;
  readonly approvals: Approvals | undefined;
  readonly reports: boolean;
  readonly 'protect-git': boolean;
  readonly 'sync-auth': boolean;
  readonly timeout: number | undefined;
  readonly 'idle-timeout': number | undefined;
  readonly 'notify-tmux': boolean;
  readonly 'notify-desktop': boolean;
  readonly 'notify-cmd': string | undefined;
}

export type SettingName = keyof SettingValues;

/**
 * Whether a project's `.adr`, which the confined agent may have written, can set it: `guarded` needs the user's trust,
 * `lowers` counts when it only tightens a limit, `workspace` when a mount lies inside the workspace, `asks` when it
 * makes the agent ask.
 */
export type Safety = 'safe' | 'guarded' | 'lowers' | 'workspace' | 'asks';

export interface Setting<N extends SettingName = SettingName> {
  readonly name: N;
  /** In config files and the environment; with `_AGENT` behind it for one agent type only. */
  readonly key: string;
  /** The flag of `adr run`, `--` left out. */
  readonly flag: string;
  readonly alias?: string;
  /** Counts for a session's monitor, which reads no project's file: no flag of `adr run`. */
  readonly session?: boolean;
  /** Means something for headless runs alone: no option of a session's agents. */
  readonly headless?: boolean;
  readonly kind: 'scalar' | 'list' | 'switch';
  readonly safety: Safety;
  readonly describe: string;
  readonly value: string;
  readonly choices?: readonly string[];
  readonly fallback: SettingValues[N];
  /** Scalars only: the text to the value. Throws CONFIG_INVALID. */
  readonly parse: (text: string, origin: Origin) => SettingValues[N] | string;
}

const GIB = 2 ** 30;

function define<N extends SettingName>(
  name: N,
  rest: Omit<Setting<N>, 'name' | 'key' | 'flag' | 'kind'> & {
    readonly kind?: Setting['kind'];
    readonly key?: string;
    readonly flag?: string;
  },
): Setting<N> {
  const key = `ADR_${name.toUpperCase().replaceAll('-', '_')}`;
  return { key, flag: name, kind: 'scalar', ...rest, name };
}

/** Every setting: the config files, variables, flags, help and `adr config` all come from here. */
export const SETTINGS = [
  define('agent', {
    fallback: undefined,
    safety: 'safe',
    parse: parseWord,
    value: 'TYPE',
    describe: 'Agent type where none is named',
  }),
  define('engine', {
    fallback: 'docker',
    safety: 'guarded',
    parse: parseChoice(ENGINES),
    choices: ENGINES,
    value: 'ENGINE',
    describe: 'Where the agent runs: docker, podman, or host (nothing confines it there)',
  }),
  define('tag', {
    fallback: 'latest',
    safety: 'safe',
    parse: parseTag,
    value: 'TAG',
    describe: 'Image tag (latest)',
  }),
  define('image', {
    fallback: undefined,
    safety: 'guarded',
    parse: parseWord,
    value: 'IMAGE',
    describe: 'Image (coding-agent/TYPE:TAG)',
  }),
  define('model', {
    fallback: undefined,
    safety: 'safe',
    parse: parseModel,
    value: 'MODEL',
    describe: 'Model for the agent',
  }),
  define('mounts', {
    flag: 'mount',
    alias: 'm',
    kind: 'list',
    fallback: [],
    safety: 'workspace',
    parse: parseText,
    value: 'HOST:CONTAINER[:ro|rw]',
    describe: 'Mount a directory or file, read-only unless :rw',
  }),
  define('env', {
    alias: 'e',
    kind: 'list',
    fallback: [],
    safety: 'guarded',
    parse: (text) => text,
    value: 'NAME[=VALUE]',
    describe: 'Variable for the agent; without a value, your own',
  }),
  define('env-file', {
    kind: 'list',
    fallback: [],
    safety: 'guarded',
    parse: parseText,
    value: 'FILE',
    describe: 'Variables for the agent from a file',
  }),
  define('network', {
    fallback: 'bridge',
    safety: 'guarded',
    parse: parseWord,
    value: 'NAME',
    describe: 'Network: bridge, none, host, or a named one; adr... is made when missing (bridge)',
  }),
  define('host-gateway', {
    kind: 'switch',
    fallback: true,
    safety: 'guarded',
    parse: parseSwitch,
    value: '0|1',
    describe: 'Leave the name host.docker.internal unset',
  }),
  define('publish', {
    alias: 'p',
    kind: 'list',
    fallback: [],
    safety: 'guarded',
    parse: parseText,
    value: '[HOST:]PORT',
    describe: "Reach the agent's port on this machine, at 127.0.0.1 only",
  }),
  define('pull', {
    fallback: undefined,
    safety: 'guarded',
    parse: parseChoice(PULLS),
    choices: PULLS,
    value: 'WHEN',
    describe: 'Whether to pull the image (missing for --image, never for our own)',
  }),
  define('context', {
    fallback: undefined,
    safety: 'guarded',
    parse: parseWord,
    value: 'NAME',
    describe: "The engine client's context (its own current one)",
  }),
  define('config-dir', {
    flag: 'config',
    alias: 'c',
    fallback: undefined,
    safety: 'guarded',
    parse: parseText,
    value: 'DIR',
    describe: "Copy this whole directory in place of the agent's own (~/.claude, ~/.codex...)",
  }),
  define('memory', {
    fallback: 4 * GIB,
    safety: 'lowers',
    parse: parseMemory,
    value: 'SIZE',
    describe: 'Memory limit (4g); 0 lifts it',
  }),
  define('memory-swap', {
    fallback: undefined,
    safety: 'lowers',
    parse: parseMemory,
    value: 'SIZE',
    describe: 'Memory and swap together (as --memory: no swap); 0 lifts it',
  }),
  define('cpus', {
    fallback: 2,
    safety: 'lowers',
    parse: parseCpus,
    value: 'N',
    describe: 'CPU limit (2); 0 lifts it',
  }),
  define('pids-limit', {
    fallback: 4096,
    safety: 'lowers',
    parse: parsePids,
    value: 'N',
    describe: 'Limit of processes (4096); 0 lifts it',
  }),
  define('user', {
    fallback: { kind: 'host' },
    safety: 'guarded',
    parse: parseUser,
    value: 'USER',
    describe: 'Whom the agent runs as: host (you), image, UID or UID:GID (host)',
  }),
  define('approvals', {
    fallback: undefined,
    safety: 'asks',
    parse: parseChoice(APPROVALS),
    choices: APPROVALS,
    value: 'WHEN',
    describe: 'Whether the agent asks before it acts (never in containers, ask on the host)',
  }),
  define('reports', {
    kind: 'switch',
    fallback: true,
    safety: 'guarded',
    parse: parseSwitch,
    value: '0|1',
    describe: 'Do not load the reporter into the agent',
  }),
  define('protect-git', {
    kind: 'switch',
    fallback: true,
    safety: 'guarded',
    parse: parseSwitch,
    value: '0|1',
    describe: 'Let the agent change .git/config and .git/hooks, which git runs on this host',
  }),
  define('sync-auth', {
    kind: 'switch',
    fallback: true,
    safety: 'guarded',
    parse: parseSwitch,
    value: '0|1',
    describe: 'Give the container a copy of your login instead of sharing it (claude, codex)',
  }),
  define('timeout', {
    fallback: undefined,
    safety: 'safe',
    parse: parseTimeout,
    value: 'TIME',
    describe: 'Stop a headless run after this time: 90s, 10m, 2h',
  }),
  define('idle-timeout', {
    headless: true,
    fallback: undefined,
    safety: 'safe',
    parse: parseTimeout,
    value: 'TIME',
    describe: 'Stop a headless run that has neither printed nor reported anything for this time',
  }),
  define('notify-tmux', {
    session: true,
    kind: 'switch',
    fallback: true,
    safety: 'guarded',
    parse: parseSwitch,
    value: '0|1',
    describe: "Bell and a line in the session's terminals when an agent waits, stalls or exits",
  }),
  define('notify-desktop', {
    session: true,
    kind: 'switch',
    fallback: true,
    safety: 'guarded',
    parse: parseSwitch,
    value: '0|1',
    describe: 'The same as a desktop notification, where there is a desktop',
  }),
  define('notify-cmd', {
    session: true,
    fallback: undefined,
    safety: 'guarded',
    parse: parseText,
    value: 'COMMAND',
    describe: 'The same as a command of yours, with the facts in its environment',
  }),
] as const satisfies readonly Setting[];

/** The part of a per-agent key behind the setting's own: `my-agent` is `MY_AGENT`. */
export function toKeySuffix(agent: string): string {
  return agent.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** The setting a key means, for all agents or one; undefined: unknown. `ADR_MODEL_PI` is `model` for `PI`. */
export function findSettingByKey(
  key: string,
): { readonly setting: Setting; readonly suffix: string | undefined } | undefined {
  const settings = SETTINGS as readonly Setting[];
  const exact = settings.find((setting) => setting.key === key);
  if (exact) return { setting: exact, suffix: undefined };
  const longest = settings
    .filter((setting) => key.startsWith(`${setting.key}_`) && setting.name !== 'agent')
    .sort((a, b) => b.key.length - a.key.length)[0];
  if (!longest) return undefined;
  const suffix = key.slice(longest.key.length + 1);
  return suffix === '' ? undefined : { setting: longest, suffix };
}
