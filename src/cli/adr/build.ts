import type { AgentType } from '../../agents/types.ts';
import {
  type BuildProgress,
  type BuildTarget,
  buildImages,
  chooseBuildTargets,
  listBuildableTypes,
} from '../../commands/adr/build.ts';
import { openAgentTypes } from '../../config/agent-types.ts';
import { parseTag } from '../../config/values.ts';
import type { Engine } from '../../container/engine.ts';
import { AdrError } from '../../errors.ts';
import type { Environment } from '../../system/paths.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext, OutputStream } from '../command.ts';
import { openContainerEngine } from './open-engine.ts';

interface BuildOptions {
  readonly targets: readonly BuildTarget[];
  readonly tag: string;
  readonly base?: string | undefined;
  readonly noCache?: boolean;
  readonly pull?: boolean;
}

/** How many images went well and how many did not; the shared base is not counted. */
export interface BuildCount {
  readonly succeeded: number;
  readonly failed: number;
}

/** `adr build`. */
export async function runBuild(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const names = args.list('agent');
  const types = await listTypesFor(names, env);
  const targets = chooseBuildTargets(names, types);
  const tag = readTag(context) ?? env.ADR_TAG ?? 'latest';
  const base = args.string('base');
  if (base?.startsWith('-') || base === '') {
    throw new AdrError('USAGE', `${JSON.stringify(base)} is not an image`, { hint: 'write --base IMAGE' });
  }
  if (names.length === 0 && !args.flag('yes')) {
    const known = listBuildableTypes(types).map((type) => type.name);
    if (!context.stdin.isTTY) {
      throw new AdrError('USAGE', 'no agent named', {
        hint: `name one (${known.join(', ')}), or build all with --yes`,
      });
    }
    stdout.write(`Known agents: ${known.join(' ')}\n`);
    if (!(await askYesNo('Build all agents?', false, context))) {
      stdout.write('Cancelled.\n');
      return 0;
    }
  }
  const engine = await openContainerEngine(context);
  const options = { targets, tag, base, noCache: args.flag('cache') === false, pull: args.flag('pull') };
  const count = await buildAndCount(stdout, engine, { ...options, pull: options.pull ?? false });
  checkCount(count, 'built');
  return 0;
}

/** All agent types, the user's own too. Throws CONFIG_INVALID when the files of one that is named are not in order. */
export async function listTypesFor(
  names: readonly string[],
  env: Environment,
): Promise<readonly AgentType[]> {
  const { types, broken } = await openAgentTypes(env).list();
  const wanted = names.map((name) => name.split('@')[0]);
  const problem = broken.find(({ name }) => wanted.includes(name));
  if (problem) throw problem.error;
  return types;
}

/** The tag that was written with `--tag`. Throws USAGE, CONFIG_INVALID. */
export function readTag({ args }: CommandContext): string | undefined {
  const written = args.string('tag');
  return written === undefined ? undefined : parseTag(written, { layer: 'flag', where: '--tag', base: '' });
}

/** Builds and says how it went; whether all of it succeeded. Throws what the engine says when it does not answer. */
export async function buildAndPrint(
  context: { readonly stdout: OutputStream; readonly env: Environment },
  engine: Engine,
  { names, tag }: { readonly names: readonly string[]; readonly tag: string },
): Promise<boolean> {
  const targets = chooseBuildTargets(names, await listTypesFor(names, context.env));
  const { failed } = await buildAndCount(context.stdout, engine, { targets, tag });
  return failed === 0;
}

async function buildAndCount(
  stdout: OutputStream,
  engine: Engine,
  { targets, tag, base, noCache = false, pull = false }: BuildOptions,
): Promise<BuildCount> {
  let count: BuildCount = { succeeded: 0, failed: 0 };
  for await (const progress of buildImages(engine, { targets, tag, base, noCache, pull })) {
    printProgress(stdout, progress);
    count = addResult(count, progress);
  }
  stdout.write(`Build summary: ${count.succeeded} succeeded, ${count.failed} failed.\n`);
  return count;
}

/** One line before a build and one after it; the engine's own output stands between them. */
export function printProgress(stdout: OutputStream, { image, result }: BuildProgress): void {
  if (!result) stdout.write(`--- Building ${image} ---\n`);
  else if (result.ok) stdout.write(`Image ${image} built successfully.\n`);
  else stdout.write(`Image ${image} ${result.skipped ? 'skipped: its base failed' : 'failed'}.\n`);
}

/** The count with one more result. */
export function addResult(count: BuildCount, { result }: BuildProgress): BuildCount {
  if (!result || result.agent === 'base') return count;
  return result.ok ? { ...count, succeeded: count.succeeded + 1 } : { ...count, failed: count.failed + 1 };
}

/** Throws BUILD_FAILED when nothing went well, PARTLY_DONE when something did not. */
export function checkCount({ succeeded, failed }: BuildCount, done: 'built' | 'rebuilt'): void {
  if (failed === 0) return;
  const hint = 'the engine says why above';
  if (succeeded === 0) throw new AdrError('BUILD_FAILED', `no image was ${done}`, { hint });
  throw new AdrError('PARTLY_DONE', `${failed} of ${succeeded + failed} images were not ${done}`, { hint });
}
