import type { TmuxContext } from '../../commands/tmux/context.ts';
import { type DiffForm, diffTrees, type TreeDiff, writeDiff } from '../../commands/tmux/diff.ts';
import { AdrError } from '../../errors.ts';
import { formatDiffForTerminal, formatDiffHead, formatDiffJson } from '../../output/format-trees.ts';
import { pageText } from '../../system/pager.ts';
import type { CommandContext } from '../command.ts';
import { makeTmuxContext } from './make-context.ts';

/** `adr-tmux diff`. */
export async function runDiff(context: CommandContext): Promise<number> {
  const { args, stdout, env } = context;
  const tmuxContext = makeTmuxContext(context);
  const session = args.string('session') ?? '';
  const form = readForm(context);
  const diffs = await diffTrees(tmuxContext, session, args.list('agent'));
  if (args.flag('json')) {
    stdout.write(formatDiffJson(session, diffs));
    return 0;
  }
  if (!stdout.isTTY) {
    for (const diff of diffs) stdout.write(await writePiped(tmuxContext, diff, form, diffs.length > 1));
    return 0;
  }
  const color = !env.NO_COLOR;
  const shown = await Promise.all(diffs.map((diff) => writeShown(tmuxContext, diff, form, color)));
  await pageText(shown.join('\n'), env, stdout);
  return 0;
}

/** A patch as git wrote it, byte for byte; a head that `git apply` passes over where there are several. */
async function writePiped(
  tmuxContext: TmuxContext,
  diff: TreeDiff,
  form: DiffForm,
  several: boolean,
): Promise<Buffer> {
  const head = several
    ? `${formatDiffHead(diff)
        .map((line) => `# ${line}\n`)
        .join('')}`
    : '';
  const text = await writeDiff(tmuxContext, diff, form, true);
  return Buffer.concat([Buffer.from(head), Buffer.from(text, 'latin1')]);
}

async function writeShown(
  tmuxContext: TmuxContext,
  diff: TreeDiff,
  form: DiffForm,
  color: boolean,
): Promise<string> {
  const text = Buffer.from(await writeDiff(tmuxContext, diff, form, false), 'latin1').toString('utf8');
  return `${formatDiffHead(diff).join('\n')}\n${text === '' ? '' : '\n'}${formatDiffForTerminal(text, color)}`;
}

function readForm({ args }: CommandContext): DiffForm {
  const given = [args.flag('stat'), args.flag('name-only'), args.flag('json')].filter(Boolean).length;
  if (given > 1) {
    throw new AdrError('USAGE', 'more than one of --stat, --name-only and --json was given', {
      hint: 'keep one of them; --json has the files with their numbers of lines',
    });
  }
  return args.flag('stat') ? 'stat' : args.flag('name-only') ? 'names' : 'patch';
}
