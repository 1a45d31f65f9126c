import type { AgentType } from '../types.ts';
import { prepareLaunch } from './launch.ts';
import { parseReport } from './reports.ts';
import { opencodeSigns } from './signs.ts';

const MB = 1_000_000;
const CONFIG = '.config/opencode';

/** OpenCode 1.18.33. */
export const opencode: AgentType = {
  name: 'opencode',
  title: 'OpenCode',
  binary: 'opencode',
  runs: 'anywhere',
  npm: { name: 'opencode-ai', version: '1.18.33' },
  configHome: '.config/opencode',
  config: [
    { path: `${CONFIG}/opencode.json`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/opencode.jsonc`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/config.json`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/tui.json`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/AGENTS.md`, kind: 'file', maxBytes: MB },
    // Both the old and the new name of each folder are read.
    ...[
      'agent',
      'agents',
      'command',
      'commands',
      'plugin',
      'plugins',
      'skill',
      'skills',
      'tool',
      'tools',
    ].map((folder) => ({ path: `${CONFIG}/${folder}`, kind: 'directory' as const, maxBytes: 5 * MB })),
    { path: `${CONFIG}/themes`, kind: 'directory', maxBytes: MB },
    { path: '.local/share/opencode/auth.json', kind: 'file', maxBytes: MB },
  ],
  // One database; the logins stand beside it, so it is moved alone.
  conversations: {
    directory: '.local/share/opencode',
    moved: [
      { variable: 'OPENCODE_DB', below: '..' },
      { variable: 'XDG_DATA_HOME', below: 'opencode' },
    ],
    found: 'content',
    files: '^[^/]+\\.db(?:-wal)?$',
    redirected: 'launch',
    ownWords: ['--session', '-s', '--continue', '-c', '--fork'],
  },
  forwardEnv: [
    'OPENCODE_API_KEY',
    'OPENCODE_CONFIG_CONTENT',
    'ANTHROPIC_API_KEY',
    'OPENAI_API_KEY',
    'OPENROUTER_API_KEY',
    'GEMINI_API_KEY',
    'GOOGLE_GENERATIVE_AI_API_KEY',
    'GROQ_API_KEY',
    'DEEPSEEK_API_KEY',
    'MISTRAL_API_KEY',
    'XAI_API_KEY',
  ],
  // The first asks, the second stops (1.18.33).
  interruptKeys: ['Escape', 'Escape'],
  whileRunning: 'queues',
  hasReporter: true,
  prepareLaunch,
  parseReport,
  signs: opencodeSigns,
};
