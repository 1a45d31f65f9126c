import type { RunRequest } from '../../commands/adr/prepare-run.ts';
import { executeRun, planRun, type ReadyRun, type RunTools } from '../../commands/adr/run.ts';
import type { RunEnd } from '../../container/ending.ts';
import { AdrError } from '../../errors.ts';
import { systemClock } from '../../system/clock.ts';
import { readTextIfExists } from '../../system/files.ts';
import { runProcess } from '../../system/process.ts';
import { saveTerminal } from '../../system/terminal.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext } from '../command.ts';
import { explainFileFailure } from '../file-failure.ts';
import { readAll } from '../read-all.ts';
import { buildAndPrint } from './build.ts';
import { formatPlan } from './format-plan.ts';
import { collectFlags } from './setting-options.ts';
import { makeConfirmTrust } from './trust-question.ts';

/** Alternate screen, bracketed paste, mouse, focus events, kitty keys and a hidden cursor, all off again. */
const RESET_SCREEN =
  '\u001b[?1049l\u001b[?2004l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1004l\u001b[?1006l\u001b[<u\u001b[>4;0m\u001b[?25h\u001b[0m\r';

/** `adr run`. Whatever keeps the agent from running, except how it was asked for, ends with 125. */
export async function runRun(context: CommandContext): Promise<number> {
  const request = await readRequest(context);
  const tools = makeTools(context);
  const ready = await planRun(request, context.env, tools).catch(failWithout);
  if (context.args.flag('dry-run')) {
    context.stdout.write(formatPlan(ready));
    return 0;
  }
  const end = await runReady(ready, tools, context).catch(failWithout);
  return reportEnd(end, ready, context);
}

/** The agent did not run: 125, unless the words were wrong. */
function failWithout(error: unknown): never {
  const known = error instanceof AdrError ? error : explainFileFailure(error);
  if (known === undefined || known.exitCode === 2) throw error;
  const { code, message, hint, details } = known;
  throw new AdrError(code, message, { details, cause: error, exitCode: 125, ...(hint ? { hint } : {}) });
}

async function runReady(ready: ReadyRun, tools: RunTools, context: CommandContext): Promise<RunEnd> {
  const interactive = ready.prepared.mode === 'interactive';
  const restore = interactive && tools.terminal ? await saveTerminal() : undefined;
  let end: RunEnd | undefined;
  try {
    end = await executeRun(ready, tools);
    return end;
  } catch (error) {
    if (!interactive && isClientGone(error)) await probeOutput(context);
    throw error;
  } finally {
    if (restore && (!end || end.cause)) {
      context.stdout.write(RESET_SCREEN);
      await restore();
    }
  }
}

function isClientGone(error: unknown): boolean {
  return error instanceof AdrError && error.details.clientEnded === true;
}

/**
 * The engine's client writes a headless agent's output itself, and ends when the reader has gone (`| head -1`). Whether
 * that was it, only a write of ours tells: then the command ends as quietly as any other.
 */
async function probeOutput({ stdout }: CommandContext): Promise<void> {
  await new Promise<void>((resolve) => stdout.write('\n', () => resolve()));
  await new Promise((resolve) => setImmediate(resolve));
}

/** The exit code of a run that has ended. Throws TIMEOUT, RESOURCE_LIMIT with the agent's own code. */
function reportEnd(end: RunEnd, { plan }: ReadyRun, context: CommandContext): number {
  if (end.cause?.kind === 'timeout') {
    const given = context.args.string('timeout') ?? `${end.cause.ms / 1000}s`;
    throw new AdrError('TIMEOUT', `Task terminated due to timeout (max ${given} exceeded)`, {
      hint: 'give it more with --timeout',
    });
  }
  if (end.cause?.kind === 'idle') {
    const given = context.args.string('idle-timeout') ?? `${end.cause.ms / 1000}s`;
    throw new AdrError('TIMEOUT', `Task terminated: neither output nor a report for ${given}`, {
      hint: 'give it more with --idle-timeout',
    });
  }
  if (!end.outOfMemory) return end.exitCode;
  const limit = plan.kind === 'container' ? plan.spec.memory : 0;
  const known =
    limit === 0 ? 'there is no limit but the machine' : `the limit is ${Math.round(limit / 2 ** 20)}m`;
  const said = `killed for lack of memory (RESOURCE_LIMIT): ${known}`;
  const hint = limit === 0 ? 'set one below it: --memory' : 'raise it with --memory';
  if (end.exitCode === 137) {
    throw new AdrError('RESOURCE_LIMIT', `the agent was ${said}`, { hint, exitCode: end.exitCode });
  }
  context.stderr.write(`warning: a process of the agent was ${said}\n  ${hint}\n`);
  return end.exitCode;
}

