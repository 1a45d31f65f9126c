import type { ScreenSigns } from '../types.ts';

const BAR = '\\k<bar>┃';

/**
 * The screen of opencode 1.18.33: home screen and conversation. Its leader key (ctrl+x) leaves no trace on the screen.
 */
export const opencodeSigns: ScreenSigns = {
  composer: {
    top: '^(?! *┃(?:  |$))',
    topIsText: false,
    bottom: '^ *╹▀+|^.*▀{4,}.*$',
    frame: 'base',
    block: `^(?<bar> *)┃.*\\n(?<text>${BAR}(?:.*\\n${BAR})*.*)\\n${BAR}\\n${BAR}  \\S.*(?:\\n${BAR}  .*)?$(?!\\n)`,
    lead: '^ *┃ {0,2}',
    chrome: [],
    placeholders: ['^(?:Ask anything|Run a command)…(?: "[^"]*"?)?$(?!\\n)'],
    shell: ['^ *┃  Shell\\b.*\\n.*▀'],
    otherModes: [],
  },
  busy: [{ pattern: '^ +[■⬝]', says: 'model', at: 'below' }],
  retrying: [
    { pattern: '^ {2,4}(?=\\S*[■⬝])(.*(?:\\n.*)?)\\s\\[?retrying in .*#\\d+\\]', says: '$1', at: 'below' },
    { pattern: '^ +[■⬝]+ ?(.+?) \\[retrying\\b', says: '$1', at: 'below' },
  ],
  tools: [{ pattern: '^ +┃  [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (.+)$', says: '$1', at: 'above' }],
  dialogs: [
    {
      kind: 'approval',
      pattern:
        '^ *┃  △ Permission required.*(?:\\n *┃.*)*?\\n *┃  \\$ (.*(?:\\n *┃.*)*?)(?:\\n *┃ *)*(?:\\n *┃ +Allow once.*(?:\\n *┃.*)*)?$(?!\\n)',
      says: '$1',
    },
    {
      kind: 'approval',
      pattern: '^ *┃  △ Permission required.*\\n(?: *┃ *\\n)*( *┃.*)(?:\\n *┃.*)*$(?!\\n)',
      says: '$1',
    },
    {
      kind: 'text',
      pattern: '^ *┃  △ (Reject permission)$(?:\\n *┃.*)*$(?!\\n)',
      says: '$1: what should it do differently?',
    },
    { kind: 'approval', pattern: '^ *┃  △ (Always allow)$(?:\\n *┃.*)*$(?!\\n)', says: '$1' },
    {
      kind: 'choice',
      pattern:
        '^ *┃\\n *┃  (\\S.*(?:\\n *┃  \\S.*)*)\\n *┃\\n(?: *┃.*\\n)*? *┃ .*esc\\b(?: +dismiss\\b.*|.*\\n.*\\bdismiss\\b.*)$(?:\\n *┃.*)*$(?!\\n)',
      says: '$1',
    },
    {
      kind: 'choice',
      pattern: '^ *┃\\n *┃ +(\\S.*\\?.*(?:\\n *┃ +\\S.*)*)\\n *┃\\n *┃  1\\. .*(?:\\n *┃.*)*$(?!\\n)',
      says: '$1',
    },
    {
      kind: 'choice',
      pattern:
        '^(?=.* {4}esc(?: |$))(?:.{0,60}\\S)? {4,}(\\S(?:.*?\\S)?) {4,}esc(?: .*)?\\n.*\\n(?:.*\\S)? {3,}Search(?: .*)?$[^]*',
      says: '$1',
    },
  ],
  errors: [
    {
      pattern:
        '^ +┃\\n\\n +┃\\n +┃  ((?![$#→←✱%⠀-⣿] ?).+(?:\\n +┃  \\S.*)*)\\n +┃\\n\\n +▣ +\\S+ · [^·\\n]+$(?!\\n)',
      says: '$1',
      at: 'above',
    },
  ],
  titles: {},
  noise: ['[■⬝]+', '[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]'],
  liveLines: 40,
  answers: {
    rows: ['^ *┃ {2,}(Allow once) {2,}(Allow always) {2,}(Reject)\\b', '^ *┃ {2,}(Confirm) {2,}(Cancel)\\b'],
    refuse: 'Escape',
    submit: { key: 'Right', page: '^ *┃ +Review\\b[^]*\\besc dismiss' },
    own: { labels: ['^Type your own answer$'], key: 'Enter' },
    input: '^ *┃  △ Reject permission$',
    confirms: '^ *┃  △ Always allow$',
  },
};
