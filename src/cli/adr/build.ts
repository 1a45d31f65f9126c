import { buildImages, chooseBuildTypes, listBuildableTypes } from '../../commands/adr/build.ts';
import { parseTag } from '../../config/values.ts';
import { Engine } from '../../container/engine.ts';
import { AdrError } from '../../errors.ts';
import type { Environment } from '../../system/paths.ts';
import { runProcess } from '../../system/process.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext, OutputStream } from '../command.ts';

interface BuildOptions {
  readonly names: readonly string[];
  readonly tag: string;
  readonly base?: string | undefined;
  readonly noCache?: boolean;
}

/** `adr build`. */
export async function runBuild(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const names = args.list('agent');
  const written = args.string('tag') ?? env.ADR_TAG ?? 'latest';
  const tag = parseTag(written, { layer: 'flag', where: '--tag', base: '' });
  const base = args.string('base');
  if (base?.startsWith('-') || base === '') {
    throw new AdrError('USAGE', `${JSON.stringify(base)} is not an image`, { hint: 'write --base IMAGE' });
  }
  if (names.length === 0 && !args.flag('yes')) {
    const known = listBuildableTypes().map((type) => type.name);
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
  const engine = args.string('engine') === 'podman' ? 'podman' : 'docker';
  const noCache = args.flag('cache') === false;
  return (await buildAndPrint(context, engine, { names, tag, base, noCache })) ? 0 : 1;
}

/** Builds and says how it went; whether all of it succeeded. Throws what the engine says when it does not answer. */
export async function buildAndPrint(
  context: { readonly stdout: OutputStream; readonly env: Environment },
  program: 'docker' | 'podman',
  { names, tag, base, noCache = false }: BuildOptions,
): Promise<boolean> {
  const types = chooseBuildTypes(names);
  const engine = new Engine({ program, run: runProcess, env: context.env });
  let succeeded = 0;
  let failed = 0;
  for await (const { image, result } of buildImages(engine, { types, tag, base, noCache })) {
    if (!result) context.stdout.write(`--- Building ${image} ---\n`);
    else if (result.ok) context.stdout.write(`Image ${image} built successfully.\n`);
    else context.stdout.write(`Image ${image} ${result.skipped ? 'skipped: its base failed' : 'failed'}.\n`);
    if (result && image.startsWith('coding-agent/base:') && result.ok) continue;
    if (result?.ok) succeeded += 1;
    else if (result && !image.startsWith('coding-agent/base:')) failed += 1;
  }
  context.stdout.write(`Build summary: ${succeeded} succeeded, ${failed} failed.\n`);
  return failed === 0;
}
