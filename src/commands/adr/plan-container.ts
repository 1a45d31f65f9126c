import type { Launch } from '../../agents/types.ts';
import type { Engine } from '../../container/engine.ts';
import { CONTAINER_ASSETS, CONTAINER_HOME, READ_ONLY_ASSETS } from '../../container/home-archive.ts';
import { findTimeZone, readGitIdentity } from '../../container/host-facts.ts';
import { chooseSwap, clampLimits, describeClamped } from '../../container/limits.ts';
import { isOwnNetwork } from '../../container/networks.ts';
import { parsePublished } from '../../container/published-ports.ts';
import { findConfigVolumeName, findHomeVolumeName } from '../../container/read-only-home.ts';
import type { ContainerPlan } from '../../container/run-container.ts';
import { wrapWithSecrets } from '../../container/secret-variables.ts';
import { findSharedLogin } from '../../container/shared-login.ts';
import type { BindMount, ContainerVariable } from '../../container/spec.ts';
import { checkWorkspaceAccess } from '../../container/workspace.ts';
import { AdrError } from '../../errors.ts';
import type { RunProcess } from '../../system/process.ts';
import { planMounts } from './plan-mounts.ts';
import { findContainerWorkspace, type PreparedRun } from './prepare-run.ts';

/** The name of the image a run uses, and whether `adr build` can make it. */
export function chooseImage(prepared: PreparedRun): { readonly name: string; readonly ours: boolean } {
  const { image, tag } = prepared.settings;
  if (image !== undefined) return { name: image, ours: false };
  const { name, own } = prepared.type;
  return {
    name: `coding-agent/${own?.imageOf ?? name}:${tag}`,
    ours: !own || (own.imageOf ?? own.dockerfile) !== undefined,
  };
}

/**
 * Turns a prepared run into one container, against the engine that will run it. Throws IMAGE_NOT_FOUND,
 * WORKSPACE_INVALID, USAGE, and what the engine says.
 */
export async function planContainer(
  prepared: PreparedRun,
  engine: Engine,
  run: RunProcess,
  terminal: boolean,
): Promise<ContainerPlan> {
  const { settings, identity, claimed } = prepared;
  const { name: image, ours } = chooseImage(prepared);
  const [host, facts, git, { mounts, guard }] = await Promise.all([
    engine.readHost(),
    engine.findImage(image),
    readGitIdentity(run, claimed.env, prepared.tree?.repository ?? identity.workspace),
    planMounts(prepared),
    isOwnNetwork(settings.network) ? undefined : engine.checkNetwork(settings.network),
  ]);
  if (!facts) {
    const { name, own } = prepared.type;
    if (!ours && settings.image === undefined) throw describeNoDockerfile(name, own?.folder ?? '');
    throw describeMissingImage(image, ours ? (own?.imageOf ?? name) : undefined, settings.tag);
  }
  await checkEntrypoint(prepared, engine, image);
  const user = chooseUser(prepared, facts.user);
  await checkWorkspaceAccess(identity.workspace, user);
  const wanted = { memory: settings.memory, cpus: settings.cpus, pids: settings['pids-limit'] };
  const limits = clampLimits(wanted, host);
  const launch = prepared.launchAs(user.uid);
  const tty = prepared.mode === 'interactive';
  if (tty && !terminal) {
    throw new AdrError('NO_TERMINAL', 'an interactive agent needs a terminal', {
      hint: 'for one answer without a terminal: --prompt TEXT',
    });
  }
  // Another uid could not write it.
  const isOwnLogin =
    settings['sync-auth'] && settings['config-dir'] === undefined && user.uid === process.getuid?.();
  const login = isOwnLogin ? await findSharedLogin(prepared.type, claimed.env) : undefined;
  const variables = mergeVariables(prepared, launch, git);
  // An entrypoint of the user's own starts the agent itself and would take our shell for words of the agent's.
  const secrets = prepared.type.own?.entrypoint ? [] : variables.filter(({ secret }) => secret);
  const mirror = mirrorConfig(prepared);
  return {
    kind: 'container',
    launch,
    warnings: describeClamped(settings, host),
    secrets,
    login,
    links: [login?.link, prepared.transcripts?.link].filter((link) => link !== undefined),
    config: login
      ? prepared.config.filter(({ path }) => path !== prepared.type.login?.path)
      : prepared.config,
    mirror,
    guard,
    directory: claimed.directory,
    timeoutMs: prepared.timeoutMs,
    idleMs: tty ? undefined : settings['idle-timeout'],
    spec: {
      identity,
      image,
      argv: wrapWithSecrets(launch.argv, secrets, prepared.readOnly ? READ_ONLY_ASSETS : CONTAINER_ASSETS),
      tty,
      stdin: tty || launch.stdin !== undefined,
      workdir: findContainerWorkspace(prepared.tree),
      user,
      mounts: [...mounts, ...(login ? [login.mount] : []), ...keepTranscripts(prepared)],
      variables: [
        ...variables.filter((variable) => !secrets.includes(variable)),
        ...(login?.variable ? [{ ...login.variable, secret: false }] : []),
      ],
      network: settings.network,
      hostGateway: settings['host-gateway'],
      publish: parsePublished(settings),
      homeVolume: prepared.readOnly ? findHomeVolumeName(identity) : undefined,
      configVolume: prepared.readOnly && mirror.length > 0 ? findConfigVolumeName(identity) : undefined,
      ...limits,
      memorySwap: chooseSwap(settings['memory-swap'], limits.memory),
    },
  };
}

