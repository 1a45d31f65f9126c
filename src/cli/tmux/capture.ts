import { captureAgent } from '../../commands/tmux/capture.ts';
import { AdrError } from '../../errors.ts';
import { carryStyles } from '../../output/carry-styles.ts';
import { keepStyles } from '../../output/keep-styles.ts';
import { stripControls } from '../../output/strip-controls.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux capture`. */
export async function runCapture(context: CommandContext): Promise<number> {
  const { args, stdout } = context;
  const styled = args.flag('ansi') ?? false;
  const { lines, ...capture } = await captureAgent(makeTmuxContext(context), {
    session: args.string('session') ?? '',
    agent: args.string('agent'),
    lines: readLines(context),
    styled,
  });
  const text = (styled ? carryStyles(lines).map(keepStyles) : lines.map(stripControls)).join('\n');
  stdout.write(args.flag('json') ? `${JSON.stringify({ v: 1, ...capture, text }, null, 2)}\n` : `${text}\n`);
  return 0;
}

function readLines({ args }: CommandContext): number | undefined {
  const text = args.string('lines');
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AdrError('USAGE', `${JSON.stringify(text)} is no number of lines`, { hint: 'write --lines 100' });
}
