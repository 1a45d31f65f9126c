import { AdrError } from '../errors.ts';
import type { Engine } from './engine.ts';

/** Every image of ours carries it, its agent type (or `base`) in it. */
export const IMAGE_LABEL = 'adr.image.agent';

/** Whether an image stands on the engine without having come from a registry: no pull could find it. */
export async function isLocalImage(engine: Engine, image: string): Promise<boolean> {
  const text = await askAboutImage(engine, image, '{{len .RepoDigests}}');
  return text === '0';
}

/** The id of an image; undefined when the engine does not have it. */
export async function findImageId(engine: Engine, image: string): Promise<string | undefined> {
  return askAboutImage(engine, image, '{{.Id}}');
}

/** Ids of our images that no name leads to any more. Throws what the engine says. */
export async function listDanglingImages(engine: Engine): Promise<readonly string[]> {
  const filters = ['--filter', 'dangling=true', '--filter', `label=${IMAGE_LABEL}`];
  const text = await engine.ask('list images', ['image', 'ls', '--no-trunc', '--quiet', ...filters]);
  return [...new Set(text.split('\n').filter((line) => line !== ''))];
}

/**
 * Removes images that have no name any more; gives those that went. One that a container still uses, or that another
 * name leads to, stays.
 */
export async function removeUnnamedImages(
  engine: Engine,
  ids: readonly string[],
): Promise<readonly string[]> {
  const removed: string[] = [];
  let left = ids;
  // An image can only go after those that were built on it.
  for (let before = -1; removed.length > before; ) {
    before = removed.length;
    for (const id of left) if (await removeIfUnnamed(engine, id)) removed.push(id);
    left = left.filter((id) => !removed.includes(id));
  }
  return removed;
}

async function removeIfUnnamed(engine: Engine, id: string): Promise<boolean> {
  if ((await askAboutImage(engine, id, '{{len .RepoTags}}')) !== '0') return false;
  try {
    await engine.ask('remove the image', ['image', 'rm', '--', id]);
    return true;
  } catch (error) {
    // In use, or just gone.
    if (!(error instanceof AdrError) || error.code === 'SOCKET_ERROR') throw error;
    return false;
  }
}

async function askAboutImage(engine: Engine, image: string, format: string): Promise<string | undefined> {
  try {
    const text = await engine.ask('inspect the image', [
      ...['image', 'inspect', '--format', format, '--', image],
    ]);
    return text.trim();
  } catch (error) {
    if (error instanceof AdrError && error.code === 'IMAGE_NOT_FOUND') return undefined;
    throw error;
  }
}
