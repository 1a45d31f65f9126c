import { parseHookReport } from '../hook-reports.ts';
import type { AgentType } from '../types.ts';
import { prepareLaunch } from './launch.ts';
import { codexSigns } from './signs.ts';

const MB = 1_000_000;

/** Codex CLI 0.169.0. Its folder holds a daemon, sessions and logs of hundreds of MB: only these files enter. */
export const codex: AgentType = {
  name: 'codex',
  title: 'Codex',
  binary: 'codex',
  runs: 'anywhere',
  npm: { name: '@openai/codex', version: '0.169.0' },
  configHome: '.codex',
  needsLogin: { command: 'codex login', key: 'CODEX_API_KEY' },
  login: { path: '.codex/auth.json' },
  config: [
    { path: '.codex/config.toml', kind: 'file', maxBytes: MB },
    { path: '.codex/auth.json', kind: 'file', maxBytes: MB },
    { path: '.codex/AGENTS.md', kind: 'file', maxBytes: MB },
    { path: '.codex/prompts', kind: 'directory', maxBytes: 5 * MB },
    { path: '.codex/rules', kind: 'directory', maxBytes: MB },
    { path: '.codex/skills', kind: 'directory', maxBytes: 20 * MB },
  ],
  conversations: {
    directory: '.codex/sessions',
    moved: [{ variable: 'CODEX_HOME', below: 'sessions' }],
    found: 'name',
    redirected: 'link',
    ownWords: ['resume', 'fork'],
  },
  forwardEnv: ['CODEX_API_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'],
  whileRunning: 'steers',
  hasReporter: true,
  prepareLaunch,
  parseReport: parseHookReport,
  signs: codexSigns,
};
