import { parseArgs } from 'node:util';
import type { Pace } from './scenario.ts';

export interface Options {
  /** Headless: answer this prompt (undefined: the one on stdin) and exit. */
  readonly print: boolean;
  readonly prompt: string | undefined;
  /** Headless: print the reports instead of the answer, one JSON object a line. */
  readonly json: boolean;
  readonly approvals: 'never' | 'ask';
  readonly conversation: string | undefined;
  readonly startMs: number;
  readonly pace: Pace;
  readonly reports: string | undefined;
  /** Directory of the conversations; undefined: they are not kept. */
  readonly transcripts: string | undefined;
}

export const usage = `Usage: adr-demo-agent [--print [PROMPT]] [--json] [--approvals never|ask] [--resume ID]

A pretend coding agent: no model, no keys, and it runs nothing.

  --print [PROMPT]     answer PROMPT (or the text on stdin) and exit
  --json               with --print: one JSON object an event
  --approvals MODE     never: /ask is allowed without asking (default: ask)
  --resume ID          go on with this conversation

Environment: ADR_DEMO_START_MS, ADR_DEMO_THINK_MS, ADR_DEMO_WORD_MS, ADR_DEMO_TRANSCRIPTS, ADR_REPORTS
`;

/** Reads the command line and the environment; throws a TypeError on what it does not know. */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Options | 'help' {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      print: { type: 'boolean', short: 'p', default: false },
      json: { type: 'boolean', default: false },
      approvals: { type: 'string', default: 'ask' },
      resume: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    print: values.print,
    prompt: positionals.length > 0 ? positionals.join(' ') : undefined,
    json: values.json,
    approvals: values.approvals === 'never' ? 'never' : 'ask',
    conversation: values.resume,
    startMs: readMilliseconds(env.ADR_DEMO_START_MS, 0),
    pace: {
      thinkMs: readMilliseconds(env.ADR_DEMO_THINK_MS, 1000),
      wordMs: readMilliseconds(env.ADR_DEMO_WORD_MS, 50),
    },
    reports: env.ADR_REPORTS,
    transcripts: env.ADR_DEMO_TRANSCRIPTS,
  };
}

function readMilliseconds(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text === undefined || text === '' || !(value >= 0) ? otherwise : value;
}
