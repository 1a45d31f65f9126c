import { join, resolve } from 'node:path';
import type { AgentType, Launch, LaunchRequest } from '../../agents/types.ts';
import { type AgentTypes, openAgentTypes } from '../../config/agent-types.ts';
import type { ConfirmTrust } from '../../config/check-trust.ts';
import { judgeWorkspace } from '../../config/guarded-places.ts';
import { expandHome } from '../../config/mounts.ts';
import { type FlagValues, readSettings, type Settings } from '../../config/read-settings.ts';
import { type ConfigFile, collectConfig } from '../../container/config-files.ts';
import { CONTAINER_ASSETS, CONTAINER_HOME, READ_ONLY_ASSETS } from '../../container/home-archive.ts';
import { describeOwner, type RunIdentity } from '../../container/labels.ts';
import type { ClaimedRun } from '../../container/run-directory.ts';
import { planTranscripts, type Transcripts } from '../../container/transcripts.ts';
import { findWorkspace } from '../../container/workspace.ts';
import { AdrError } from '../../errors.ts';
import { suggestName } from '../../suggest.ts';
import { findHome } from '../../system/paths.ts';
import { findOrigin, findTreeAt, type TreeRecord } from '../../trees/record.ts';

/** What the user asked of `adr run`. */
export interface RunRequest {
  readonly flags: FlagValues;
  readonly workspace: string | undefined;
  readonly mode: LaunchRequest['mode'];
  /** Headless only. */
  readonly prompt: string | undefined;
  readonly args: readonly string[];
  /** The agent's own id of the conversation it is to go on with. */
  readonly conversation?: string | undefined;
  /** A shell in the agent's container instead of the agent. */
  readonly shell?: boolean;
  /** The container's root file system cannot be written. */
  readonly readOnly?: boolean;
  /** Replaces `~/.claude.json` (claude only). */
  readonly configFile?: string | undefined;
  readonly session: string | undefined;
  readonly name: string | undefined;
  readonly cwd: string;
  readonly version: string;
}

/** A run with everything known that needs no engine. */
export interface PreparedRun {
  readonly claimed: ClaimedRun;
  readonly type: AgentType;
  readonly settings: Settings;
  readonly identity: RunIdentity;
  readonly mode: LaunchRequest['mode'];
  readonly place: 'host' | 'container';
  /** The tree of adr's that the workspace lies in. */
  readonly tree: TreeRecord | undefined;
  readonly readOnly: boolean;
  /** A shell, or words behind `--`: what is asked of the agent is not adr's to judge. */
  readonly gaveWords: boolean;
  readonly config: readonly ConfigFile[];
  readonly warnings: readonly string[];
  /** When the run is ended, in ms; a session's agent has a limit only where one was given for it. */
  readonly timeoutMs: number | undefined;
  /** Where a session keeps this agent's conversations; undefined: the agent's own place. */
  readonly transcripts: Transcripts | undefined;
  /** The command line for the uid it will run as. */
  launchAs(uid: number): Launch;
}

export const CONTAINER_REPORTS = '/run/adr';
const CONTAINER_WORKSPACE = '/workspace';

/**
 * Checks a request: workspace, settings, agent type, the user's configuration. Throws USAGE, WORKSPACE_INVALID,
 * CONFIG_INVALID, CONFIG_UNTRUSTED, MOUNT_INVALID, AGENT_TYPE_UNKNOWN, REFUSED.
 */
export async function prepareRun(
  request: RunRequest,
  claimed: ClaimedRun,
  confirmTrust?: ConfirmTrust,
): Promise<PreparedRun> {
  const { env } = claimed;
  const workspace = await findWorkspace(resolve(request.cwd, request.workspace ?? '.'));
  const tree = await findTreeAt(env, workspace);
  const settings = await readSettings({
    flags: request.flags,
    env,
    cwd: request.cwd,
    // The user's own directory says what holds in a tree of it, not the copy that the agent can write.
    workspace: tree ? findOrigin(tree) : workspace,
    confirmTrust,
  });
  const { type, problem } = await findType(settings.agent, openAgentTypes(env));
  const place = type.runs === 'host-only' || settings.engine === 'host' ? 'host' : 'container';
  const home = findHome(env);
  const directory = findGivenDirectory(settings, home);
  const file = request.configFile === undefined ? undefined : resolve(request.cwd, request.configFile);
  if (place === 'host') checkHostRequest(request, settings);
  const config = await collectConfig(type, home, { directory, file });
  const warnings = [
    ...settings.warnings,
    ...(problem ? [`${problem.message}; the screen is read without it`] : []),
    ...(place === 'container' ? [...(await judgeWorkspace(workspace, env)), ...config.warnings] : []),
  ];
  const readOnly = request.readOnly ?? false;
  const approvals = chooseApprovals(settings, place, warnings);
  const interactive = request.mode === 'interactive';
  const timed = !interactive || (claimed.fromSession && settings.origins.timeout.at(-1)?.layer === 'flag');
  for (const name of ['timeout', 'idle-timeout'] as const) {
    if (settings[name] === undefined || !interactive || (timed && name === 'timeout')) continue;
    warnings.push(`--${name} is for headless runs (--prompt); this interactive run has no time limit`);
  }
  const transcripts =
    interactive && !request.shell ? planTranscripts(type, place, claimed, request.name) : undefined;
  const launchAs = (uid: number) =>
    type.prepareLaunch({
      place,
      mode: request.mode,
      conversation: interactive ? request.conversation : undefined,
      transcripts: transcripts?.target,
      prompt: request.prompt,
      model: settings.model,
      approvals,
      args: request.args,
      workspace: place === 'container' ? findContainerWorkspace(tree) : workspace,
      home: place === 'container' ? CONTAINER_HOME : home,
      uid,
      assets:
        place === 'container'
          ? readOnly
            ? READ_ONLY_ASSETS
            : CONTAINER_ASSETS
          : join(claimed.directory, 'assets'),
      reports: chooseReports(settings.reports, place, claimed),
      env: {
        ...env,
        ...Object.fromEntries(settings.env.map(({ name, value }) => [name, value ?? env[name]])),
      },
      config: config.texts,
      configPaths: config.files.map(({ path }) => path),
    });
  return {
    claimed,
    type,
    settings,
    identity: buildIdentity(request, claimed, type, workspace),
    mode: request.mode,
    place,
    tree,
    readOnly,
    timeoutMs: timed ? settings.timeout : undefined,
    gaveWords: request.shell === true || request.args.length > 0,
    config: place === 'container' ? config.files : [],
    warnings,
    transcripts,
    launchAs: request.shell ? (uid) => openShell(type, launchAs(uid), request.args) : launchAs,
  };
}

