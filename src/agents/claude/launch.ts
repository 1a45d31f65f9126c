import { REPORTS_VARIABLE } from '../reporter-line.ts';
import type { Launch, LaunchRequest } from '../types.ts';
import { answerDialogs } from './answers.ts';
import { buildReporterPlugin, HOOKS_FILE, PLUGIN_FOLDER } from './reporter.ts';

/** Command lines of Claude Code (tried with 2.1.197). */
export function prepareLaunch(request: LaunchRequest): Launch {
  const reports = request.reports;
  return {
    argv: [
      'claude',
      ...chooseMode(request),
      ...(request.conversation === undefined ? [] : ['--resume', request.conversation]),
      ...(request.approvals === 'never' ? ['--dangerously-skip-permissions'] : []),
      ...(request.model === undefined ? [] : ['--model', request.model]),
      ...(reports === undefined ? [] : chooseReporter(request)),
      ...request.args,
    ],
    env: {
      ...(request.place === 'container' ? { DISABLE_AUTOUPDATER: '1' } : {}),
      // As root it refuses to skip permissions unless it is told that it is confined.
      ...(request.place === 'container' && request.uid === 0 ? { IS_SANDBOX: '1' } : {}),
      ...(reports === undefined ? {} : { [REPORTS_VARIABLE]: reports }),
    },
    stdin: request.mode === 'interactive' ? undefined : request.prompt,
    assets: reports === undefined ? [] : buildReporterPlugin(request.assets),
    config: request.place === 'container' ? answerDialogs(request) : [],
  };
}

function chooseMode(request: LaunchRequest): readonly string[] {
  if (request.mode === 'interactive') return [];
  if (request.mode === 'headless') return ['--print'];
  return ['--print', '--output-format', 'stream-json', '--verbose'];
}

/**
 * A second `--settings` silently replaces the first. Where the user passes one, ours come as a plugin instead,
 * which leaves a line of usage in `~/.claude.json` and is therefore not the first choice.
 */
function chooseReporter(request: LaunchRequest): readonly string[] {
  const hasSettings = request.args.some((arg) => arg === '--settings' || arg.startsWith('--settings='));
  if (hasSettings) return ['--plugin-dir', `${request.assets}/${PLUGIN_FOLDER}`];
  return ['--settings', `${request.assets}/${HOOKS_FILE}`];
}
