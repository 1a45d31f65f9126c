import type { ConfirmTrust } from '../../config/check-trust.ts';
import type { FlagValues } from '../../config/read-settings.ts';
import type { EngineName } from '../../config/schema.ts';
import { type RunEnd, type StopWatch, watchForStop } from '../../container/ending.ts';
import type { Engine } from '../../container/engine.ts';
import { describeAddress } from '../../container/engine-address.ts';
import { findChangedSources, readGitSources } from '../../container/git-check.ts';
import { listKnownEngines } from '../../container/known-engines.ts';
import { type ContainerPlan, runContainer } from '../../container/run-container.ts';
import {
  type ClaimedRun,
  claimRun,
  openRunDirectory,
  removeRunDirectory,
} from '../../container/run-directory.ts';
import { type HostPlan, runOnHost } from '../../container/run-on-host.ts';
import { reapOrphans } from '../../container/runs.ts';
import { keepLoginInSync, syncLogin } from '../../container/shared-login.ts';
import { type ConversationState, findConversation } from '../../container/transcripts.ts';
import { AdrError } from '../../errors.ts';
import type { Clock } from '../../system/clock.ts';
import { makeDirectoryFor } from '../../system/directories.ts';
import { makeEmpty } from '../../system/links.ts';
import type { Environment } from '../../system/paths.ts';
import type { RunProcess } from '../../system/process.ts';
import { checkLogin } from './check-login.ts';
import { openEngine } from './open-engine.ts';
import { chooseImage, planContainer } from './plan-container.ts';
import { planHost } from './plan-host.ts';
import { type PreparedRun, prepareRun, type RunRequest } from './prepare-run.ts';

/** What `adr run` reaches the world through. */
export interface RunTools {
  readonly run: RunProcess;
  readonly clock: Clock;
  /** stdin and stdout are a terminal. */
  readonly terminal: boolean;
  /** Told before the run begins. */
  readonly warn: (message: string) => void;
  /** Told of what takes a while. */
  readonly tell?: (message: string) => void;
  /** Makes a missing image of ours after asking; false: the user does not want to. */
  readonly offerBuild: (image: string, type: string, tag: string, engine: Engine) => Promise<boolean>;
  /** Shows what a project's `.adr` wants and asks; undefined: nobody can be asked. */
  readonly confirmTrust?: ConfirmTrust | undefined;
}

/** A run that is ready to go. */
export interface ReadyRun {
  readonly prepared: PreparedRun;
  readonly plan: ContainerPlan | HostPlan;
  readonly engine: Engine | undefined;
}

/** Plans a run and changes nothing, except that a missing image may be built on consent. Throws as its parts do. */
export async function planRun(request: RunRequest, env: Environment, tools: RunTools): Promise<ReadyRun> {
  const claimed = await claimRun(env);
  // `adr-tmux start` has asked; a pane of a session is no place for a question.
  const confirmTrust = claimed.fromSession ? undefined : tools.confirmTrust;
  return planClaimedRun(addLaunch(request, claimed), claimed, { ...tools, confirmTrust });
}

/** What the session asks of this run; it stands in no argv. */
function addLaunch(request: RunRequest, { launch }: ClaimedRun): RunRequest {
  if (!launch) return request;
  const { cwd, readOnly, configFile, conversation } = launch;
  return {
    ...request,
    ...{ cwd, readOnly: readOnly || request.readOnly, configFile: configFile ?? request.configFile },
    flags: { ...(launch.flags as FlagValues), ...request.flags },
    args: [...launch.args, ...request.args],
    conversation,
  };
}

/** What a run would stand on. */
export interface CheckedPlace {
  readonly engine: EngineName;
  readonly context: string | undefined;
  readonly reports: boolean;
  /** Those of its container that will be open on this machine. */
  readonly ports: ContainerPlan['spec']['publish'];
  /**
   * Whether the agent can go on with a conversation; `kept` is the directory that the session keeps this agent's in.
   */
  readonly findConversation: (id: string, kept: string) => Promise<ConversationState>;
}

/**
 * Finds out whether such a run could begin in a session's pane: everything but the start. Gives what it would
 * stand on. Throws as `planRun` does.
 */
export async function checkRun(
  request: RunRequest,
  env: Environment,
  tools: Omit<RunTools, 'terminal'>,
): Promise<CheckedPlace> {
  const claimed = {
    run: '0'.repeat(12),
    sessionId: undefined,
    directory: '/nonexistent',
    env,
    fromSession: true,
    launch: undefined,
  };
  const { plan, prepared } = await planClaimedRun(request, claimed, { ...tools, terminal: true });
  const { engine, context, reports } = prepared.settings;
  const place = {
    place: prepared.place,
    env: plan.kind === 'host' ? plan.env : env,
    args: request.args,
  };
  return {
    ...(plan.kind === 'host' ? { engine: 'host', context: undefined } : { engine, context }),
    reports,
    ports: plan.kind === 'host' ? [] : plan.spec.publish,
    findConversation: (id, kept) => findConversation(prepared.type, { ...place, kept }, id),
  };
}

