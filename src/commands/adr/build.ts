import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { KNOWN_AGENT_TYPES } from '../../agents/registry.ts';
import type { AgentType } from '../../agents/types.ts';
import { listBaseImages } from '../../container/dockerfile.ts';
import type { Engine } from '../../container/engine.ts';
import { IMAGE_LABEL, isLocalImage } from '../../container/images.ts';
import { AdrError } from '../../errors.ts';
import { readTextIfExists } from '../../system/files.ts';
import { startProcess } from '../../system/long-process.ts';
import { findPackageRoot } from '../../system/package-root.ts';
import { listenForSignals } from '../../system/signals.ts';
import { describeUnknownType } from './prepare-run.ts';

/** Image label that remembers what a base was built on, so that a later build keeps to it. */
const BASE_LABEL = 'adr.image.base';
/** Image label that remembers the version the user asked for, so that `adr update` keeps to it. */
export const WANTED_LABEL = 'adr.image.wanted';

/** Image label that tells what an image was built by: its Dockerfiles, ours or the user's. */
export const RECIPE_LABEL = 'adr.image.recipe';

/** One image to build. */
export interface BuildTarget {
  readonly type: AgentType;
  /** Of the agent's npm package (`0.74.0`, `latest`); undefined: the one adr knows. */
  readonly version: string | undefined;
}

export interface BuildRequest {
  readonly targets: readonly BuildTarget[];
  readonly tag: string;
  /** What the shared base builds on; undefined: what it was built on before, else the Dockerfile's own. */
  readonly base: string | undefined;
  readonly noCache: boolean;
  /** Ask the registry for a newer base, unless it was made on this engine. */
  readonly pull: boolean;
}

export interface BuildResult {
  readonly image: string;
  /** What the image is for; `base` is the one the others share. */
  readonly agent: string;
  readonly ok: boolean;
  /** Not tried, because the base failed. */
  readonly skipped: boolean;
}

export interface BuildProgress {
  readonly image: string;
  /** Undefined: it begins. */
  readonly result: BuildResult | undefined;
}

/** The types that have an image of their own, in the order of every list. */
export function listBuildableTypes(types: readonly AgentType[] = KNOWN_AGENT_TYPES): readonly AgentType[] {
  return types.filter((type) => (type.own ? type.own.dockerfile : type.npm) !== undefined);
}

/**
 * The images that `TYPE` and `TYPE@VERSION` mean; all of `types` when there are none. Throws AGENT_TYPE_UNKNOWN, USAGE: a
 * type that has no image, a version that cannot be one, a type with two versions.
 */
export function chooseBuildTargets(
  names: readonly string[],
  types: readonly AgentType[] = KNOWN_AGENT_TYPES,
): readonly BuildTarget[] {
  const buildable = listBuildableTypes(types);
  if (names.length === 0) return buildable.map((type) => ({ type, version: undefined }));
  const targets = new Map<string, BuildTarget>();
  for (const written of names) {
    const [name = '', ...rest] = written.split('@');
    const type = types.find((known) => known.name === name);
    if (!type) {
      throw describeUnknownType(
        name,
        types.map((known) => known.name),
      );
    }
    const version = rest.length === 0 ? undefined : rest.join('@');
    if (!buildable.includes(type)) throw describeNoImage(type);
    if (version !== undefined && !/^[A-Za-z0-9][\w.+-]{0,63}$/.test(version)) {
      throw new AdrError('USAGE', `${JSON.stringify(version)} is not a version`, {
        hint: `write it like ${name}@${type.npm?.version ?? '1.2.3'}`,
      });
    }
    const known = targets.get(name);
    if (known && known.version !== version) {
      throw new AdrError('USAGE', `"${name}" is named with two versions`, { hint: 'keep one of them' });
    }
    targets.set(name, { type, version });
  }
  return [...targets.values()];
}

function describeNoImage({ name, runs, own }: AgentType): AdrError {
  if (runs === 'host-only') {
    return new AdrError('USAGE', `"${name}" runs on the host only and has no image`, {
      hint: `start it: adr run ${name}`,
    });
  }
  return new AdrError('USAGE', `"${name}" has no image of its own`, {
    hint: own?.imageOf
      ? `it runs in the image of ${own.imageOf}: adr build ${own.imageOf}`
      : `put a Dockerfile into ${own?.folder}`,
  });
}

/**
 * Builds the shared base, where one of them needs it, and then one image a type, the engine's own progress on our stdout and stderr; goes on after
 * a failure. Yields before (`result` undefined) and after each. Throws what the engine says when it does not answer.
 */
