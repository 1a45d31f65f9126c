import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_REPORT_BYTES, readReports } from '../../../src/activity/read-reports.ts';
import { demo } from '../../../src/agents/demo/demo.ts';
import { makeScratch } from '../../support/program.ts';

let scratch: ReturnType<typeof makeScratch>;
let path: string;

beforeEach(() => {
  scratch = makeScratch('reports');
  path = join(scratch.path, 'reports');
});

afterEach(() => scratch.remove());

const AT = 1_795_000_000_000;
const line = (text: string): string => `${AT} demo ${JSON.stringify({ event: 'prompt', text })}\n`;
const read = async (offset = 0) => readReports(path, offset, demo);
const NOTHING = { events: [], offset: 0, flooded: false };

test('what is no regular file of ours gives nothing', async () => {
  expect(await read()).toEqual(NOTHING);
  mkdirSync(path);
  expect(await read()).toEqual(NOTHING);
  const real = join(scratch.path, 'real');
  writeFileSync(real, line('x'));
  path = join(scratch.path, 'link');
  symlinkSync(real, path);
  expect(await read()).toEqual(NOTHING);
  path = join(scratch.path, 'fifo');
  execFileSync('mkfifo', [path]);
  expect(await read()).toEqual(NOTHING);
  path = join(scratch.path, 'closed');
  writeFileSync(path, line('x'));
  chmodSync(path, 0);
  // Root reads it all the same.
  expect((await read()).events.length).toBe(process.getuid?.() === 0 ? 1 : 0);
});

test('what is no report is passed over, what stands behind it is read', async () => {
  const junk = [
    Buffer.from([0x00, 0xff, 0xfe, 0x0a]),
    Buffer.from(`${AT} demo {"event":"prompt","text":"\xff\xfe\u0000"\n`, 'latin1'),
    Buffer.from(`-5 demo {"event":"prompt","text":"negative"}\n1e30 demo {}\n99999999999999999999 demo {}\n`),
    Buffer.from(`${AT} demo\n${AT} demo null\n${AT} demo "x"\n${AT} demo [1]\n${AT} ../../etc {}\n\n`),
    Buffer.from(`${AT} demo {"event":"prompt","text":{"toString":1}}\n${AT} demo {"event":"__proto__"}\n`),
  ];
  writeFileSync(path, Buffer.concat([...junk, Buffer.from(line('whole'))]));
  const batch = await read();
  expect(batch.events.filter(({ kind }) => kind === 'prompt')).toMatchObject([{ text: 'whole', at: AT }]);
});

test('half a line waits for its end; a file that shrank is read on from where it grows again', async () => {
  writeFileSync(path, line('one') + line('two').slice(0, -5));
  const first = await read();
  expect(first).toMatchObject({ events: [{ text: 'one' }], offset: line('one').length });
  writeFileSync(path, line('one') + line('two'));
  const second = await read(first.offset);
  expect(second.events).toMatchObject([{ text: 'two' }]);
  writeFileSync(path, line('new'));
  expect(await read(second.offset)).toEqual({ events: [], offset: second.offset, flooded: false });
});

test('a line of 10 MB is read; a flood is not, with or without line ends', async () => {
  writeFileSync(path, line('x'.repeat(10 * 1024 * 1024)) + line('behind'));
  expect((await read()).events.length).toBe(2);
  writeFileSync(path, Buffer.alloc(MAX_REPORT_BYTES + 5, 'x'));
  expect(await read()).toMatchObject({ events: [], offset: MAX_REPORT_BYTES, flooded: true });
  writeFileSync(path, `${'\n'.repeat(MAX_REPORT_BYTES + 5)}${line('late')}`);
  expect(await read()).toMatchObject({ events: [], offset: MAX_REPORT_BYTES, flooded: true });
});
