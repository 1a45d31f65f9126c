import type { ScreenSigns } from '../types.ts';

const spinner = '^[◐◓◑◒]';
const seconds = '… \\(\\d+s · esc(?: to interrupt)?\\)$(?!\\n)';

/**
 * How the demo agent's screen is read. Rules, marks and questions start in column 0 and said text never does;
 * spinner and error are the last lines above the composer.
 */
export const demoSigns: ScreenSigns = {
  composer: {
    top: '^─{10,}$',
    topIsText: false,
    bottom: '^─{10,}$',
    block: '^[▸!](?: |$)',
    lead: '^(?:[▸!] ?|  )',
    chrome: [],
    placeholders: [
      '^Ask demo anything, or try /help$',
      '^Ask demo[^…\\n]*…$',
      '^a shell command, only pretended$',
    ],
    shell: ['^!(?: |$)'],
    otherModes: [],
  },
  busy: [
    { pattern: `${spinner} Working${seconds}`, says: 'model', at: 'above' },
    { pattern: `${spinner} Running (.*?)${seconds}`, says: 'Shell: $1', at: 'above' },
  ],
  retrying: [
    {
      pattern: `^! Retrying \\d+/\\d+ in \\d+s: (.+)\\n${spinner} Working${seconds}`,
      says: '$1',
      at: 'above',
    },
  ],
  tools: [{ pattern: `${spinner} Running (.*?)${seconds}`, says: 'Shell: $1', at: 'above' }],
  dialogs: [
    {
      kind: 'approval',
      pattern:
        '^\\? Allow this command: (.+)\\n(?:    .*\\n)*\\n[▸ ] 1\\. Yes\\n[▸ ] 2\\. No\\n\\n  1 yes .*$(?!\\n)',
      says: '$1',
    },
  ],
  errors: [{ pattern: '^✖ (.+(?:\\n  .+)*)$(?!\\n)', says: '$1', at: 'above' }],
  titles: { busy: '^[◐◓◑◒] demo$', asking: '^◆ demo: needs an answer$', idle: '^◇ demo$' },
  noise: [spinner, '\\(\\d+s · esc', 'in \\d+s:'],
  liveLines: 9,
};