function findGivenDirectory(settings: Settings, home: string): string | undefined {
  const origin = settings.origins['config-dir'].at(-1);
  const given = settings['config-dir'];
  return given === undefined ? undefined : resolve(origin?.base ?? '.', expandHome(given, home));
}

/** An entrypoint of the user's own is asked to open the shell itself. */
function openShell({ own }: AgentType, launch: Launch, args: readonly string[]): Launch {
  if (own?.entrypoint) return { ...launch, env: { ...launch.env, AGENT_SHELL: '1' } };
  return { ...launch, argv: ['bash', ...args] };
}

/** Throws USAGE: what was asked for is a container's. */
function checkHostRequest(request: RunRequest, settings: Settings): void {
  const asked = [
    request.shell ? '--shell' : undefined,
    request.readOnly ? '--read-only' : undefined,
    request.configFile === undefined ? undefined : '--config-file',
    settings['config-dir'] === undefined ? undefined : '--config',
  ].find((flag) => flag !== undefined);
  if (asked === undefined) return;
  throw new AdrError('USAGE', `${asked} is for containers`, {
    hint: 'on the host engine the agent uses your own files: leave it out, or give --engine docker',
  });
}

function chooseReports(on: boolean, place: 'host' | 'container', claimed: ClaimedRun): string | undefined {
  if (!on) return undefined;
  return place === 'container' ? CONTAINER_REPORTS : claimed.directory;
}

/** On the host nothing confines the agent: there `never` counts only when it was typed for this very run. */
function chooseApprovals(
  settings: Settings,
  place: 'host' | 'container',
  warnings: string[],
): 'never' | 'ask' {
  if (place === 'container') return settings.approvals ?? 'never';
  const origin = settings.origins.approvals.at(-1);
  if (settings.approvals !== 'never') return 'ask';
  if (origin?.layer === 'flag') return 'never';
  warnings.push(
    `${origin?.where}: "never" does not count on the host engine; give --approvals never each time`,
  );
  return 'ask';
}

/**
 * The agent type of that name, and what is wrong with signs that do not count for it. Throws USAGE (none named),
 * AGENT_TYPE_UNKNOWN, CONFIG_INVALID (files without which it cannot run).
 */
async function findType(
  name: string | undefined,
  types: AgentTypes,
): Promise<{ readonly type: AgentType; readonly problem?: AdrError | undefined }> {
  if (name === undefined) {
    const known = (await types.listNames()).join(', ');
    throw new AdrError('USAGE', 'no agent type given', {
      hint: `name one (${known}), or set ADR_AGENT in ~/.config/adr/config or .adr`,
    });
  }
  const { type, problem } = await types.inspect(name);
  if (type) return { type, problem };
  if (problem) throw problem;
  throw describeUnknownType(name, await types.listNames());
}

/** The failure of a name that no agent type has. */
export function describeUnknownType(name: string, known: readonly string[]): AdrError {
  const near = suggestName(name, known);
  const all = `nown: ${known.join(', ')}`;
  return new AdrError('AGENT_TYPE_UNKNOWN', `unknown agent type ${JSON.stringify(name)}`, {
    hint: near ? `did you mean "${near}"? K${all}` : `k${all}`,
  });
}

/** Where the agent works in a container: a tree stands there whole, its part of it below. */
export function findContainerWorkspace(tree: TreeRecord | undefined): string {
  return join(CONTAINER_WORKSPACE, tree?.prefix ?? '');
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;

function buildIdentity(
  request: RunRequest,
  claimed: ClaimedRun,
  type: AgentType,
  workspace: string,
): RunIdentity {
  for (const name of [request.name, request.session]) {
    if (name !== undefined && !NAME.test(name)) {
      throw new AdrError('USAGE', `${JSON.stringify(name)} is not a name`, {
        hint: 'names are letters, digits, "_" and "-", starting with a letter or digit',
      });
    }
  }
  return {
    run: claimed.run,
    type: type.name,
    agent: request.name ?? type.name,
    session: request.session,
    sessionId: claimed.sessionId,
    workspace,
    createdAt: new Date().toISOString(),
    version: request.version,
    owner: describeOwner(),
  };
}
