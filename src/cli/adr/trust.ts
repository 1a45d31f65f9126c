import { resolve } from 'node:path';
import { inspectProject, listTrusted, revokeProject } from '../../commands/adr/trust.ts';
import { storeTrust } from '../../config/trust-store.ts';
import { AdrError } from '../../errors.ts';
import { abbreviateHome } from '../../system/paths.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext } from '../command.ts';
import { formatTable } from './format-table.ts';
import { formatUntrusted } from './trust-question.ts';

/** `adr trust`. */
export async function runTrust(context: CommandContext): Promise<number> {
  const { args } = context;
  const given = args.string('dir');
  if (args.flag('list')) {
    if (args.flag('revoke') || given !== undefined) {
      throw new AdrError('USAGE', '--list shows every trusted file', {
        hint: 'give it alone: adr trust --list',
      });
    }
    return printTrusted(context);
  }
  const directory = resolve(given ?? '.');
  return args.flag('revoke') ? revoke(context, directory) : trust(context, directory);
}

async function trust(context: CommandContext, directory: string): Promise<number> {
  const { args, env, stderr } = context;
  const { file, lines, trusted } = await inspectProject(env, directory);
  const name = abbreviateHome(file.path, env);
  const answer = (now: boolean, sentence: string): number => {
    print(context, { path: file.path, trusted: now, lines }, sentence);
    return 0;
  };
  if (trusted) return answer(true, `${name} is trusted already.`);
  if (lines.length === 0) return answer(false, `${name} sets nothing that needs trust.`);
  stderr.write(formatUntrusted({ path: file.path, lines }, env));
  // What was shown is what is trusted, whatever the file holds by the time of the answer.
  const asks = !args.flag('yes') && context.stdin.isTTY && stderr.isTTY;
  if (asks && !(await askYesNo('Trust this file as it stands?', false, context))) {
    throw new AdrError('REFUSED', `${name} is not trusted`, { hint: 'nothing was changed' });
  }
  await storeTrust(env, file);
  return answer(true, `Trusted ${name} as it stands; any change to it takes that back.`);
}

async function revoke(context: CommandContext, directory: string): Promise<number> {
  const { path, revoked } = await revokeProject(context.env, directory);
  const name = abbreviateHome(path, context.env);
  print(context, { path, revoked }, revoked ? `${name} is no longer trusted.` : `${name} was not trusted.`);
  return 0;
}

async function printTrusted({ args, env, stdout }: CommandContext): Promise<number> {
  const files = await listTrusted(env);
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, files })}\n`);
  else if (files.length === 0) stdout.write('No project file is trusted.\n');
  else {
    const rows = files.map(({ path, state, since }) => [
      abbreviateHome(path, env),
      state,
      since.replace(/\.\d+Z$/, 'Z'),
    ]);
    stdout.write(formatTable(['FILE', 'STATE', 'SINCE'], rows));
  }
  return 0;
}

function print({ args, stdout }: CommandContext, body: object, sentence: string): void {
  stdout.write(args.flag('json') ? `${JSON.stringify({ v: 1, ...body })}\n` : `${sentence}\n`);
}
