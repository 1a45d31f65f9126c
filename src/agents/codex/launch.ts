import { REPORTS_VARIABLE } from '../reporter-line.ts';
import type { Launch, LaunchRequest } from '../types.ts';
import { buildHookOptions } from './hooks.ts';

/**
 * Command lines of Codex (tried with 0.169.0). `--no-daemon` belongs to the program, before `exec`, which does
 * not know it; without it a background server stays behind. `exec` has no `--ask-for-approval`.
 */
export function prepareLaunch(request: LaunchRequest): Launch {
  const reports = request.reports;
  return {
    argv: [
      'codex',
      '--no-daemon',
      ...chooseMode(request),
      ...(request.approvals === 'never' ? ['-s', 'danger-full-access', '-c', 'approval_policy="never"'] : []),
      ...(request.place === 'container' ? answerDialogs(request) : []),
      ...(reports === undefined ? [] : buildHookOptions()),
      ...(request.model === undefined ? [] : ['-m', request.model]),
      ...(request.conversation === undefined ? [] : [request.conversation]),
      ...request.args,
      ...(request.mode === 'interactive' ? [] : ['-']),
    ],
    env: reports === undefined ? {} : { [REPORTS_VARIABLE]: reports },
    stdin: request.mode === 'interactive' ? undefined : request.prompt,
    assets: [],
    config: [],
  };
}

function chooseMode(request: LaunchRequest): readonly string[] {
  if (request.mode === 'interactive') return request.conversation === undefined ? [] : ['resume'];
  return ['exec', '--skip-git-repo-check', ...(request.mode === 'headless-json' ? ['--json'] : [])];
}

/** As options, because a copy of config.toml would have to be parsed to be changed. */
function answerDialogs(request: LaunchRequest): readonly string[] {
  const trust = `projects={${JSON.stringify(request.workspace)}={trust_level="trusted"}}`;
  return ['-c', trust, '-c', 'check_for_update_on_startup=false'];
}
