import type { ScreenSigns } from '../types.ts';

/** The screen of codex 0.169.0. */
export const codexSigns: ScreenSigns = {
  composer: {
    top: '^[›!](?: |$)',
    topIsText: true,
    bottom: '^$',
    block: '^[›!](?: .*)?(?:\\n  .*|\\n)*$(?!\\n)',
    footer: '^  \\S',
    lead: '^(?:[›!] ?|  )',
    chrome: [],
    placeholders: ['^Ask Codex to do anything$'],
    shell: ['^!'],
    otherModes: [],
  },
  busy: [{ pattern: '^[•◦] \\S.* \\((?:\\d+[hms] ?)+ • esc to interrupt\\).*$', says: 'model', at: 'above' }],
  retrying: [
    {
      pattern: '^[•◦] .*reconnecting \\d+/\\d+ .*\\n  └ .*last status: (\\d+[^,]*).*$',
      says: '$1',
      at: 'above',
    },
    { pattern: '^[•◦] .*reconnecting (\\d+/\\d+) .*$', says: 'API error', at: 'above' },
  ],
  tools: [
    {
      pattern: '^[•◦] .*esc to interrupt\\) · (\\d+ background terminals?) running.*$',
      says: '$1',
      at: 'above',
    },
  ],
  dialogs: [
    {
      kind: 'approval',
      pattern:
        '^  Would you like to [^]*?\\n  \\$ ([^]*?)\\n\\n\\n?[› ] 1\\. Yes[^]*\\n  Press enter to confirm or esc to cancel$(?!\\n)',
      says: '$1',
    },
  ],
  errors: [{ pattern: '^■ (.+)$(?!\\n)', says: '$1', at: 'above' }],
  titles: { busy: '^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] ', asking: '^\\[ [!.] \\] Action Required' },
  noise: ['^[•◦] .*esc to interrupt\\).*$'],
  liveLines: 6,
};
