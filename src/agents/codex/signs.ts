import type { ScreenSigns } from '../types.ts';

const WORKING = '^[•◦] \\S.* \\((?:(?:\\d+[hms] ?)+(?:•|…).*|…)$';
/** What may stand between the status line and the composer: its details, prompts that wait. */
const BELOW_WORKING = '(?:\\n(?!  Worked for )(?:  .*|• (?:Messages to be|Queued) .*)?)*$(?!\\n)';
const CONFIRM = '^  Press\\s+enter\\s+to\\s+confirm\\s+or\\s+esc\\s+to\\s+(?:cancel|go\\s+back)$(?!\\n)';

/** The last paragraph above a list without blank lines, in which one is marked: what a selector asks. A preview may follow. */
const ASKED =
  '^  (\\S.*(?:\\n  \\S.*)*)\\n\\n+(?:  Type to .*\\n)?(?=(?:.+\\n)*?› )(?:[›↑↓ ].*\\n)+(?:\\n(?:  .+\\n)+)?\\n*';
const SELECT = '  enter \\w+ · esc \\w+.*$(?!\\n)';

/** The screen of codex 0.169.0. While it streams a reply, only the title says that it is at work. */
export const codexSigns: ScreenSigns = {
  composer: {
    top: '^[›!](?: |$)',
    topIsText: true,
    bottom: '^$',
    block: '(?<![^])[›!](?: .*)?(?:\\n(?:  .*)?)*$(?!\\n)',
    footer:
      '^$(?!\\n)|^  \\S.* · (?:~|/|…).*|^  (?:reverse-i-search:|Browsing · |tab to queue|esc again|\\? / esc|\\? for shortcuts)',
    lead: '^(?:[›!] ?|  )',
    chrome: [],
    placeholders: ['^(?:Ask Codex to do anything|Ask a follow-up question)(?:\\n\\n[^]*)?$(?!\\n)'],
    shell: ['^!'],
    otherModes: ['^  reverse-i-search:', '^  Browsing · ', '\\bVim: (?!Insert|Normal)\\w+'],
  },
  busy: [{ pattern: WORKING + BELOW_WORKING, says: 'model', at: 'above' }],
  retrying: [
    {
      pattern: '^[•◦] .*[Rr]econnecting\\S* \\d+/\\d+ .*\\n  └ [^]*?\\bstatus:?\\s+(\\d+[^,:]*)[,:]',
      says: '$1',
      at: 'above',
    },
    {
      pattern: `^[•◦] (.*[Rr]econnecting)\\S* (?:\\d+/\\d+|waiting) .*${BELOW_WORKING}`,
      says: '$1',
      at: 'above',
    },
  ],
  tools: [
    {
      pattern: '^• Running (\\S.*)$(?=[^•]*^[•◦] \\S.* \\((?:\\d+[hms] ?)+(?:•|…))',
      says: '$1',
      at: 'above',
    },
    { pattern: '^[•◦] \\S.*esc to interrupt\\) · (\\d+ b.*?)(?: running.*)?$', says: '$1', at: 'above' },
  ],
  dialogs: [
    {
      kind: 'trust',
      pattern:
        '^  (Trust this folder\\?)(?:.*\\n)(?:[^]*\\n)?[› ] \\d\\. [^]*\\n  enter continue · esc \\S.*$(?!\\n)',
      says: '$1',
    },
    {
      kind: 'login',
      pattern: '^  Welcome to Codex.*\\n+  (\\S.*)\\n[^]*^  Press \\w+ to \\w+$(?!\\n)',
      says: '$1',
    },
    { kind: 'login', pattern: '^> \\d\\. (Sign in .*)\\n[^]*^  Press \\w+ to \\w+$(?!\\n)', says: '$1' },
    {
      kind: 'approval',
      pattern: `^  Would\\s+you\\s+like\\s+to\\s[^]*?^  \\$ ([^]*?)(?:\\n *↑)?\\n\\s*^[› ] \\d\\. [^]*${CONFIRM}`,
      says: '$1',
    },
    { kind: 'approval', pattern: `^  (Would\\s+you\\s+like\\s+to\\s[^]*?\\?)$[^]*${CONFIRM}`, says: '$1' },
    { kind: 'choice', pattern: `${ASKED}${CONFIRM}`, says: '$1' },
    { kind: 'choice', pattern: `${ASKED}${SELECT}`, says: '$1' },
    { kind: 'choice', pattern: `^  (\\S[^\\n]*)\\n(?:[^]*\\n)?[› ] \\d\\. [^]*${CONFIRM}`, says: '$1' },
    { kind: 'choice', pattern: `^(?:↑.*|[› ] .*)\\n(?:.+\\n)*\\n*${SELECT}`, says: '' },
    {
      kind: 'choice',
      pattern:
        '^ (Resume a previous session|Fork a previous session)$[^]*^ enter (?:resume|fork) .*(?:\\n .*)*$(?!\\n)',
      says: '$1',
    },
    {
      kind: 'choice',
      pattern: '^ enter (?:resume|fork) .*\\besc exit.*(?:\\n .*)*$(?!\\n)',
      says: 'sessions',
    },
  ],
  errors: [
    {
      pattern: '^■ (?!Conversation interrupted)(.+(?:\\n.+)*)(?:\\n+  \\d+ background .*)?$(?!\\n)',
      says: '$1',
      at: 'above',
    },
  ],
  views: [
    { pattern: '^  \\? help  esc back  .*$(?!\\n)', says: 'agents' },
    { pattern: '^  k keep & next · esc dismiss.*(?:\\n .*)*$(?!\\n)', says: 'warnings' },
    { pattern: '^─+ +\\d+% ─\\n ↑/↓ to scroll.*(?:\\n .*)*$(?!\\n)', says: 'pager' },
  ],
  streams: '^(?:• (?!Ran |Running |Explored|Messages |Queued )|  (?![└│]|Worked for |\\d+ background ))\\S',
  titles: { busy: '^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] ', asking: '^\\[ [!.] \\] Action Required' },
  noise: [WORKING, '^  └ Tip: .*(?:\\n    .*)*', '⚠ .*$'],
  liveLines: 200,
  answers: { refuse: 'Escape' },
};
