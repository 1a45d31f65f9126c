import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pruneSessions } from '../../../src/commands/tmux/purge.ts';
import {
  listWishes,
  readWish,
  updateWish,
  updateWishAgent,
  type Wish,
  writeWish,
} from '../../../src/session/wish.ts';
import { findTranscriptDirectory } from '../../../src/system/paths.ts';

let env: { readonly XDG_STATE_HOME: string };

beforeEach(async () => {
  env = { XDG_STATE_HOME: await mkdtemp(join(tmpdir(), 'adr-wish-')) };
});
afterEach(() => rm(env.XDG_STATE_HOME, { recursive: true, force: true }));

const wish: Wish = {
  v: 1,
  id: '0123456789ab',
  name: 'refactor',
  socket: 'box',
  workspace: '/w',
  engine: 'docker',
  layout: 'tiled',
  createdAt: 5,
  agents: [
    {
      type: 'pi',
      name: 'main',
      index: 0,
      run: 'aaaaaaaaaaaa',
      workspace: '/w',
      cwd: '/home',
      options: { env: ['A=1', 'B=2'], model: ['opus'] },
      readOnly: true,
      args: ['--x'],
      prompt: { text: 'go\non' },
      tree: { origin: '/home/project', kind: 'clone' },
    },
  ],
};
const directory = (): string => join(env.XDG_STATE_HOME, 'adr', 'sessions');
const file = (): string => join(directory(), `${wish.id}.json`);

test('what is written is read, and only its owner can', async () => {
  await writeWish(env, wish);
  expect(await readWish(env, wish.id)).toEqual(wish);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect((await stat(directory())).mode & 0o777).toBe(0o700);
  expect(await readWish(env, 'ffffffffffff')).toBeUndefined();
  expect(await readWish(env, '../../etc')).toBeUndefined();
});

test('changes at once are all kept', async () => {
  await writeWish(env, wish);
  const [agent] = wish.agents;
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      updateWish(env, wish.id, (now) => ({
        ...now,
        agents: [...now.agents, { ...(agent as (typeof wish.agents)[0]), name: `a${index}` }],
      })),
    ),
  );
  expect((await readWish(env, wish.id))?.agents).toHaveLength(9);
  await updateWishAgent(env, wish.id, 'a3', (one) => ({ ...one, conversation: 'c-1' }));
  const now = await readWish(env, wish.id);
  expect(now?.agents.filter(({ conversation }) => conversation === 'c-1').map(({ name }) => name)).toEqual([
    'a3',
  ]);
  expect(await readdir(directory())).toEqual([`${wish.id}.json`]);
  expect(await updateWish(env, 'ffffffffffff', (one) => one)).toBeUndefined();
});

test.each([
  ['{', 'it is no JSON object'],
  ['{"v":2}', '"v" is not 1'],
  [JSON.stringify({ ...wish, workspace: 1 }), '"workspace" is no text'],
  [JSON.stringify({ ...wish, agents: {} }), '"agents" is no list'],
  [
    JSON.stringify({ ...wish, agents: [{ ...wish.agents[0], options: { env: 'A=1' } }] }),
    '"agents[0].options.env" is no list of texts',
  ],
  [
    JSON.stringify({ ...wish, agents: [{ ...wish.agents[0], tree: { origin: '/x', kind: 'other' } }] }),
    '"agents[0].tree.kind" is neither worktree nor clone',
  ],
  [
    JSON.stringify({ ...wish, agents: [{ ...wish.agents[0], run: undefined }] }),
    '"agents[0].run" is no text',
  ],
  [JSON.stringify({ ...wish, id: 'ffffffffffff' }), 'the wish of another session'],
])('a damaged file is refused: %s', async (text, why) => {
  await writeWish(env, wish);
  await writeFile(file(), text);
  await expect(readWish(env, wish.id)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(why),
  });
  expect(await listWishes(env)).toEqual({ wishes: [], damaged: [file()] });
});

test('stopped long ago: gone; others stay, oldest first', async () => {
  const day = 24 * 3600_000;
  await writeWish(env, { ...wish, id: 'bbbbbbbbbbbb', createdAt: 9, stoppedAt: day });
  await writeWish(env, { ...wish, id: 'cccccccccccc', createdAt: 7, stoppedAt: 5 * day });
  await writeWish(env, wish);
  const kept = ['bbbbbbbbbbbb', 'cccccccccccc', wish.id].map((id) => findTranscriptDirectory(env, id));
  const unknown = ['dddddddddddd', 'eeeeeeeeeeee'].map((id) => findTranscriptDirectory(env, id));
  for (const path of [...kept, ...unknown]) await mkdir(join(path, 'main'), { recursive: true });
  await utimes(unknown[0] ?? '', day / 1000, day / 1000);
  await utimes(unknown[1] ?? '', (8 * day) / 1000, (8 * day) / 1000);
  await pruneSessions(env, 9 * day);
  expect((await listWishes(env)).wishes.map(({ id }) => id)).toEqual([wish.id, 'cccccccccccc']);
  expect(await readdir(findTranscriptDirectory(env))).toEqual(
    [wish.id, 'cccccccccccc', 'eeeeeeeeeeee'].sort(),
  );
});
