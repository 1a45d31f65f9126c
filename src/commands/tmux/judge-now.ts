import { type JudgeTools, judgePanes } from '../../activity/judge-panes.ts';
import { lookAtPanes } from '../../activity/look.ts';
import { findReportFile } from '../../activity/read-reports.ts';
import { formatStore } from '../../activity/store-verdicts.ts';
import type { PaneState } from '../../activity/stored-state.ts';
import type { ObservedPane, ObservedServer } from '../../session/observed.ts';
import { findRunDirectory } from '../../system/paths.ts';
import type { TmuxContext } from './context.ts';

/** What the classifier needs of the outside. */
export function toJudgeTools(context: TmuxContext): JudgeTools {
  return {
    findType: (name) => context.types.findUsable(name),
    findReports: (run) => findReportFile(findRunDirectory(context.env, run)),
  };
}

/** Looks at panes and judges them here and now, by the monitor's own rules, and stores what it finds. By pane id. */
export async function judgeNow(
  context: TmuxContext,
  server: ObservedServer,
  panes: readonly ObservedPane[],
  at: number,
): Promise<ReadonlyMap<string, PaneState>> {
  const looks = await lookAtPanes(
    context.tmux,
    panes.map(({ pane }) => pane),
  );
  const judged = await judgePanes(server, looks.panes, new Map(), at, toJudgeTools(context));
  await context.tmux.batch(judged.map((entry) => formatStore(entry, server.monitor)));
  return new Map(
    judged.map(({ pane, verdict, tracking }) => {
      const { conversation, usage } = tracking.memory.facts;
      return [pane.pane, { ...verdict, lookedAt: at, conversation, usage }];
    }),
  );
}
