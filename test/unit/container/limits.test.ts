import { expect, test } from 'vitest';
import type { Settings } from '../../../src/config/read-settings.ts';
import { clampLimits, describeClamped } from '../../../src/container/limits.ts';

const host = { version: '1', cpus: 2, memory: 2 ** 30 };
const wrote = { layer: 'flag', where: '--memory', base: '/' } as const;

test('limits that the machine has not are clamped, and said where the user wrote them', () => {
  const settings = {
    ...{ memory: 2 ** 32, cpus: 8 },
    origins: { memory: [wrote], cpus: [] } as unknown as Settings['origins'],
  };
  expect(clampLimits({ memory: 2 ** 32, cpus: 8, pids: 16 }, host)).toEqual({
    memory: 2 ** 30,
    cpus: 2,
    pids: 16,
  });
  expect(describeClamped(settings, host)).toEqual([
    "--memory: the engine's machine has 1024m of memory: that is the limit",
  ]);
  expect(describeClamped({ ...settings, memory: 2 ** 29 }, host)).toEqual([]);
  expect(describeClamped(settings, { ...host, memory: 0 })).toEqual([]);
});
