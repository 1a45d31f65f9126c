import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgentOptions, readAgentOptions } from '../../../src/commands/tmux/agent-options.ts';
import { chooseSessionEngine } from '../../../src/commands/tmux/wanted-agents.ts';
import { splitFields } from '../../../src/session/spec-fields.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'adr-options-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const SHARED: AgentOptions = {
  options: { model: ['sonnet'], env: ['A=1'], reports: ['0'] },
  readOnly: false,
  args: ['--shared'],
  prompt: 'for all',
};
const read = (spec: string, shared = SHARED) =>
  readAgentOptions('main', splitFields(spec).slice(1), shared, cwd);

describe('options behind an agent', () => {
  test('its own value wins, lists are joined, paths start where it was typed', async () => {
    await writeFile(join(cwd, 'task.md'), 'from, a file\n');
    const spec =
      'pi,model=opus,env="B=2,3",env=C,mount=./x:/x,workspace=../other,reports,arg=-v,read-only,prompt=@task.md';
    expect(await read(spec)).toEqual({
      options: {
        model: ['opus'],
        env: ['A=1', 'B=2,3', 'C'],
        mounts: ['./x:/x'],
        reports: ['1'],
      },
      args: ['--shared', '-v'],
      readOnly: true,
      workspace: join(cwd, '../other'),
      prompt: 'from, a file\n',
    });
  });

  test('nothing of its own: what holds for all', async () => {
    expect(await read('pi')).toEqual(SHARED);
    expect((await read('pi,prompt=@@home')).prompt).toBe('@home');
    expect((await read('pi,worktree')).worktree).toBe(true);
    expect((await read('pi,no-worktree', { ...SHARED, worktree: true })).worktree).toBe(false);
    expect((await read('pi,no-sync-auth')).options['sync-auth']).toEqual(['0']);
  });

  test.each([
    ['pi,modle=x', '"modle" is no option', 'did you mean "model"?'],
    ['pi,nonsense', '"nonsense" is no option', 'known: workspace, prompt'],
    ['pi,model=a,model=b', '"model" is given more than once', 'keep one'],
    ['pi,memory', '"memory" needs a value', 'memory=VALUE'],
    ['pi,read-only=1', '"read-only" takes no value', 'alone'],
    ['pi,worktree=yes', '"worktree" takes no value', 'alone'],
    ['pi,no-reports=1', '"no-reports" takes no value', 'alone'],
    ['pi,prompt=@none', 'no file', 'prompt=@FILE'],
    ['pi,idle-timeout=5s', '"idle-timeout" is no option', ''],
    ['pi,notify-cmd=x', '"notify-cmd" is no option', ''],
  ])('%s is refused', async (spec, message, hint) => {
    await expect(read(spec)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});

test('a session stands on one engine, beside the host', () => {
  const on = (engine: string, context?: string) => ({ engine, context });
  expect(chooseSessionEngine([on('host'), on('host')])).toEqual(on('host'));
  expect(chooseSessionEngine([on('host'), on('docker', 'far'), on('docker', 'far')])).toEqual(
    on('docker', 'far'),
  );
  expect(() => chooseSessionEngine([on('docker'), on('podman')])).toThrow('"docker" and on "podman"');
  expect(() => chooseSessionEngine([on('docker'), on('docker', 'far')])).toThrow('context "far"');
});
