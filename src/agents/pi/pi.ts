import type { AgentType } from '../types.ts';
import { prepareLaunch } from './launch.ts';
import { parseReport } from './reports.ts';
import { piSigns } from './signs.ts';

const MB = 1_000_000;
const CONFIG = '.pi/agent';

/** pi 0.73.1. Sessions, logs and downloaded tools of its folder stay outside. */
export const pi: AgentType = {
  name: 'pi',
  title: 'pi',
  binary: 'pi',
  runs: 'anywhere',
  npm: { name: '@mariozechner/pi-coding-agent', version: '0.73.1' },
  configHome: '.pi',
  needsLogin: { command: 'pi, then /login', key: 'ANTHROPIC_API_KEY' },
  config: [
    { path: `${CONFIG}/settings.json`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/models.json`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/auth.json`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/keybindings.json`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/AGENTS.md`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/SYSTEM.md`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/APPEND_SYSTEM.md`, kind: 'file', maxBytes: MB },
    { path: `${CONFIG}/extensions`, kind: 'directory', maxBytes: 20 * MB },
    { path: `${CONFIG}/skills`, kind: 'directory', maxBytes: 20 * MB },
    { path: `${CONFIG}/prompts`, kind: 'directory', maxBytes: 5 * MB },
    { path: `${CONFIG}/themes`, kind: 'directory', maxBytes: MB },
  ],
  conversations: {
    directory: `${CONFIG}/sessions`,
    moved: [
      { variable: 'PI_CODING_AGENT_SESSION_DIR', below: '' },
      { variable: 'PI_CODING_AGENT_DIR', below: 'sessions' },
    ],
    found: 'name',
    redirected: 'link',
    ownWords: ['--session', '--resume', '-r', '--continue', '-c', '--fork', '--no-session', '--session-dir'],
  },
  forwardEnv: [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_OAUTH_TOKEN',
    'OPENAI_API_KEY',
    'OPENROUTER_API_KEY',
    'GEMINI_API_KEY',
    'GROQ_API_KEY',
    'DEEPSEEK_API_KEY',
    'MISTRAL_API_KEY',
    'XAI_API_KEY',
    'ZAI_API_KEY',
    'OPENCODE_API_KEY',
  ],
  // pi trims blanks before it looks for `!` and `/` (0.73.1); a zero-width space stays.
  literalPrefix: '\u200b',
  whileRunning: 'steers',
  hasReporter: true,
  prepareLaunch,
  parseReport,
  signs: piSigns,
};
