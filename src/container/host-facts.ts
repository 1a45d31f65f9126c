import type { Environment } from '../system/paths.ts';
import type { RunProcess } from '../system/process.ts';

/** The git identity the user has in the workspace, as variables; empty where there is none. */
export async function readGitIdentity(
  run: RunProcess,
  env: Environment,
  workspace: string,
): Promise<Readonly<Record<string, string>>> {
  const result = await run('git', ['config', '--null', '--get-regexp', '^user\\.(name|email)$'], {
    env,
    cwd: workspace,
    timeoutMs: 5000,
  });
  const values = new Map(
    result.stdout.split('\0').map((entry): [string, string] => {
      const [key = '', ...value] = entry.split('\n');
      return [key.toLowerCase(), value.join('\n')];
    }),
  );
  const name = values.get('user.name');
  const email = values.get('user.email');
  return {
    ...(name ? { GIT_AUTHOR_NAME: name, GIT_COMMITTER_NAME: name } : {}),
    ...(email ? { GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_EMAIL: email } : {}),
  };
}

/** The name of the user's time zone: `TZ`, else the system's. */
export function findTimeZone(env: Environment): string {
  return env.TZ || Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
