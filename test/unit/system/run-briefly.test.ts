import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { isSameProcessAlive } from '../../../src/system/process-table.ts';
import { runBriefly } from '../../../src/system/run-briefly.ts';
import { makeScratch } from '../../support/program.ts';
import { waitFor } from '../../support/tmux-server.ts';

test('what takes too long is killed with all that it started; what fails or is missing is over', async () => {
  const scratch = makeScratch('briefly');
  const path = join(scratch.path, 'pids');
  const env = { ...process.env, OUT: path };
  const hang = 'sleep 1000 & echo $! > "$OUT.new"; mv "$OUT.new" "$OUT"; wait';
  try {
    const running = runBriefly('/bin/sh', ['-c', hang], { env, timeoutMs: 2_000 });
    await waitFor('its child', () => existsSync(path), 20_000);
    await running;
    const child = Number(readFileSync(path, 'utf8'));
    await waitFor('the end of its child', () => !isSameProcessAlive(child, ''), 20_000);
    await runBriefly('/bin/sh', ['-c', 'exit 3'], { env, timeoutMs: 60_000 });
    await runBriefly('/nonexistent/program', [], { env, timeoutMs: 60_000 });
  } finally {
    scratch.remove();
  }
});
