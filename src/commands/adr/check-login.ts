import type { Engine } from '../../container/engine.ts';
import { findMissingLogin, hasWorkspaceConfig } from '../../container/missing-login.ts';
import { findSharedLogin } from '../../container/shared-login.ts';
import type { AdrError } from '../../errors.ts';
import { chooseImage } from './plan-container.ts';
import type { PreparedRun } from './prepare-run.ts';

/**
 * AUTH_REQUIRED for a container run whose agent certainly cannot log in; undefined: it can, or nobody can tell. The
 * image must be there.
 */
export async function checkLogin(prepared: PreparedRun, engine: Engine): Promise<AdrError | undefined> {
  const { type, settings, claimed, identity, config, gaveWords } = prepared;
  // The folder of a shared login may be a link out of HOME, which that of other configuration may not.
  if (!type.needsLogin || (await findSharedLogin(type, claimed.env))) return undefined;
  return findMissingLogin({
    type,
    env: claimed.env,
    config,
    imageVariables: await engine.listImageVariables(chooseImage(prepared).name),
    gaveMore:
      gaveWords ||
      settings.image !== undefined ||
      settings.env.length > 0 ||
      settings['config-dir'] !== undefined,
    mountTargets: settings.mounts.map(({ target }) => target),
    workspaceConfigures: await hasWorkspaceConfig(type, identity.workspace),
  });
}
