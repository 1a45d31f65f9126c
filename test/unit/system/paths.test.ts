import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import {
  abbreviateHome,
  findConfigDirectory,
  findHome,
  findStateDirectory,
} from '../../../src/system/paths.ts';

test.each([undefined, '', 'rel', './x'])('HOME %o is none: the passwd entry counts', (HOME) => {
  const { HOME: mine } = process.env;
  process.env.HOME = '';
  try {
    expect(findHome({ HOME })).toBe(userInfo().homedir);
  } finally {
    if (mine === undefined) delete process.env.HOME;
    else process.env.HOME = mine;
  }
});

test('XDG directories count when they are absolute', () => {
  const env = (path: string) => ({ HOME: '/h', XDG_STATE_HOME: path, XDG_CONFIG_HOME: path });
  for (const path of ['', 'rel', './x']) {
    expect(findStateDirectory(env(path))).toBe('/h/.local/state/adr');
    expect(findConfigDirectory(env(path))).toBe('/h/.config/adr');
  }
  expect(findStateDirectory(env('/s'))).toBe('/s/adr');
  expect(findConfigDirectory(env('/c'))).toBe('/c/adr');
});

test('a path for people holds nothing that a terminal would obey', () => {
  expect(abbreviateHome('/h/a b/ü', { HOME: '/h' })).toBe('~/a b/ü');
  expect(abbreviateHome('/w/e\u001b[31mvil\u202etxt', { HOME: '/h' })).toBe('/w/e\\u{1b}[31mvil\\u{202e}txt');
});
