import { AdrError } from '../../errors.ts';
import type { CommandContext } from '../command.ts';

/** Which options go with what; the first that is given decides what the command does. */
const MODES = ['replay', 'signs', 'record'] as const;
const BELONGS: Readonly<Record<string, (typeof MODES)[number]>> = { type: 'replay', for: 'record' };

/** `adr-tmux explain`: the live verdict, a recording, a replay, or the signs in force. */
export async function runExplain(context: CommandContext): Promise<number> {
  const { args } = context;
  const given = MODES.filter((mode) => args.string(mode) !== undefined);
  if (given.length > 1) {
    throw new AdrError('USAGE', `--${given.join(' and --')} were given`, { hint: 'give one of them' });
  }
  for (const [option, mode] of Object.entries(BELONGS)) {
    if (args.string(option) === undefined || given[0] === mode) continue;
    throw new AdrError('USAGE', `--${option} goes with --${mode}`, { hint: 'adr-tmux explain --help' });
  }
  if (given[0] === 'replay') return (await import('./explain-replay.ts')).runReplay(context);
  if (given[0] === 'signs') return (await import('./explain-signs.ts')).runPrintSigns(context);
  if (args.string('session') === undefined) {
    throw new AdrError('USAGE', 'no session was named', { hint: 'adr-tmux explain SESSION --agent NAME' });
  }
  if (given[0] === 'record') return (await import('./explain-record.ts')).runRecord(context);
  return (await import('./explain-live.ts')).runExplainLive(context);
}
