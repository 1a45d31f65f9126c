import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { text } from 'node:stream/consumers';
import { runHeadless } from './headless.ts';
import { runInteractive } from './interactive.ts';
import { type Options, readOptions, usage } from './options.ts';
import { createReporter } from './reports.ts';
import type { DemoReport } from './state.ts';
import { openTranscript, type TranscriptFile } from './transcript.ts';

process.exitCode = await runDemo();

async function runDemo(): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    return fail(error, 2);
  }
  if (options === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const conversation = options.conversation ?? randomUUID();
  const report = createReporter(options.reports, conversation);
  let transcript: TranscriptFile;
  try {
    transcript = openTranscript(options.transcripts, conversation, options.conversation !== undefined);
  } catch (error) {
    return fail(error, 1);
  }
  if (!options.print && process.stdin.isTTY && process.stdout.isTTY) {
    return runInteractive(options, nameWorkspace(process.cwd()), report, transcript);
  }
  return print(options, conversation, report);
}

function fail(error: unknown, code: number): number {
  process.stderr.write(`adr-demo-agent: ${error instanceof Error ? error.message : String(error)}\n`);
  return code;
}

async function print(
  options: Options,
  conversation: string,
  report: (body: DemoReport, now: number) => void,
): Promise<number> {
  const prompt = options.prompt ?? (await text(process.stdin)).replace(/\n$/, '');
  if (prompt.trim() === '') {
    process.stderr.write('adr-demo-agent: no prompt, give one with --print or on stdin\n');
    return 2;
  }
  const result = await runHeadless(options, prompt, (body, now) => {
    report(body, now);
    if (options.json) process.stdout.write(`${JSON.stringify({ at: now, ...body, conversation })}\n`);
  });
  if (!options.json && result.message !== '') process.stdout.write(`${result.message}\n`);
  if (!options.json && result.error !== undefined) process.stderr.write(`Error: ${result.error}\n`);
  return result.code;
}

function nameWorkspace(directory: string): string {
  const home = homedir();
  return directory === home || directory.startsWith(`${home}/`)
    ? `~${directory.slice(home.length)}`
    : directory;
}
