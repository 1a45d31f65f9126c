import { join } from 'node:path';
import { findGitGuard, type GitGuard } from '../../container/git-guard.ts';
import type { BindMount } from '../../container/spec.ts';
import { describePath } from '../../system/files.ts';
import { isLink } from '../../system/links.ts';
import { CONTAINER_REPORTS, type PreparedRun } from './prepare-run.ts';

/** What a container sees of the host, and what git's part of it needs before and after the run. */
export interface MountPlan {
  readonly mounts: readonly BindMount[];
  /** Undefined: the user wants no protection. */
  readonly guard: GitGuard | undefined;
}

/**
 * The workspace, its git configuration, hooks and project file read-only, the reports, the user's own mounts (which
 * win over ours inside the workspace). Throws REFUSED.
 */
export async function planMounts({ settings, identity, claimed, tree }: PreparedRun): Promise<MountPlan> {
  const workspace = tree?.path ?? identity.workspace;
  const guard = settings['protect-git'] ? await findGitGuard(workspace) : undefined;
  const projectFile = join(workspace, '.adr');
  // The one in a tree counts for nobody.
  const keepsProjectFile =
    !tree && (await describePath(projectFile)) === 'file' && !(await isLink(projectFile));
  const inside: readonly BindMount[] = [
    ...(guard?.mounts ?? []),
    ...(keepsProjectFile ? [{ source: projectFile, target: '/workspace/.adr', readOnly: true }] : []),
  ];
  const taken = new Set(settings.mounts.map(({ target }) => target));
  return {
    guard,
    mounts: [
      { source: workspace, target: '/workspace', readOnly: false },
      ...(tree?.objects ?? []).map((path) => ({ source: path, target: path, readOnly: true })),
      ...inside.filter(({ target }) => !taken.has(target)),
      ...(settings.reports
        ? [{ source: claimed.directory, target: CONTAINER_REPORTS, readOnly: false }]
        : []),
      ...settings.mounts,
    ],
  };
}
