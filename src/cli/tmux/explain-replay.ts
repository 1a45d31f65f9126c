import { replayText } from '../../commands/tmux/explain-replay.ts';
import { openAgentTypes } from '../../config/agent-types.ts';
import { AdrError } from '../../errors.ts';
import { formatReplayLine } from '../../output/format-explain.ts';
import { readTextIfExists } from '../../system/files.ts';
import type { CommandContext } from '../command.ts';
import { readAll } from '../read-all.ts';

/** `adr-tmux explain --replay`: one JSON object a frame, and no tmux. */
export async function runReplay(context: CommandContext): Promise<number> {
  const { args, env, stdout, stderr, stdin, closed } = context;
  if (args.string('session') !== undefined) {
    throw new AdrError('USAGE', `a session ("${args.string('session')}") and --replay were given`, {
      hint: 'adr-tmux explain --replay FILE',
    });
  }
  const path = args.string('replay') ?? '';
  const text = path === '-' ? await readAll(stdin) : await readRecording(path);
  const file = path === '-' ? 'standard input' : path;
  const { frames, notes } = await replayText(openAgentTypes(env), { text, file, type: args.string('type') });
  for (const note of notes) stderr.write(`${note}\n`);
  for (const frame of frames) {
    if (closed.aborted) break;
    stdout.write(formatReplayLine(frame));
  }
  return 0;
}

async function readRecording(path: string): Promise<string> {
  const hint = 'check --replay';
  const text = await readTextIfExists(path).catch((cause: unknown) => {
    throw new AdrError('USAGE', `cannot read "${path}"`, { hint, cause });
  });
  if (text === undefined) throw new AdrError('USAGE', `no file "${path}"`, { hint });
  return text;
}
