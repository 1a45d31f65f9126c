import type { AgentType, Launch, LaunchRequest } from '../types.ts';
import { parseDemoReport } from './reports.ts';
import { demoSigns } from './signs.ts';

/** The pretend agent that comes with adr: a screen like a real one, no model, no keys, nothing is run. */
export const demo: AgentType = {
  name: 'demo',
  title: 'Demo agent',
  binary: 'adr-demo-agent',
  runs: 'host-only',
  config: [],
  conversations: {
    directory: '.adr-demo-agent',
    moved: [],
    found: 'name',
    redirected: 'launch',
    ownWords: ['--resume'],
  },
  forwardEnv: ['ADR_DEMO_START_MS', 'ADR_DEMO_THINK_MS', 'ADR_DEMO_WORD_MS', 'NO_COLOR'],
  whileRunning: 'queues',
  hasReporter: true,
  prepareLaunch,
  parseReport: parseDemoReport,
  signs: demoSigns,
};

function prepareLaunch(request: LaunchRequest): Launch {
  const approvals = request.approvals === 'never' ? ['--approvals', 'never'] : [];
  const resume = request.conversation === undefined ? [] : ['--resume', request.conversation];
  const headless = {
    interactive: [],
    headless: ['--print'],
    'headless-json': ['--print', '--json'],
  }[request.mode];
  return {
    argv: [demo.binary, ...approvals, ...headless, ...resume, ...request.args],
    env: {
      ...(request.reports === undefined ? {} : { ADR_REPORTS: request.reports }),
      ...(request.transcripts === undefined ? {} : { ADR_DEMO_TRANSCRIPTS: request.transcripts }),
    },
    stdin: request.mode === 'interactive' ? undefined : request.prompt,
    assets: [],
    config: [],
  };
}
