import { AdrError } from '../errors.ts';
import { CONTAINER_HOME, CONTAINER_MIRROR } from './home-archive.ts';
import { buildContainerName, buildLabels } from './labels.ts';
import type { BindMount, ContainerSpec, ContainerVariable } from './spec.ts';

/** What creates a container: arguments, the client's additional environment, and its stdin. */
export interface CreateCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables that the client itself would take for its own, as an env-file. */
  readonly input: string | undefined;
}

/** What the arguments depend on beside the container itself. */
export interface CreateClient {
  readonly program: 'docker' | 'podman';
  /** This process's own: an engine without root maps ids, and only this one to itself. */
  readonly uid: number;
}

const DOCKER: CreateClient = { program: 'docker', uid: 0 };

/**
 * The arguments of `create` for the hardened profile of DESIGN "A run": no capabilities, no new privileges, limits
 * (swap off), an init, our labels. A secret's value never stands in argv: `-e NAME` takes it from the client's
 * environment, or from its stdin where that name would steer the client (PATH, HOME, DOCKER_HOST). Throws USAGE: a line
 * break in one of the latter.
 */
export function buildCreateCall(spec: ContainerSpec, client: CreateClient = DOCKER): CreateCall {
  const steering = spec.variables.filter((variable) => variable.secret && isSteering(variable.name));
  const broken = steering.find(({ value }) => /[\r\n]/.test(value));
  if (broken) {
    throw new AdrError('USAGE', `the value of "${broken.name}" holds a line break`, {
      hint: 'this variable cannot hold one in a container',
    });
  }
  return {
    args: [
      'create',
      '--init',
      ...(spec.tty ? ['--tty'] : []),
      ...(spec.stdin ? ['--interactive'] : []),
      ...['--name', buildContainerName(spec.identity)],
      ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
      ...['--user', `${spec.user.uid}:${spec.user.gid}`],
      ...buildLimits(spec),
      ...['--network', spec.network],
      ...(spec.network === 'none' || spec.network === 'host' || !spec.hostGateway
        ? []
        : ['--add-host', 'host.docker.internal:host-gateway']),
      ...spec.publish.flatMap(({ host, container }) => ['--publish', `127.0.0.1:${host}:${container}`]),
      ...buildReadOnly(spec),
      ...buildUserNamespace(spec, client),
      ...buildLog(spec, client),
      ...['--workdir', spec.workdir],
      ...spec.mounts.flatMap((mount) => ['--mount', formatMount(mount)]),
      ...spec.variables.filter((variable) => !steering.includes(variable)).flatMap(formatVariable),
      ...(steering.length > 0 ? ['--env-file', '/dev/stdin'] : []),
      ...buildLabels(spec.identity).flatMap((label) => ['--label', label]),
      spec.image,
      ...spec.argv,
    ],
    env: Object.fromEntries(
      spec.variables
        .filter((variable) => variable.secret && !steering.includes(variable))
        .map(({ name, value }) => [name, value]),
    ),
    input: steering.length > 0 ? steering.map(({ name, value }) => `${name}=${value}\n`).join('') : undefined,
  };
}

/** Keys that no keyboard sends in a row: the engine's own (C-p C-q) would leave a running container behind. */
export const DETACH_KEYS = 'ctrl-@,ctrl-@,ctrl-@,ctrl-^';

/** A `--mount` value. It is read as CSV, so any path works once its fields are quoted. */
export function formatMount(mount: BindMount): string {
  const fields = [
    'type=bind',
    `source=${mount.source}`,
    `target=${mount.target}`,
    ...(mount.readOnly ? ['readonly'] : []),
  ];
  return fields
    .map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}

/** Without it the user's own files in the workspace are another's to the agent. */
function buildUserNamespace({ user }: ContainerSpec, { program, uid }: CreateClient): readonly string[] {
  return program === 'podman' && uid !== 0 ? ['--userns', `keep-id:uid=${user.uid},gid=${user.gid}`] : [];
}

/** Raw bytes of a terminal are kept nowhere. */
function buildLog({ tty }: ContainerSpec, { program }: CreateClient): readonly string[] {
  if (tty) return ['--log-driver', 'none'];
  return program === 'podman'
    ? ['--log-driver', 'k8s-file', '--log-opt', 'max-size=10m']
    : ['--log-driver', 'json-file', '--log-opt', 'max-size=10m', '--log-opt', 'max-file=3'];
}

function buildLimits(spec: ContainerSpec): readonly string[] {
  return [
    ...(spec.pids > 0 ? ['--pids-limit', `${spec.pids}`] : []),
    // The same for both: no swap.
    ...(spec.memory > 0
      ? ['--memory', `${spec.memory}`, '--memory-swap', `${spec.memorySwap === 0 ? -1 : spec.memorySwap}`]
      : []),
    ...(spec.cpus > 0 ? ['--cpus', `${spec.cpus}`] : []),
  ];
}

/** Programs that unpack themselves into /tmp (single-file executables) need to run from there. */
function buildReadOnly({ homeVolume, configVolume }: ContainerSpec): readonly string[] {
  if (homeVolume === undefined) return [];
  const home = `type=volume,source=${homeVolume},target=${CONTAINER_HOME},volume-nocopy`;
  const config = `type=volume,source=${configVolume},target=${CONTAINER_MIRROR},readonly,volume-nocopy`;
  const tmpfs = ['/tmp', '/var/tmp'].flatMap((path) => ['--tmpfs', `${path}:rw,exec,nosuid,nodev,mode=1777`]);
  const mirror = configVolume === undefined ? [] : ['--mount', config];
  return ['--read-only', '--mount', home, ...mirror, ...tmpfs];
}

function formatVariable({ name, value, secret }: ContainerVariable): readonly string[] {
  return ['--env', secret ? name : `${name}=${value}`];
}

function isSteering(name: string): boolean {
  return /^(PATH|HOME|TMPDIR|LANG|LC_.*|SSH_.*|SSL_CERT_.*|DOCKER_.*|BUILDKIT_.*|COMPOSE_.*|GODEBUG|GOTRACEBACK|LD_.*|(https?|all|no)_proxy|XDG_.*)$/i.test(
    name,
  );
}