function keepTranscripts({ transcripts }: PreparedRun): readonly BindMount[] {
  return transcripts ? [{ source: transcripts.source, target: transcripts.target, readOnly: false }] : [];
}

/** The failure of an image that is not there; `type` when `adr build` makes it. */
export function describeMissingImage(image: string, type: string | undefined, tag: string): AdrError {
  return new AdrError('IMAGE_NOT_FOUND', `image ${JSON.stringify(image)} not found`, {
    hint:
      type === undefined
        ? `pull or build it first: docker pull ${image}`
        : `build it: adr build ${type}${tag === 'latest' ? '' : ` --tag ${tag}`}`,
    details: { image, ...(type === undefined ? {} : { type, tag }) },
  });
}

function describeNoDockerfile(name: string, folder: string): AdrError {
  return new AdrError(
    'IMAGE_NOT_FOUND',
    `the agent type "${name}" has no image: no Dockerfile in "${folder}"`,
    {
      hint: `put one there, then: adr build ${name}; or name an image that has it: --image IMAGE`,
    },
  );
}

/** An image made for an entrypoint must have one, or its words would be taken for a program. */
async function checkEntrypoint({ type }: PreparedRun, engine: Engine, image: string): Promise<void> {
  if (!type.own?.entrypoint) return;
  const args = ['image', 'inspect', '--format', '{{json .Config.Entrypoint}}', '--', image];
  if (!/^(null|\[\])$/.test((await engine.ask('inspect the image', args)).trim())) return;
  throw new AdrError('AGENT_NOT_IN_IMAGE', `the image "${image}" has no entrypoint`, {
    hint: `add COPY and ENTRYPOINT for entrypoint.sh to ${type.own.folder}/Dockerfile, then: adr build ${type.name}`,
  });
}

/** The part of the configuration that an entrypoint also looks for at `/mnt/agent-config-ro`. */
function mirrorConfig({ type, config }: PreparedRun): ContainerPlan['mirror'] {
  const home = type.own?.entrypoint ? type.own.configHome : undefined;
  if (home === undefined) return [];
  return config
    .filter(({ path }) => path.startsWith(`${home}/`))
    .map((file) => ({ ...file, path: file.path.slice(home.length + 1) }));
}

function chooseUser(
  prepared: PreparedRun,
  imageUser: string,
): { readonly uid: number; readonly gid: number } {
  const { user } = prepared.settings;
  if (user.kind === 'id') return { uid: user.uid, gid: user.gid };
  if (user.kind === 'image') {
    const match = /^(\d+)(?::(\d+))?$/.exec(imageUser === '' ? '0' : imageUser);
    if (match) return { uid: Number(match[1]), gid: Number(match[2] ?? match[1]) };
    // The official images' user.
    if (imageUser === 'node') return { uid: 1000, gid: 1000 };
    throw new AdrError('USAGE', `the image's user "${imageUser}" is a name, not an id`, {
      hint: 'give --user UID:GID',
    });
  }
  const uid = process.getuid?.() ?? 1000;
  return { uid, gid: process.getgid?.() ?? uid };
}

/** Later ones win: what adr sets, the user's API keys, the agent's own, what the user asked for. */
function mergeVariables(
  prepared: PreparedRun,
  launch: Launch,
  git: Readonly<Record<string, string>>,
): readonly ContainerVariable[] {
  const { env } = prepared.claimed;
  const plain = {
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
    TZ: findTimeZone(env),
    HOME: CONTAINER_HOME,
    // The workspace's owner on the host may be another uid.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '/workspace',
  };
  const variables = new Map<string, ContainerVariable>();
  const add = (entries: Readonly<Record<string, string | undefined>>, secret: boolean) => {
    for (const [name, value] of Object.entries(entries)) {
      if (value !== undefined) variables.set(name, { name, value, secret });
    }
  };
  add(plain, false);
  add(git, true);
  add(Object.fromEntries(prepared.type.forwardEnv.map((name) => [name, env[name] || undefined])), true);
  add(launch.env, true);
  add(Object.fromEntries(prepared.settings.env.map(({ name, value }) => [name, value ?? env[name]])), true);
  return [...variables.values()];
}
