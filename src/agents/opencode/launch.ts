import { pathToFileURL } from 'node:url';
import { AdrError } from '../../errors.ts';
import { type Body, readBody, readList } from '../report-body.ts';
import { REPORTS_VARIABLE } from '../reporter-line.ts';
import type { Launch, LaunchRequest } from '../types.ts';
import { OPENCODE_REPORTER } from './reporter.ts';

const REPORTER_FILE = 'opencode-reporter.js';
const CONTENT = 'OPENCODE_CONFIG_CONTENT';

/** Command lines of OpenCode (tried with 1.18.33): the plugin comes by environment, the prompt by stdin. */
export function prepareLaunch(request: LaunchRequest): Launch {
  const reports = request.reports;
  const content = extendConfig(request);
  return {
    argv: [
      'opencode',
      ...chooseMode(request),
      // Grants what is not explicitly denied.
      ...(request.approvals === 'never' ? ['--auto'] : []),
      ...(request.conversation === undefined ? [] : ['--session', request.conversation]),
      ...(request.model === undefined ? [] : ['--model', request.model]),
      ...request.args,
    ],
    env: {
      ...(request.place === 'container'
        ? { OPENCODE_DISABLE_AUTOUPDATE: 'true', OPENCODE_DISABLE_LSP_DOWNLOAD: 'true' }
        : {}),
      ...(request.transcripts === undefined ? {} : { OPENCODE_DB: `${request.transcripts}/opencode.db` }),
      ...(content === undefined ? {} : { [CONTENT]: content }),
      ...(reports === undefined ? {} : { [REPORTS_VARIABLE]: reports }),
    },
    stdin: request.mode === 'interactive' ? undefined : request.prompt,
    assets: reports === undefined ? [] : [{ path: REPORTER_FILE, content: OPENCODE_REPORTER }],
    config: request.place === 'container' ? declareInstalled(request) : [],
  };
}

const CONFIG = '.config/opencode';
const LIBRARY = '@opencode-ai/plugin';
/** The user's own code, which may import the library, and what says that it is there. */
const OWN_CODE = /^\.config\/opencode\/(?:(?:plugin|tool)s?\/|package(?:-lock)?\.json$|node_modules\/)/;

/**
 * At every start in a new HOME OpenCode (1.18.33) fetches the library for plugins, 63 MB from npm, and with a plugin,
 * ours included, shows nothing until it is there. It believes a lock file that names it; ours does without.
 */
function declareInstalled({ configPaths = [] }: LaunchRequest): Launch['config'] {
  if (configPaths.some((path) => OWN_CODE.test(path))) return [];
  const packages = { '': { dependencies: { [LIBRARY]: '*' } } };
  return [
    { path: `${CONFIG}/package-lock.json`, content: JSON.stringify({ lockfileVersion: 3, packages }) },
    { path: `${CONFIG}/node_modules/.keep`, content: '' },
  ];
}

function chooseMode(request: LaunchRequest): readonly string[] {
  if (request.mode === 'interactive') return [];
  return ['run', ...(request.mode === 'headless-json' ? ['--format', 'json'] : [])];
}

/** What is added to the user's own config, or undefined when nothing is. */
function extendConfig(request: LaunchRequest): string | undefined {
  const additions: Body = {
    ...(request.place === 'container' ? { autoupdate: false } : {}),
    ...(request.reports === undefined
      ? {}
      : { plugin: [pathToFileURL(`${request.assets}/${REPORTER_FILE}`).href] }),
  };
  if (Object.keys(additions).length === 0) return undefined;
  const own = readOwnConfig(request.env[CONTENT]);
  const plugin = [...readList(own.plugin), ...readList(additions.plugin)];
  return JSON.stringify({ ...own, ...additions, ...(plugin.length === 0 ? {} : { plugin }) });
}

function readOwnConfig(text: string | undefined): Body {
  if (text === undefined || text.trim() === '') return {};
  try {
    return readBody(JSON.parse(text));
  } catch (cause) {
    throw new AdrError('CONFIG_INVALID', `${CONTENT} is not plain JSON`, {
      hint: `correct or unset ${CONTENT}; comments are not allowed in it here`,
      cause,
    });
  }
}
