import { chownSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseOwner, chooseWay, findFixable, findGuard } from '../../../src/commands/adr/fix-owner.ts';
import { changeOwners, countOwners } from '../../../src/system/owners.ts';
import { makeScratch } from '../../support/program.ts';

describe('guards', () => {
  test.each([
    '/',
    '/home/anna',
    '/home',
    '/etc',
    '/etc/ssh',
    '/usr/local/bin',
    '/var',
    '/tmp',
    '/root',
    '/home/other',
  ])('%s is refused', (path) => {
    expect(findGuard(path, '/home/anna')).toBeDefined();
  });

  test.each([
    '/home/anna/project',
    '/home/anna/.config/x',
    '/tmp/work',
    '/srv/app',
    '/workspace',
    '/home/other/shared',
  ])('%s is not', (path) => {
    expect(findGuard(path, '/home/anna')).toBeUndefined();
  });

  test('a link to a guarded place is that place', async () => {
    const scratch = makeScratch('fix');
    symlinkSync('/etc', join(scratch.path, 'link'));
    const find = (name: string) => findFixable(name, join(scratch.path, name), { HOME: scratch.path });
    await expect(find('link')).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('/etc'),
    });
    await expect(find('.')).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(find('none')).rejects.toMatchObject({ message: 'Directory does not exist: "none"' });
    scratch.remove();
  });
});

test('files go to the user, also behind sudo', () => {
  expect(chooseOwner({}, { uid: 5, gid: 6 })).toEqual({ uid: 5, gid: 6 });
  expect(chooseOwner({ SUDO_UID: '7', SUDO_GID: '8' }, { uid: 0, gid: 0 })).toEqual({ uid: 7, gid: 8 });
  expect(chooseOwner({ SUDO_UID: '7', SUDO_GID: '8' }, { uid: 5, gid: 6 })).toEqual({ uid: 5, gid: 6 });
});

describe('the way that asks least', () => {
  const owner = { uid: 5, gid: 6 };
  const container = { program: 'docker', image: 'coding-agent/pi:latest' };
  const choose = (means: Partial<Parameters<typeof chooseWay>[2]>) => {
    const way = chooseWay('/w x', owner, { root: false, sudo: 'none', container: undefined, ...means });
    return way.kind === 'directly' ? way.kind : way.argv.join(' ');
  };

  test('root needs nobody', () => {
    expect(choose({ root: true, sudo: 'silent', container })).toBe('directly');
  });

  test('sudo without a password, else a container, else sudo with one', () => {
    expect(choose({ sudo: 'silent', container })).toBe('sudo -n chown -R -h -P -- 5:6 /w x');
    expect(choose({ sudo: 'asks', container })).toMatchInlineSnapshot(
      `"docker run --rm --network none --log-driver none --user 0:0 --cap-drop ALL --cap-add CHOWN --cap-add DAC_READ_SEARCH --security-opt no-new-privileges --entrypoint chown --mount type=bind,source=/w x,target=/fix coding-agent/pi:latest -R -h -P -- 5:6 /fix"`,
    );
    expect(choose({ sudo: 'asks' })).toBe('sudo chown -R -h -P -- 5:6 /w x');
    expect(() => choose({})).toThrow(expect.objectContaining({ code: 'REFUSED' }));
  });
});

test.runIf(process.getuid?.() === 0)(
  'owners are counted and changed, links themselves and not what they lead to',
  async () => {
    const scratch = makeScratch('fix');
    const root = join(scratch.path, 'w');
    const outside = join(scratch.path, 'outside');
    mkdirSync(join(root, 'deep'), { recursive: true });
    for (const path of [join(root, 'deep', 'file'), join(root, 'mine'), outside]) writeFileSync(path, '');
    symlinkSync(outside, join(root, 'link'));
    chownSync(join(root, 'deep', 'file'), 1234, 1235);
    chownSync(outside, 1234, 1234);
    const count = await countOwners(root, { uid: 0, gid: 0 });
    expect([count.total, [...count.foreign], count.closed]).toEqual([5, [['1234:1235', 1]], 0]);
    await changeOwners(root, { uid: 77, gid: 78 });
    expect((await countOwners(root, { uid: 77, gid: 78 })).foreign.size).toBe(0);
    expect(lstatSync(join(root, 'link')).uid).toBe(77);
    expect(lstatSync(outside).uid).toBe(1234);
    scratch.remove();
  },
);
