import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findGuardedPlaces } from '../../../src/config/guarded-places.ts';

const NOBODY = 65534;

/** Root may look everywhere: as somebody else, then. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

test('an engine socket in a directory that is closed to this user is guarded as it is written', async () => {
  const root = await mkdtemp(join(tmpdir(), 'adr-places-'));
  try {
    await chmod(root, 0o755);
    const closed = join(root, 'closed');
    await mkdir(closed, { mode: 0o600 });
    const socket = join(closed, 'podman', 'podman.sock');
    const places = await asOrdinaryUser(() =>
      findGuardedPlaces({ HOME: root, DOCKER_HOST: `unix://${socket}` }),
    );
    expect(places.engines).toContain(socket);
    expect(places.keys).toEqual([join(root, '.ssh')]);
  } finally {
    await rm(root, { recursive: true });
  }
});
