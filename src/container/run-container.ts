import { join } from 'node:path';
import type { Launch } from '../agents/types.ts';
import { AdrError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import { readSize } from '../system/files.ts';
import { type LongProcess, type StartProcessOptions, startProcess } from '../system/long-process.ts';
import type { ConfigFile } from './config-files.ts';
import { DETACH_KEYS } from './create-argv.ts';
import { findStopCode, type RunEnd, type StopWatch, settlesWithin } from './ending.ts';
import type { ContainerState, Engine } from './engine.ts';
import { describeEngineFailure } from './engine-errors.ts';
import type { GitGuard } from './git-guard.ts';
import { buildHomeArchive, CONTAINER_ASSETS, CONTAINER_HOME, type HomeLink } from './home-archive.ts';
import { watchIdle } from './idle.ts';
import { buildContainerName } from './labels.ts';
import { removeUnusedNetworks, withNetwork } from './networks.ts';
import { extendPasswd } from './passwd.ts';
import { fillHomeVolume, findFillerName } from './read-only-home.ts';
import { buildSecretsFile } from './secret-variables.ts';
import type { SharedLogin } from './shared-login.ts';
import type { ContainerSpec, ContainerVariable } from './spec.ts';
import { removeVolumes } from './volumes.ts';

/** Everything one container run does, decided beforehand. */
export interface ContainerPlan {
  readonly kind: 'container';
  readonly spec: ContainerSpec;
  readonly launch: Launch;
  /** The user's allow-listed configuration. */
  readonly config: readonly ConfigFile[];
  /** What of it also stands at `/mnt/agent-config-ro`, relative to there. */
  readonly mirror: readonly ConfigFile[];
  /** The login that the container shares with the host; undefined: it has a copy or none. */
  readonly login: SharedLogin | undefined;
  /** Symbolic links below HOME, to what is mounted. */
  readonly links: readonly HomeLink[];
  /** Variables that the engine never learns; the agent gets them from a file. */
  readonly secrets: readonly ContainerVariable[];
  /** What keeps the agent off git's configuration and hooks; undefined: nothing does. */
  readonly guard: GitGuard | undefined;
  /** What the user should know of the plan. */
  readonly warnings: readonly string[];
  /** The run's directory on the host. */
  readonly directory: string;
  /** Time limit in ms. */
  readonly timeoutMs: number | undefined;
  /** Time in ms without a sign of life. */
  readonly idleMs: number | undefined;
}

const STOP_GRACE_S = 10;
/** A container's init takes no signal in its very first moments: one that young is asked a second time, after this. */
const YOUNG_MS = 3000;
const ASK_AGAIN_MS = 1000;
/** How often a container is asked to end whose client does not. */
const STOP_TRIES = 10;
const CLIENT_GRACE_MS = 500;
/** What the container's init ends with at once when it cannot find the program. */
const NOT_FOUND_CODE = 127;
const NOT_FOUND_MS = 3000;

/** What a run is watched by, and told what of it could not be removed. */
export interface ContainerTools {
  readonly clock: Clock;
  readonly watch: StopWatch;
  /** The engine did not remove the container; whoever comes later has to. */
  readonly onRemains: (name: string, cause: unknown) => void;
}

/**
 * One container's life: created, filled, started under this process, and on every way out stopped and removed with
 * its volumes: the agent's end, whatever `watch` reports, a failure. A second signal does not wait for the agent.
 * Throws what the engine says (AdrError), SOCKET_ERROR when the engine goes away meanwhile.
 */
export async function runContainer(
  engine: Engine,
  plan: ContainerPlan,
  { clock, watch, onRemains }: ContainerTools,
): Promise<RunEnd> {
  let owned = true;
  try {
    const isReadOnly = plan.spec.homeVolume !== undefined;
    const spec = isReadOnly ? await fillHomeVolume(engine, plan) : plan.spec;
    const id = await withNetwork(engine, spec.network, (network) => engine.create({ ...spec, network }));
    if (!isReadOnly && !watch.cause()) await fillContainer(engine, id, plan);
    return describeStop(watch) ?? (await attach(engine, id, plan, watch, clock));
  } catch (error) {
    const stopped = describeStop(watch);
    if (stopped) return stopped;
    // The name is another run's: what stands there is not ours to remove.
    if (error instanceof AdrError && error.code === 'NAME_CONFLICT') owned = false;
    throw error;
  } finally {
    if (owned) {
      await removeRemains(engine, plan.spec).catch((cause: unknown) =>
        onRemains(buildContainerName(plan.spec.identity), cause),
      );
    }
  }
}

async function removeRemains(
  engine: Engine,
  { identity, homeVolume, configVolume, network }: ContainerSpec,
): Promise<void> {
  const name = buildContainerName(identity);
  await engine.remove(homeVolume === undefined ? [name] : [name, findFillerName(identity)]);
  const volumes = [homeVolume, configVolume].filter((volume) => volume !== undefined);
  await removeVolumes(engine, volumes);
  await removeUnusedNetworks(engine, network);
}

async function fillContainer(engine: Engine, id: string, plan: ContainerPlan): Promise<void> {
  const { user } = plan.spec;
  const passwd = await engine.readFile(id, '/etc/passwd');
  const archive = buildHomeArchive({
    ...user,
    config: plan.config,
    replaced: plan.launch.config,
    assets: [...plan.launch.assets, ...buildSecretsFile(plan.secrets)],
    assetsAt: CONTAINER_ASSETS,
    links: plan.links,
    mirror: plan.mirror,
    passwd: extendPasswd(passwd ?? 'root:x:0:0:root:/root:/bin/sh\n', { ...user, home: CONTAINER_HOME }),
  });
  await engine.copyIn(id, '/', archive);
}

async function attach(
  engine: Engine,
  id: string,
  plan: ContainerPlan,
  watch: StopWatch,
  clock: Clock,
): Promise<RunEnd> {
  const { tty, stdin } = plan.spec;
  const idle =
    plan.idleMs === undefined
      ? undefined
      : watchIdle(
          plan.idleMs,
          () => readSize(join(plan.directory, 'reports')),
          () => watch.stop({ kind: 'idle', ms: plan.idleMs ?? 0 }),
        );
  const client = startProcess(
    engine.program,
    ['start', '--attach', ...(stdin ? ['--interactive'] : []), '--detach-keys', DETACH_KEYS, id],
    // The screen is the agent's: what the client says of a failure we take from the container's state.
    { env: engine.env, stdin: chooseStdin(plan), stderr: tty ? 'ignore' : 'inherit', onOutput: idle?.touch },
  );
  try {
    const started = clock.now();
    const cause = await Promise.race([client.ended.then(() => undefined), watch.stopped]);
    idle?.close();
    if (cause) {
      const isYoung = clock.now() - started < YOUNG_MS;
      await endContainer(engine, { id, client, isYoung }, watch);
      return { exitCode: findStopCode(cause), cause, outOfMemory: false };
    }
    const { exitCode } = await client.ended;
    const state = await readEnd(engine, id);
    // Somebody else removed it (`adr-tmux stop`).
    if (!state) return { exitCode: exitCode ?? 137, cause: undefined, outOfMemory: false };
    checkEnd(engine, state);
    const [program] = plan.launch.argv;
    if (state.exitCode === NOT_FOUND_CODE && program && clock.now() - started < NOT_FOUND_MS) {
      throw new AdrError('AGENT_NOT_IN_IMAGE', `the image "${plan.spec.image}" has no program "${program}"`, {
        hint: `build an image with it: adr build ${plan.spec.identity.type} --base IMAGE`,
      });
    }
    return { exitCode: state.exitCode, cause: undefined, outOfMemory: state.oomKilled };
  } finally {
    idle?.close();
    // A client that outlives its container would keep us; nothing happens to one that has ended.
    client.kill('SIGKILL');
  }
}

/**
 * Asks the container to end until its client does: one that the client has asked for and that does not run yet is asked
 * in vain. A second signal, or an engine that does not answer, leaves the rest to the removal.
 */
async function endContainer(
  engine: Engine,
  { id, client, isYoung }: { readonly id: string; readonly client: LongProcess; readonly isYoung: boolean },
  watch: StopWatch,
): Promise<void> {
  const hurry = watch.again.then(() => false);
  const askAgain = () => engine.change('signal', ['kill', '--signal', 'TERM', id]).catch(() => undefined);
  const second = isYoung ? setTimeout(askAgain, ASK_AGAIN_MS) : undefined;
  try {
    for (let tries = 0; tries < STOP_TRIES; tries++) {
      const stop = engine.stop([id], STOP_GRACE_S).then(
        () => true,
        () => false,
      );
      if (!(await Promise.race([stop, hurry])) || (await settlesWithin(client.ended, CLIENT_GRACE_MS)))
        return;
    }
  } finally {
    clearTimeout(second);
  }
}

/** How the container ended; undefined when it is gone. Throws SOCKET_ERROR that says when it happened. */
async function readEnd(engine: Engine, id: string): Promise<ContainerState | undefined> {
  try {
    return await engine.findState(id, 'once');
  } catch (error) {
    if (!(error instanceof AdrError) || error.code !== 'SOCKET_ERROR') throw error;
    throw new AdrError(
      'SOCKET_ERROR',
      `the ${engine.program} engine stopped or restarted while the agent was running`,
      {
        hint: `look at it: ${engine.program} version; then start the agent again`,
        details: error.details,
        cause: error,
      },
    );
  }
}

function describeStop(watch: StopWatch): RunEnd | undefined {
  const cause = watch.cause();
  return cause && { exitCode: findStopCode(cause), cause, outOfMemory: false };
}

function checkEnd(engine: Engine, state: ContainerState): void {
  if (state.running) {
    throw new AdrError('ENGINE_FAILED', `the ${engine.program} client ended while the agent was running`, {
      hint: 'the container is stopped and removed; start it again',
      details: { clientEnded: true },
    });
  }
  if (state.status !== 'created' && state.error === '') return;
  throw describeEngineFailure(engine.program, 'start the container', {
    failure: 'none',
    exitCode: state.exitCode,
    stderr: state.error,
  });
}

function chooseStdin(plan: ContainerPlan): StartProcessOptions['stdin'] {
  if (plan.launch.stdin !== undefined) return { text: plan.launch.stdin };
  return plan.spec.stdin ? 'inherit' : 'ignore';
}
