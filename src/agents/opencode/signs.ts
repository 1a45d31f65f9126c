import type { ScreenSigns } from '../types.ts';

/** The screen of opencode 1.18.33. */
export const opencodeSigns: ScreenSigns = {
  composer: {
    top: '^(?! *┃)',
    topIsText: false,
    bottom: '^ *╹▀+',
    lead: '^ *┃ {0,2}',
    chrome: ['^ *┃  \\S+ · .+$(?!\\n)', '^ *┃  Shell$'],
    placeholders: ['^Ask anything… .*$', '^Run a command… .*$', '^Ask anything…$'],
    shell: ['^ *┃  Shell$(?=\\n *╹)'],
    otherModes: [],
  },
  busy: [{ pattern: '^ +[■⬝]+ .*esc interrupt', says: 'model', at: 'below' }],
  retrying: [
    { pattern: '^ +[■⬝]+ (.+?) \\[retrying in .* attempt #\\d+\\] .*esc interrupt', says: '$1', at: 'below' },
  ],
  tools: [{ pattern: '^ +┃  [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (.+)$', says: '$1', at: 'above' }],
  dialogs: [
    {
      kind: 'approval',
      pattern:
        '^ *┃  △ Permission required\\n[^]*?┃  \\$ ([^]*?)\\n[^]*┃ +Allow once +Allow always +Reject[^]*$(?!\\n)',
      says: '$1',
    },
  ],
  errors: [{ pattern: '^ +┃\\n +┃  (.+)\\n +┃\\n\\n +▣ +\\S+ · [^·\\n]+$(?!\\n)', says: '$1', at: 'above' }],
  titles: {},
  noise: ['[■⬝]+', '[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]'],
  liveLines: 40,
};
