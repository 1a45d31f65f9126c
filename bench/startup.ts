// How long a command takes, as multiples of `node -e 0` measured in turn with it: node bench/run.mjs startup [ROUNDS]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, makeScratch, ROOT } from '../test/support/program.ts';
import { driveSessions } from '../test/support/session-driver.ts';
import { openTestServer } from '../test/support/tmux-server.ts';
import { findMedian, printTable } from './measure.ts';

const rounds = Math.max(3, Number(process.argv[2] ?? '') || 15);

// Reading certificates would be added to every row.
delete process.env.NODE_EXTRA_CA_CERTS;

await ensureBuilt();
const scratch = makeScratch('bench');
const server = openTestServer();
const driver = driveSessions(scratch, server.socket, { ADR_DEMO_THINK_MS: '0', ADR_DEMO_WORD_MS: '0' });

const adrTmux = [process.execPath, join(ROOT, 'bin/adr-tmux.js')];
const adr = [process.execPath, join(ROOT, 'bin/adr.js')];
const cases: readonly { readonly name: string; readonly argv: readonly string[]; readonly code: number }[] = [
  { name: 'node -e 0', argv: [process.execPath, '-e', '0'], code: 0 },
  { name: 'tmux list-sessions', argv: ['tmux', '-L', server.socket, 'list-sessions'], code: 0 },
  { name: 'adr --help', argv: [...adr, '--help'], code: 0 },
  { name: 'adr-tmux --help', argv: [...adrTmux, '--help'], code: 0 },
  { name: 'adr-tmux status', argv: [...adrTmux, 'status'], code: 0 },
  {
    name: 'adr-tmux send, to nobody',
    argv: [...adrTmux, 'send', 'bench', '--agent', 'nobody', 'x'],
    code: 3,
  },
  {
    name: 'adr-tmux send, confirmed',
    argv: [...adrTmux, 'send', 'bench', '--agent', 'demo-1', 'x'],
    code: 0,
  },
];

function measure(argv: readonly string[], code: number): number {
  const [file = '', ...args] = argv;
  const started = process.hrtime.bigint();
  const result = spawnSync(file, args, { env: { ...process.env, ...driver.env }, encoding: 'utf8' });
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.status === code) return ms;
  throw new Error(`${argv.join(' ')} ended with ${result.status}: ${result.stderr}`);
}

try {
  const started = await driver.run('start', 'bench', '--agent', 'demo');
  if (started.code !== 0) throw new Error(started.stderr);
  await driver.waitForState('bench', 'demo-1', 'IDLE');
  const times = cases.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { argv, code }] of cases.entries()) times[index]?.push(measure(argv, code));
  }
  const medians = times.map(findMedian);
  const base = medians[0] ?? Number.NaN;
  console.log(`median of ${rounds} rounds, Node ${process.versions.node}, one agent in the session`);
  printTable([
    ['', 'ms', 'x node'],
    ...cases.map(({ name }, index) => {
      const ms = medians[index] ?? Number.NaN;
      return [name, ms.toFixed(1), (ms / base).toFixed(2)];
    }),
  ]);
} finally {
  await driver.run('stop', 'bench');
  await server.kill();
  scratch.remove();
}
