import { parseHookReport } from '../hook-reports.ts';
import type { AgentType } from '../types.ts';
import { prepareLaunch } from './launch.ts';
import { claudeSigns } from './signs.ts';

const MB = 1_000_000;

/** Claude Code. 2.1.197 is the last version that npm installs on Node 20. */
export const claude: AgentType = {
  name: 'claude',
  title: 'Claude Code',
  binary: 'claude',
  runs: 'anywhere',
  npm: { name: '@anthropic-ai/claude-code', version: '2.1.197' },
  configHome: '.claude',
  needsLogin: { command: 'claude /login', key: 'ANTHROPIC_API_KEY' },
  login: { path: '.claude/.credentials.json', directoryVariable: 'CLAUDE_SECURESTORAGE_CONFIG_DIR' },
  config: [
    { path: '.claude.json', kind: 'file', maxBytes: 10 * MB },
    { path: '.claude/settings.json', kind: 'file', maxBytes: MB },
    { path: '.claude/.credentials.json', kind: 'file', maxBytes: MB },
    { path: '.claude/CLAUDE.md', kind: 'file', maxBytes: MB },
    { path: '.claude/agents', kind: 'directory', maxBytes: 5 * MB },
    { path: '.claude/commands', kind: 'directory', maxBytes: 5 * MB },
    { path: '.claude/output-styles', kind: 'directory', maxBytes: MB },
    { path: '.claude/skills', kind: 'directory', maxBytes: 20 * MB },
  ],
  conversations: {
    directory: '.claude/projects',
    moved: [{ variable: 'CLAUDE_CONFIG_DIR', below: 'projects' }],
    found: 'name',
    redirected: 'link',
    ownWords: ['--resume', '-r', '--continue', '-c', '--session-id', '--from-pr'],
  },
  forwardEnv: [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_BASE_URL',
    'ANTHROPIC_MODEL',
    'CLAUDE_CODE_OAUTH_TOKEN',
  ],
  whileRunning: 'queues',
  hasReporter: true,
  prepareLaunch,
  parseReport: parseHookReport,
  signs: claudeSigns,
};
