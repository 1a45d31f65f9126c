import { join } from 'node:path';
import { KNOWN_AGENT_TYPES } from '../../agents/registry.ts';
import type { AgentType } from '../../agents/types.ts';
import type { Engine } from '../../container/engine.ts';
import { AdrError } from '../../errors.ts';
import { startProcess } from '../../system/long-process.ts';
import { findPackageRoot } from '../../system/package-root.ts';
import { findType } from './prepare-run.ts';

/** Image label that remembers what a base was built on, so that a later build keeps to it. */
const BASE_LABEL = 'adr.image.base';

export interface BuildRequest {
  readonly types: readonly AgentType[];
  readonly tag: string;
  /** What the shared base builds on; undefined: what it was built on before, else the Dockerfile's own. */
  readonly base: string | undefined;
  readonly noCache: boolean;
}

export interface BuildResult {
  readonly image: string;
  readonly ok: boolean;
  /** Not tried, because the base failed. */
  readonly skipped: boolean;
}

/** The types that have an image of ours, in the order of every list. */
export function listBuildableTypes(): readonly AgentType[] {
  return KNOWN_AGENT_TYPES.filter((type) => type.npm !== undefined);
}

/** The types named, or all. Throws AGENT_TYPE_UNKNOWN, USAGE: a type that has no image. */
export function chooseBuildTypes(names: readonly string[]): readonly AgentType[] {
  if (names.length === 0) return listBuildableTypes();
  return [...new Set(names)].map((name) => {
    const type = findType(name);
    if (type.npm) return type;
    throw new AdrError('USAGE', `"${name}" runs on the host only and has no image`, {
      hint: `start it: adr run ${name}`,
    });
  });
}

/**
 * Builds the shared base and then one image a type, the engine's own progress on our stdout and stderr; goes on after
 * a failure. Yields before (`result` undefined) and after each. Throws what the engine says when it does not answer.
 */
export async function* buildImages(
  engine: Engine,
  request: BuildRequest,
): AsyncGenerator<{ readonly image: string; readonly result: BuildResult | undefined }> {
  await engine.readHost();
  const folder = join(findPackageRoot(), 'images');
  const baseImage = `coding-agent/base:${request.tag}`;
  const base = request.base ?? (await engine.findImageLabel(baseImage, BASE_LABEL));
  const common = ['build', ...(request.noCache ? ['--no-cache'] : [])];
  yield { image: baseImage, result: undefined };
  const baseOk = await runBuild(engine, [
    ...common,
    ...['--file', join(folder, 'base.Dockerfile'), '--tag', baseImage],
    ...(base ? ['--build-arg', `BASE=${base}`, '--label', `${BASE_LABEL}=${base}`] : []),
    folder,
  ]);
  yield { image: baseImage, result: { image: baseImage, ok: baseOk, skipped: false } };
  for (const type of request.types) {
    const image = `coding-agent/${type.name}:${request.tag}`;
    if (!baseOk) {
      yield { image, result: { image, ok: false, skipped: true } };
      continue;
    }
    yield { image, result: undefined };
    const ok = await runBuild(engine, [
      ...common,
      ...['--file', join(folder, `${type.name}.Dockerfile`), '--tag', image],
      ...['--build-arg', `BASE_IMAGE=${baseImage}`, '--build-arg', `AGENT_VERSION=${type.npm?.version}`],
      folder,
    ]);
    yield { image, result: { image, ok, skipped: false } };
  }
}

async function runBuild(engine: Engine, args: readonly string[]): Promise<boolean> {
  const process = startProcess(engine.program, args, { env: engine.env, stdin: 'ignore' });
  return (await process.ended).exitCode === 0;
}