async function planClaimedRun(request: RunRequest, claimed: ClaimedRun, tools: RunTools): Promise<ReadyRun> {
  const prepared = await prepareRun(request, claimed, tools.confirmTrust);
  for (const warning of prepared.warnings) tools.warn(warning);
  if (prepared.place === 'host') {
    if (!prepared.claimed.fromSession && (prepared.type.runs !== 'host-only' || prepared.type.own)) {
      tools.warn(`nothing confines ${prepared.type.title} on the host engine: it can do what you can do`);
    }
    return { prepared, plan: await planHost(prepared, tools.terminal), engine: undefined };
  }
  const engine = openEngine(prepared.settings, tools.run, prepared.claimed.env);
  if (!engine) throw new Error('a container needs an engine');
  const plan = async () => {
    const planned = await planContainer(prepared, engine, tools.run, tools.terminal);
    for (const warning of [...planned.warnings, ...(planned.guard?.warnings ?? [])]) tools.warn(warning);
    const noLogin = prepared.mode === 'interactive' ? await checkLogin(prepared, engine) : undefined;
    if (noLogin) tools.warn(`${noLogin.message}; ${noLogin.hint}`);
    return planned;
  };
  const pulled = await pullImage(prepared, engine, 'before', tools);
  try {
    return { prepared, plan: await plan(), engine };
  } catch (error) {
    if (!(error instanceof AdrError) || error.code !== 'IMAGE_NOT_FOUND') throw error;
    const { type, image, tag } = error.details;
    if (!pulled && (await pullImage(prepared, engine, 'missing', tools))) {
      return { prepared, plan: await plan(), engine };
    }
    if (typeof type !== 'string') throw error;
    if (!(await tools.offerBuild(String(image), type, String(tag), engine))) throw error;
    return { prepared, plan: await plan(), engine };
  }
}

/** Pulls the image where the setting says so for this moment; false: it does not. */
async function pullImage(
  prepared: PreparedRun,
  engine: Engine,
  moment: 'before' | 'missing',
  tools: RunTools,
): Promise<boolean> {
  const { name, ours } = chooseImage(prepared);
  const policy = prepared.settings.pull ?? (ours ? 'never' : 'missing');
  if (policy !== (moment === 'before' ? 'always' : 'missing')) return false;
  tools.tell?.(`Pulling ${name}...`);
  await engine.pull(name);
  return true;
}

/**
 * Runs what was planned, to its end, and removes everything of it; from the first moment a signal ends it the same way.
 * Throws AUTH_REQUIRED (headless, and certain), what the engine or the host says.
 */
export async function executeRun(ready: ReadyRun, tools: RunTools): Promise<RunEnd> {
  const { plan } = ready;
  const watch = watchForStop(plan.timeoutMs, plan.kind === 'host' && plan.interactive ? ['SIGINT'] : []);
  try {
    return await executeWatched(ready, watch, tools);
  } finally {
    watch.close();
  }
}

async function executeWatched(
  { prepared, plan, engine }: ReadyRun,
  watch: StopWatch,
  tools: RunTools,
): Promise<RunEnd> {
  const { claimed, identity, transcripts } = prepared;
  const noLogin = engine && prepared.mode !== 'interactive' ? await checkLogin(prepared, engine) : undefined;
  if (noLogin) throw noLogin;
  const user =
    plan.kind === 'container'
      ? plan.spec.user
      : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const login = plan.kind === 'container' ? plan.login : undefined;
  if (transcripts) await makeDirectoryFor(transcripts.source, user.uid, user.gid);
  if (login) await syncLogin(login);
  const git = plan.kind === 'container' ? await watchGit(plan, claimed.env, tools) : undefined;
  await openRunDirectory(claimed.directory, user, {
    ...identity,
    ...(engine ? describeAddress(engine) : { engine: 'host' }),
  });
  const endSync = login ? keepLoginInSync(login) : undefined;
  const reaping = reapAround(claimed.env, engine, tools);
  let remains = false;
  const onRemains = (name: string, cause: unknown) => {
    remains = true;
    const said = cause instanceof Error ? cause.message : String(cause);
    tools.warn(`the container ${name} may still be there (${said}): when the engine answers, adr clean`);
  };
  try {
    if (plan.kind === 'host') return await runOnHost(plan, watch, tools.clock);
    return await runContainer(engine as Engine, plan, { clock: tools.clock, watch, onRemains });
  } finally {
    await endSync?.();
    await removeRunDirectory(claimed.directory, remains);
    await reaping;
    await git?.warn();
  }
}

/** What others left behind goes meanwhile; what cannot be asked now, next time. */
async function reapAround(env: Environment, engine: Engine | undefined, tools: RunTools): Promise<void> {
  try {
    const engines = await listKnownEngines(engine, tools.run, env);
    await reapOrphans({ env, engines, clock: tools.clock });
  } catch {
    // It is not this run's business.
  }
}

/** Makes ready what protects git, and gives what warns afterwards of all that git here would newly execute. */
async function watchGit(
  { guard, spec }: ContainerPlan,
  env: Environment,
  tools: RunTools,
): Promise<{ warn(): Promise<void> } | undefined> {
  const { workspace } = spec.identity;
  const gitDirectory = guard?.gitDirectory;
  if (guard === undefined || gitDirectory === undefined) return undefined;
  for (const { path, kind } of guard.missing) await makeEmpty(path, kind);
  const read = () => readGitSources(workspace, gitDirectory, tools.run, env);
  const before = await read();
  return {
    warn: async () => {
      for (const path of findChangedSources(before, await read())) {
        tools.warn(
          `${path} changed during the run: look at it before you use git here, git runs what it says`,
        );
      }
    },
  };
}