export async function* buildImages(engine: Engine, request: BuildRequest): AsyncGenerator<BuildProgress> {
  await engine.readHost();
  const folder = join(findPackageRoot(), 'images');
  const baseImage = `coding-agent/base:${request.tag}`;
  const base = request.base ?? (await engine.findImageLabel(baseImage, BASE_LABEL));
  const common = ['build', ...(request.noCache ? ['--no-cache'] : [])];
  const pull = request.pull && !(await isLocalImage(engine, base ?? (await readOwnBase(folder))));
  let baseOk = true;
  if (request.targets.some(({ type }) => usesBase(type))) {
    yield { image: baseImage, result: undefined };
    baseOk = await runBuild(engine, [
      ...common,
      ...(pull ? ['--pull'] : []),
      ...['--file', join(folder, 'base.Dockerfile'), '--tag', baseImage, '--label', `${IMAGE_LABEL}=base`],
      ...(base ? ['--build-arg', `BASE=${base}`, '--label', `${BASE_LABEL}=${base}`] : []),
      folder,
    ]);
    yield { image: baseImage, result: { image: baseImage, agent: 'base', ok: baseOk, skipped: false } };
  }
  for (const { type, version } of request.targets) {
    const image = `coding-agent/${type.name}:${request.tag}`;
    const agent = type.name;
    if (!baseOk && usesBase(type)) {
      yield { image, result: { image, agent, ok: false, skipped: true } };
      continue;
    }
    yield { image, result: undefined };
    const installed = version ?? type.npm?.version;
    if (request.pull && !usesBase(type) && !(await pullBases(engine, type))) {
      yield { image, result: { image, agent, ok: false, skipped: false } };
      continue;
    }
    const recipe = await readRecipe(type);
    const ok = await runBuild(engine, [
      ...common,
      ...['--file', type.own ? join(type.own.folder, 'Dockerfile') : join(folder, `${agent}.Dockerfile`)],
      ...['--tag', image, '--label', `${IMAGE_LABEL}=${agent}`],
      ...(usesBase(type) ? ['--build-arg', `BASE_IMAGE=${baseImage}`] : []),
      ...(type.own && type.npm ? ['--build-arg', `AGENT_PACKAGE=${type.npm.name}`] : []),
      ...(installed === undefined ? [] : ['--build-arg', `AGENT_VERSION=${installed}`]),
      ...(version === undefined ? [] : ['--label', `${WANTED_LABEL}=${version}`]),
      ...(recipe === undefined ? [] : ['--label', `${RECIPE_LABEL}=${recipe}`]),
      type.own?.folder ?? folder,
    ]);
    yield { image, result: { image, agent, ok, skipped: false } };
  }
}

/** A digest of what a type's image is built by; undefined: there is no Dockerfile. */
export async function readRecipe(type: AgentType): Promise<string | undefined> {
  const folder = join(findPackageRoot(), 'images');
  const own = type.own ? join(type.own.folder, 'Dockerfile') : join(folder, `${type.name}.Dockerfile`);
  const paths = [own, ...(usesBase(type) ? [join(folder, 'base.Dockerfile')] : [])];
  const texts = await Promise.all(paths.map(readTextIfExists));
  if (texts.includes(undefined)) return undefined;
  return createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 12);
}

function usesBase({ own }: AgentType): boolean {
  return own === undefined || own.dockerfile?.usesBase === true;
}

/** Fetches anew what a user's own Dockerfile builds on, but for images made on this engine; false: one failed. */
async function pullBases(engine: Engine, { own }: AgentType): Promise<boolean> {
  const text = own && (await readTextIfExists(join(own.folder, 'Dockerfile')));
  for (const image of listBaseImages(text ?? '')) {
    if (!(await isLocalImage(engine, image)) && !(await runBuild(engine, ['pull', '--', image])))
      return false;
  }
  return true;
}

/** What base.Dockerfile builds on where nobody says otherwise. */
async function readOwnBase(folder: string): Promise<string> {
  const text = (await readTextIfExists(join(folder, 'base.Dockerfile'))) ?? '';
  return /^ARG BASE=(\S+)$/m.exec(text)?.[1] ?? '';
}

/**
 * A call of the client with its own progress on our streams; whether it succeeded. A signal that is meant for us is given
 * to the client first: without it the engine would go on with the build.
 */
async function runBuild(engine: Engine, args: readonly string[]): Promise<boolean> {
  const client = startProcess(engine.program, args, { env: engine.env, stdin: 'ignore' });
  let stopped: NodeJS.Signals | undefined;
  const unlisten = listenForSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => {
    stopped ??= signal;
    client.kill('SIGTERM');
  });
  const { exitCode } = await client.ended;
  unlisten();
  if (stopped) process.kill(process.pid, stopped);
  return exitCode === 0;
}
