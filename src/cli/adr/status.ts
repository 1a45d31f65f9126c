import { listImages } from '../../commands/adr/images.ts';
import { openAgentTypes } from '../../config/agent-types.ts';
import { listRuns } from '../../container/runs.ts';
import { systemClock } from '../../system/clock.ts';
import type { CommandContext } from '../command.ts';
import { formatTable } from './format-table.ts';
import { openContainerEngine } from './open-engine.ts';
import { formatRuns } from './runs.ts';

/** `adr status`. */
export async function runStatus({ args, env, stdout }: CommandContext): Promise<number> {
  const engine = openContainerEngine(env);
  const { types } = await openAgentTypes(env).list();
  const [images, runs] = await Promise.all([listImages(engine, types), listRuns(env, engine)]);
  if (args.flag('json')) {
    stdout.write(`${JSON.stringify({ v: 1, images: images.map(toJson), runs })}\n`);
    return 0;
  }
  const rows = images.map(({ agent, image, built }) => [
    agent,
    image,
    built?.tag ?? '-',
    built?.size ?? '-',
    built?.since ?? '(not built)',
  ]);
  stdout.write(formatTable(['AGENT', 'IMAGE', 'TAG', 'SIZE', 'BUILT'], rows));
  if (images.every(({ built }) => built === undefined)) {
    stdout.write("\nRun 'adr build <agent>' to build an image.\n");
  }
  if (runs.length > 0) stdout.write(`\n${formatRuns(runs, env, systemClock.now())}`);
  return 0;
}

function toJson({ built, ...image }: Awaited<ReturnType<typeof listImages>>[number]): unknown {
  return { ...image, built: built ?? null };
}
