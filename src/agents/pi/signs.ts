import type { ScreenSigns } from '../types.ts';

const SPINNER = '[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]';

/** The screen of pi 0.73.1. */
export const piSigns: ScreenSigns = {
  composer: {
    top: '^─{3,}(?: ↑ \\d+ more ─*)?$',
    topIsText: false,
    bottom: '^─{3,}(?: ↓ \\d+ more ─*)?$',
    lead: '^(?!)',
    chrome: [],
    placeholders: [],
    shell: ['^─+\\n!'],
    otherModes: [],
  },
  busy: [{ pattern: `^ ${SPINNER} Working\\.\\.\\.$(?!\\n)`, says: 'model', at: 'above' }],
  retrying: [
    {
      pattern: `^ Error: (.+)\\n+ ${SPINNER} (?:Retrying \\(|Working\\.\\.\\.).*$(?!\\n)`,
      says: '$1',
      at: 'above',
    },
    { pattern: `^ ${SPINNER} Retrying \\(.*$(?!\\n)`, says: 'API error', at: 'above' },
  ],
  tools: [{ pattern: '^ \\$ (.+)\\n(?:[^]*\\n)? Elapsed [\\d.]+s$', says: 'bash: $1', at: 'above' }],
  dialogs: [],
  errors: [{ pattern: '^ Error: (.+)$(?!\\n)', says: '$1', at: 'above' }],
  titles: {},
  noise: [`^ ${SPINNER} .*$`, '^ Elapsed [\\d.]+s$'],
  liveLines: 40,
};