async function readRequest(context: CommandContext): Promise<RunRequest> {
  const { args } = context;
  const prompt = await readPrompt(context);
  const shell = args.flag('shell') ?? false;
  if (shell && (prompt !== undefined || args.flag('headless'))) {
    throw new AdrError('USAGE', '--shell and --headless/--prompt are mutually exclusive', {
      hint: 'keep one of them',
    });
  }
  if (args.flag('headless') && prompt === undefined) {
    throw new AdrError('USAGE', '--headless requires --prompt', { hint: 'give a prompt: --prompt TEXT' });
  }
  const output = args.string('output');
  if (output !== undefined && prompt === undefined) {
    throw new AdrError('USAGE', '--output is for headless runs', { hint: 'give a prompt: --prompt TEXT' });
  }
  return {
    flags: collectFlags(args, args.string('agent')),
    workspace: args.string('workspace'),
    mode: prompt === undefined ? 'interactive' : output === 'json' ? 'headless-json' : 'headless',
    prompt,
    args: args.rest,
    shell,
    readOnly: args.flag('read-only') ?? false,
    configFile: args.string('config-file'),
    session: args.string('session'),
    name: args.string('name'),
    cwd: process.cwd(),
    version: context.version,
  };
}

async function readPrompt(context: CommandContext): Promise<string | undefined> {
  const text = context.args.string('prompt');
  const file = context.args.string('prompt-file');
  if (text !== undefined && file !== undefined) {
    throw new AdrError('USAGE', '--prompt and --prompt-file were both given', { hint: 'keep one of them' });
  }
  const prompt =
    file === undefined ? (text === '-' ? await readAll(context.stdin) : text) : await readFile(file);
  if (prompt?.trim() === '')
    throw new AdrError('USAGE', 'the prompt is empty', { hint: 'give it some text' });
  return prompt;
}

async function readFile(path: string): Promise<string> {
  const text = await readTextIfExists(path).catch((cause: unknown) => {
    throw new AdrError('USAGE', `cannot read "${path}"`, { hint: 'check --prompt-file', cause });
  });
  if (text === undefined) throw new AdrError('USAGE', `no file "${path}"`, { hint: 'check --prompt-file' });
  return text;
}

function makeTools(context: CommandContext): RunTools {
  const { args, stderr } = context;
  const headless = args.string('prompt') !== undefined || args.string('prompt-file') !== undefined;
  // A plan that is only shown is the same wherever it is shown.
  const terminal = Boolean(
    args.flag('dry-run') || (context.stdout.isTTY && (headless || context.stdin.isTTY)),
  );
  return {
    run: runProcess,
    clock: systemClock,
    terminal,
    warn: (message) => stderr.write(`warning: ${message}\n`),
    tell: (message) => stderr.write(`${message}\n`),
    confirmTrust: makeConfirmTrust(context),
    offerBuild: async (image, type, tag, engine) => {
      const agreed =
        args.flag('yes') ??
        (terminal &&
          Boolean(context.stdin.isTTY) &&
          (await askYesNo(`Image ${image} not found. Build it now?`, true, context)));
      if (!agreed) return false;
      return buildAndPrint({ stdout: stderr, env: engine.env }, engine, { names: [type], tag });
    },
  };
}
