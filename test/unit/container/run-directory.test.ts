import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeOwner } from '../../../src/container/labels.ts';
import {
  claimRun,
  listRunRecords,
  openRunDirectory,
  removeRunDirectory,
} from '../../../src/container/run-directory.ts';

let state: string;
const run = '0123456789ab';

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'adr-state-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

const record = {
  run,
  type: 'pi',
  agent: 'pi',
  session: undefined,
  sessionId: undefined,
  workspace: '/w',
  createdAt: '2026-01-01T00:00:00Z',
  engine: 'host',
};

test('without a session the id is new', async () => {
  const claimed = await claimRun({ XDG_STATE_HOME: state });
  expect(claimed).toMatchObject({ run: expect.stringMatching(/^[0-9a-f]{12}$/), fromSession: false });
});

test('the id of the session counts; launch.json is the user, read once and gone', async () => {
  const directory = join(state, 'adr', 'runs', run);
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'launch.json'),
    JSON.stringify({ v: 1, env: { HOME: '/home/me', TERM: 'xterm', OPENAI_API_KEY: 'k', bad: 1 } }),
  );
  const env = {
    XDG_STATE_HOME: state,
    ADR_RUN_ID: run,
    ADR_SESSION_ID: 'sid',
    TERM: 'tmux-256color',
    OTHER: 'server',
  };
  const claimed = await claimRun(env);
  expect(claimed).toEqual({
    run,
    sessionId: 'sid',
    directory,
    fromSession: true,
    env: {
      HOME: '/home/me',
      OPENAI_API_KEY: 'k',
      TERM: 'tmux-256color',
      ADR_RUN_ID: run,
      ADR_SESSION_ID: 'sid',
    },
  });
  expect(await readdir(directory)).toEqual([]);
});

test('options of a session come in the file; without it a pane of a session runs nothing', async () => {
  const directory = join(state, 'adr', 'runs', run);
  const request = { cwd: '/w', flags: { env: ['A=1'] }, readOnly: true, args: ['-x'] };
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'launch.json'), JSON.stringify({ v: 1, env: {}, request }));
  const env = { XDG_STATE_HOME: state, ADR_RUN_ID: run, ADR_SESSION_ID: 'sid' };
  expect((await claimRun(env)).launch).toEqual(request);
  await expect(claimRun(env)).rejects.toMatchObject({ code: 'AGENT_EXITED' });
});

test('a run inside a live run gets an id of its own', async () => {
  const directory = join(state, 'adr', 'runs', run);
  await openRunDirectory(
    directory,
    { uid: process.getuid?.() ?? 0, gid: 0 },
    { ...record, owner: describeOwner() },
  );
  const inner = await claimRun({ XDG_STATE_HOME: state, ADR_RUN_ID: run });
  expect(inner.run).not.toBe(run);
  expect(inner.env.ADR_RUN_ID).toBeUndefined();
  await openRunDirectory(
    directory,
    { uid: 0, gid: 0 },
    { ...record, owner: { ...describeOwner(), startTime: '1' } },
  );
  expect((await claimRun({ XDG_STATE_HOME: state, ADR_RUN_ID: run })).run).toBe(run);
});

test('the directory is private, its record is found again, both go', async () => {
  const directory = join(state, 'adr', 'runs', run);
  const owner = describeOwner();
  await openRunDirectory(directory, { uid: process.getuid?.() ?? 0, gid: 0 }, { ...record, owner });
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(`${directory}.json`)).mode & 0o777).toBe(0o600);
  const [found] = await listRunRecords({ XDG_STATE_HOME: state });
  expect(found).toMatchObject({ run, engine: 'host', owner, directory });
  await writeFile(join(state, 'adr', 'runs', 'ffffffffffff.json'), 'rubbish');
  expect(await listRunRecords({ XDG_STATE_HOME: state })).toHaveLength(1);
  await removeRunDirectory(directory);
  expect(await readdir(join(state, 'adr', 'runs'))).toEqual(['ffffffffffff.json']);
});
