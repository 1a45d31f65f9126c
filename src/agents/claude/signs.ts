import type { ScreenSigns } from '../types.ts';

/** The screen of Claude Code 2.1.197. */
export const claudeSigns: ScreenSigns = {
  composer: {
    top: '^─{8,}$',
    topIsText: false,
    bottom: '^─{8,}$',
    block: '^[❯!](?:[\\u00a0 ].*)?(?:\\n  .*|\\n)*$(?!\\n)',
    lead: '^(?:[❯!][\\u00a0 ]?|  )',
    chrome: [],
    placeholders: ['^Try "[^]*$'],
    shell: ['^─+\\n!'],
    otherModes: [],
  },
  busy: [
    { pattern: '^[·✢✳✶✻✽*] (\\S.*?…)(?: \\(.*)?$', says: 'model', at: 'above' },
    { pattern: '(?:^  |· )esc to interrupt(?: ·|$)', says: 'model', at: 'below' },
  ],
  retrying: [{ pattern: '^[·✢✳✶✻✽*] (.+?) · Retrying in .*· attempt \\d+/\\d+$', says: '$1', at: 'above' }],
  tools: [{ pattern: '^[● ] (\\w+)\\((.+)\\)\\n  ⎿  Running…', says: '$1: $2', at: 'above' }],
  dialogs: [
    {
      kind: 'approval',
      pattern:
        '^─{8,}\\n (?:\\S.* command)\\n\\n([^]*?)\\n\\n Do you want to [^]*?\\n [❯ ] 1\\. Yes[^]*\\n Esc to cancel[^\\n]*$(?!\\n)',
      says: '$1',
    },
  ],
  errors: [{ pattern: '^(?:●|  ⎿)  ?(API Error.*)$', says: '$1', at: 'above' }],
  titles: { busy: '^[⠁-⣿] ' },
  noise: [
    '^[·✢✳✶✻✽*] .*…(?: \\(.*)?$',
    '^[·✢✳✶✻✽*] .*Retrying in.*$',
    '^  ⎿  Running… \\(.*\\)$',
    '^[● ] (?=\\w+\\()',
  ],
  liveLines: 30,
};
