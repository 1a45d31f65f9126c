import { REPORTS_VARIABLE } from '../reporter-line.ts';
import type { Launch, LaunchRequest } from '../types.ts';
import { PI_REPORTER } from './reporter.ts';

const REPORTER_FILE = 'pi-reporter.ts';

/**
 * Command lines of pi (tried with 0.73.1). It never asks, so `approvals` changes nothing; it knows no `--`, so a
 * headless prompt must come by stdin.
 */
export function prepareLaunch(request: LaunchRequest): Launch {
  const reports = request.reports;
  return {
    argv: [
      'pi',
      ...chooseMode(request),
      ...(request.conversation === undefined ? [] : ['--session', request.conversation]),
      ...chooseModel(request.model),
      ...(reports === undefined ? [] : ['-e', `${request.assets}/${REPORTER_FILE}`]),
      ...request.args,
    ],
    env: {
      ...(request.place === 'container' ? { PI_SKIP_VERSION_CHECK: '1', PI_TELEMETRY: '0' } : {}),
      ...(reports === undefined ? {} : { [REPORTS_VARIABLE]: reports }),
    },
    stdin: request.mode === 'interactive' ? undefined : request.prompt,
    assets: reports === undefined ? [] : [{ path: REPORTER_FILE, content: PI_REPORTER }],
    config: [],
  };
}

function chooseMode(request: LaunchRequest): readonly string[] {
  if (request.mode === 'interactive') return [];
  return request.mode === 'headless' ? ['--print'] : ['--print', '--mode', 'json'];
}

/** `provider/model`: the provider ends at the first slash, the model may hold more of them. */
function chooseModel(model: string | undefined): readonly string[] {
  if (model === undefined) return [];
  const slash = model.indexOf('/');
  if (slash <= 0) return ['--model', model];
  return ['--provider', model.slice(0, slash), '--model', model.slice(slash + 1)];
}
