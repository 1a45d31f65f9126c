import { listImages } from '../../commands/adr/images.ts';
import { openAgentTypes } from '../../config/agent-types.ts';
import { placeRuns } from '../../container/runs.ts';
import { systemClock } from '../../system/clock.ts';
import type { CommandContext } from '../command.ts';
import { findPlaces } from './find-runs.ts';
import { formatTable } from './format-table.ts';
import { openContainerEngine } from './open-engine.ts';
import { formatRuns } from './runs.ts';

/** `adr status`. */
export async function runStatus(context: CommandContext): Promise<number> {
  const { args, env, stdout } = context;
  const places = await findPlaces(context);
  const engine = await openContainerEngine(context);
  const { types } = await openAgentTypes(env).list();
  const [images, placed] = await Promise.all([listImages(engine, types), placeRuns(places)]);
  const runs = placed.map(({ run }) => run);
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
