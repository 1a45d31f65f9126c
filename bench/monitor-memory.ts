// What the monitor's memory does over a longer time, with panes whose screens change every second and agents that report:
//
//   node bench/run.mjs monitor-memory [--panes 20] [--minutes 12]
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt, makeScratch } from '../test/support/program.ts';
import { openTestServer } from '../test/support/tmux-server.ts';
import { fillServer, readUsage, startMonitor } from './monitor-panes.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { panes: { type: 'string', default: '20' }, minutes: { type: 'string', default: '12' } },
});

await ensureBuilt();
const scratch = makeScratch('bench');
const server = openTestServer();
try {
  const reports = await fillServer(server, scratch.path, Number(values.panes), true);
  const monitor = startMonitor(server, scratch.path);
  const { pid = 0 } = monitor;
  console.log(`${values.panes} panes, a screen and a report a second each; MB after so many minutes`);
  const startedAt = performance.now();
  for (let minute = 0; minute <= Number(values.minutes); minute++) {
    for (let second = 0; performance.now() - startedAt < minute * 60_000; second++) {
      for (const [index, file] of reports.entries()) appendFileSync(file, makeReport(file, index, second));
      await sleep(1000);
    }
    const { rss, own } = readUsage(pid);
    console.log(`${minute}: ${rss.toFixed(0)} MB, CPU ${(own / 1000).toFixed(1)} s`);
  }
} finally {
  await server.kill();
  scratch.remove();
}

/** A prompt, a tool, its end, the turn's end: in claude's words, the others take them for damaged ones. */
function makeReport(file: string, index: number, second: number): string {
  const session_id = `session-${index}`;
  const body = [
    { hook_event_name: 'UserPromptSubmit', session_id, prompt: `prompt ${second} ${'word '.repeat(40)}` },
    {
      hook_event_name: 'PreToolUse',
      session_id,
      tool_name: 'Bash',
      tool_input: { command: `echo ${second}` },
    },
    { hook_event_name: 'PostToolUse', session_id, tool_name: 'Bash' },
    { hook_event_name: 'Stop', session_id, last_assistant_message: `answer ${second} ${file}` },
  ][second % 4];
  return `${Date.now()} claude ${JSON.stringify(body)}\n`;
}
