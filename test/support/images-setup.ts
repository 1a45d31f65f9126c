import { ensureImages } from './images.ts';

/** Runs once before the tiers that start containers: no test's time limit has to pay for a build. */
export async function setup(): Promise<void> {
  await ensureImages();
}
