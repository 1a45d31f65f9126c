import { chooseBuildTargets } from '../../commands/adr/build.ts';
import { listImages } from '../../commands/adr/images.ts';
import { planUpdate, updateImages } from '../../commands/adr/update.ts';
import type { CommandContext } from '../command.ts';
import { addResult, checkCount, listTypesFor, printProgress, readTag } from './build.ts';
import { openContainerEngine } from './open-engine.ts';

/** `adr update`. */
export async function runUpdate(context: CommandContext): Promise<number> {
  const { args, env, stdout } = context;
  const names = args.list('agent');
  const types = await listTypesFor(names, env);
  const targets = chooseBuildTargets(names, types);
  const tag = readTag(context);
  const engine = await openContainerEngine(context);
  const plan = planUpdate(await listImages(engine, types), {
    targets,
    named: names.length > 0,
    tag,
    fallbackTag: env.ADR_TAG ?? 'latest',
  });
  for (const name of plan.skipped) stdout.write(`Skipping ${name} (not built)\n`);
  if (plan.tags.length === 0) {
    stdout.write("No images to update. Run 'adr build <agent>' to build an image.\n");
    return 0;
  }
  let count = { succeeded: 0, failed: 0 };
  let removed = 0;
  for await (const progress of updateImages(engine, plan)) {
    if ('removed' in progress) {
      removed = progress.removed;
      continue;
    }
    printProgress(stdout, progress);
    count = addResult(count, progress);
  }
  if (removed > 0) stdout.write(`Removed ${removed} old image${removed === 1 ? '' : 's'}.\n`);
  const failed = count.failed > 0 ? `, ${count.failed} failed` : '';
  stdout.write(`Update summary: ${count.succeeded} rebuilt, ${plan.skipped.length} skipped${failed}.\n`);
  checkCount(count, 'rebuilt');
  return 0;
}
