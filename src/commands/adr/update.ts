import type { Engine } from '../../container/engine.ts';
import { findImageId, listDanglingImages, removeUnnamedImages } from '../../container/images.ts';
import { type BuildProgress, type BuildTarget, buildImages, WANTED_LABEL } from './build.ts';
import type { ImageStatus } from './images.ts';

/** What `adr update` is to build anew, one list of targets a tag, and the types it leaves alone. */
export interface UpdatePlan {
  readonly tags: readonly { readonly tag: string; readonly targets: readonly BuildTarget[] }[];
  readonly skipped: readonly string[];
}

interface UpdateWish {
  /** Every known type when none was named. */
  readonly targets: readonly BuildTarget[];
  readonly named: boolean;
  /** Only this tag; undefined: every tag there is. */
  readonly tag: string | undefined;
  /** For a type that was named and has no image yet. */
  readonly fallbackTag: string;
}

/** Decides what an update builds: images that are there, and every type that was named. */
export function planUpdate(images: readonly ImageStatus[], wish: UpdateWish): UpdatePlan {
  const tags = new Map<string, BuildTarget[]>();
  const skipped: string[] = [];
  for (const target of wish.targets) {
    const there = images
      .filter(({ agent }) => agent === target.type.name)
      .flatMap(({ built }) => (built && built.tag !== '<none>' ? [built.tag] : []))
      .filter((tag) => wish.tag === undefined || tag === wish.tag);
    const mine = there.length === 0 && wish.named ? [wish.tag ?? wish.fallbackTag] : there;
    if (mine.length === 0) skipped.push(target.type.name);
    for (const tag of mine) tags.set(tag, [...(tags.get(tag) ?? []), target]);
  }
  return { tags: [...tags].map(([tag, targets]) => ({ tag, targets })), skipped };
}

/**
 * Builds the plan's images from nothing, on a base fetched anew; goes on after a failure. At the end the images that
 * lost their name are removed where nothing uses them: `removed` says how many. Throws what the engine says.
 */
export async function* updateImages(
  engine: Engine,
  plan: UpdatePlan,
): AsyncGenerator<BuildProgress | { readonly removed: number }> {
  const old = new Set(await listDanglingImages(engine));
  for (const { tag, targets } of plan.tags) {
    for (const name of ['base', ...targets.map(({ type }) => type.name)]) {
      const id = await findImageId(engine, `coding-agent/${name}:${tag}`);
      if (id !== undefined) old.add(id);
    }
    yield* buildImages(engine, {
      targets: await keepWishes(engine, tag, targets),
      tag,
      base: undefined,
      noCache: true,
      pull: true,
    });
  }
  yield { removed: (await removeUnnamedImages(engine, [...old])).length };
}

/** The versions the user once asked for stay: `adr build pi@0.74.0` is not undone by an update. */
async function keepWishes(
  engine: Engine,
  tag: string,
  targets: readonly BuildTarget[],
): Promise<readonly BuildTarget[]> {
  return Promise.all(
    targets.map(async (target) => ({
      ...target,
      version:
        target.version ??
        (await engine.findImageLabel(`coding-agent/${target.type.name}:${tag}`, WANTED_LABEL)),
    })),
  );
}
