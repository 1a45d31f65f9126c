import { resolve } from 'node:path';
import {
  changeOwner,
  chooseOwner,
  chooseWay,
  findChownImage,
  findFixable,
  type Means,
} from '../../commands/adr/fix-owner.ts';
import { AdrError } from '../../errors.ts';
import { escapeHidden } from '../../system/escape-hidden.ts';
import { countOwners, type OwnerCount } from '../../system/owners.ts';
import { runProcess } from '../../system/process.ts';
import type { CommandContext } from '../command.ts';
import { openContainerEngine } from './open-engine.ts';

/** `adr fix-owner`. */
export async function runFixOwner(context: CommandContext): Promise<number> {
  const { args, env, stdout } = context;
  const written = args.string('directory') ?? '.';
  const directory = await findFixable(written, resolve(written), env);
  const uid = process.getuid?.() ?? 0;
  const owner = chooseOwner(env, { uid, gid: process.getgid?.() ?? uid });
  const name = `${owner.uid}:${owner.gid}`;
  const shown = escapeHidden(directory);
  const before = await countOwners(directory, owner);
  if (!isForeign(before)) {
    stdout.write(`Nothing to change: everything in ${shown} belongs to ${name} already.\n`);
    return 0;
  }
  if (args.flag('dry-run')) {
    stdout.write(`Would change in ${shown}: ${describeForeign(before)} to ${name}.\n`);
    return 0;
  }
  const way = chooseWay(directory, owner, await findMeans(context, uid));
  if (way.kind === 'command') context.stderr.write(`changing ${describeForeign(before)} with ${way.by}\n`);
  const code = await changeOwner(directory, owner, way, env);
  const after = await countOwners(directory, owner);
  if (isForeign(after)) {
    throw new AdrError('PARTLY_DONE', `${describeForeign(after)} could not be changed to ${name}`, {
      hint: code === 0 ? 'something else changes them: stop it first (adr ps)' : 'see above for the reason',
    });
  }
  stdout.write(`Changed ownership of all files in ${shown} to ${name}.\n`);
  return 0;
}

async function findMeans(context: CommandContext, uid: number): Promise<Means> {
  const { env, stdin } = context;
  if (uid === 0) return { root: true, sudo: 'none', container: undefined };
  const sudo = await runProcess('sudo', ['-n', 'true'], { env, timeoutMs: 5000 });
  const silent = sudo.exitCode === 0;
  return {
    root: false,
    sudo: silent ? 'silent' : sudo.failure !== 'not-found' && stdin.isTTY ? 'asks' : 'none',
    container: silent ? undefined : await findChownImage(await openContainerEngine(context)),
  };
}

function isForeign({ foreign, closed }: OwnerCount): boolean {
  return foreign.size > 0 || closed > 0;
}

/** `3 of 20 files (2 of 0:0, 1 of 1234:1234)`. */
function describeForeign({ foreign, total, closed }: OwnerCount): string {
  const count = [...foreign.values()].reduce((sum, one) => sum + one, 0);
  const owners = [...foreign].map(([owner, files]) => `${files} of ${owner}`);
  const rest = closed > 0 ? [`${closed} directories cannot be looked into`] : [];
  return `${count} of ${total} files (${[...owners, ...rest].join(', ')})`;
}
