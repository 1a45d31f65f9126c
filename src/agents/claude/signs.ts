import type { ScreenSigns } from '../types.ts';

const SPINNER = '[·✢✳✶✻✽*]';
const FAILURE = '(?:API Error|Please run /login|Credit balance)';
/** What stands below a turn that is over. */
const DONE = `\\n+${SPINNER} \\S+ for .*`;
/** The paragraph of keys that ends a dialog. */
const KEYS =
  '(?<=\\n\\n) {0,4}(?=\\S)(?:(?!\\n\\n|^─{8,}$)[^])*?\\b[Ee]sc\\s+to\\s+(?:cancel|clear|close|exit|go\\s+back)(?:(?!\\n\\n|^─{8,}$)[^])*$(?!\\n)';

/** The options of a plan's approval, and the line of keys below them. */
const PLAN_OPTIONS =
  '(?:\\bproceed\\?\\n\\n [❯ ] 1\\. |^ [❯ ] \\d\\. Yes, manually approve )(?:(?!^ ctrl\\+g)[^])*^ ctrl\\+g to\\b(?:(?!\\n\\n)[^])*$(?!\\n)';

/** The screen of Claude Code 2.1.197: what it draws itself stands in column 0 and 1, what the model wrote never does. */
export const claudeSigns: ScreenSigns = {
  composer: {
    top: '^─{8,}(?: .+ ─+)?$',
    topIsText: false,
    bottom: '^─{8,}$',
    frame: 'rules',
    block: '(?<![^])[❯!](?: .*)?(?:\\n(?:  .*)?)*$(?!\\n)',
    clipped: '(?<![^])(?:[❯!](?: .*)?|  .*)(?:\\n(?:  .*)?)*$(?!\\n)',
    footer: '^(?![^]*(?:Showing detailed transcript|^  Resume session|\\n\\n))',
    lead: '^(?:[❯!] ?|  )',
    chrome: [],
    placeholders: ['^Try "[^]*"$(?!\\n)', '^Press up to edit queued messages$(?!\\n)'],
    shell: ['^─+\\n!', '^  ! for shell mode$'],
    otherModes: ['^  search (?:prompts:| .*\\n  prompts:)', '^  -- VISUAL'],
  },
  busy: [
    { pattern: `^${SPINNER} \\S.*?…(?: \\(.*)?$`, says: 'model', at: 'above' },
    {
      pattern: '(?:(?<![^])|^(?:[●!] |  \\w+\\().*\\n(?:  .+\\n)*?)  ⎿  Running…',
      says: 'model',
      at: 'above',
    },
    { pattern: '(?:^  |· )esc to interrupt(?: ·|$)', says: 'model', at: 'below' },
  ],
  retrying: [
    { pattern: `^(?:${SPINNER} )?API err.* · Retrying in .*$`, says: 'API error', at: 'above', moves: true },
    {
      pattern: `^(?:${SPINNER}\\n?)? ?(Unable to\\b.*?) · Retrying in .*$`,
      says: '$1',
      at: 'above',
      moves: true,
    },
  ],
  tools: [
    {
      pattern: '^[● ] (\\w+)\\((.+)\\)\\n(?:  .*\\n)*?(?:  ⎿  Running…|     \\(ctrl\\+b )',
      says: '$1: $2',
      at: 'above',
    },
    { pattern: '^! (.+)\\n  ⎿  Running…', says: '! $1', at: 'above' },
    { pattern: '^     \\((?:ctrl\\+b|\\d+[hms]).*\\)$', says: 'tool', at: 'above' },
    { pattern: `^${SPINNER} Compacting conversation…`, says: 'compaction', at: 'above' },
  ],
  dialogs: [
    {
      kind: 'trust',
      pattern: `^ Accessing workspace:\\n\\n (.+)$[^]*1\\. Yes, I trust [^]*${KEYS}`,
      says: 'trust $1?',
    },
    { kind: 'trust', pattern: `^ {0,2}[❯ ] 1\\. (Yes, I trust .*)$[^]*${KEYS}`, says: '$1' },
    { kind: 'login', pattern: `^  ANTHROPIC_API_KEY:.*$[^]*^  (Do you want .*\\?)$[^]*${KEYS}`, says: '$1' },
    {
      kind: 'plan',
      pattern: `^ Ready to code\\?\\n\\n.*\\n╌+\\n([^]*?)\\n╌+\\n[^]*${PLAN_OPTIONS}`,
      says: 'plan: $1',
    },
    { kind: 'plan', pattern: PLAN_OPTIONS, says: 'carry out the plan?' },
    {
      kind: 'plan',
      pattern: '^ (Exit plan mode\\?)\\n[^]*^ {1,2}[❯ ] 1\\. .*\\n +2\\. .*$(?!\\n)',
      says: '$1',
    },
    {
      kind: 'approval',
      pattern: `^  (?:WARNING: )?(.*Bypass Permissions mode)$[^]*2\\. Yes, I accept$[^]*${KEYS}`,
      says: '$1',
    },
    {
      kind: 'approval',
      pattern: `\\bBypass\\s+Permissions[^]*1\\. No, exit\\n +2\\. Yes, I accept$[^]*${KEYS}`,
      says: 'Bypass Permissions mode',
    },
    { kind: 'approval', pattern: `^ Bash command.*\\n\\n((?:   .*\\n|\\n)+)[^]*?${KEYS}`, says: '$1' },
    {
      kind: 'approval',
      pattern: `(?<![^])((?:   \\S.*\\n)+)(?: .*\\n|\\n)*? Do you want to proceed\\?$[^]*?${KEYS}`,
      says: '… $1',
    },
    {
      kind: 'approval',
      pattern: `^ {1,2}((?:Do you want|Would you like) to .*(?:\\n \\S.*)*\\?)$[^]*?${KEYS}`,
      says: '$1',
    },
    {
      kind: 'choice',
      pattern: `^ {0,2}(\\S.*\\?)$(?=(?:(?!^─{8,})[^])*^ {0,2}[❯ ] 1\\. )[^]*?${KEYS}`,
      says: '$1',
    },
    {
      kind: 'choice',
      pattern: `^[─▔]{8,}\\n+ *(?!\\d+\\. )(\\S+(?: \\S+)*)(?: {2}.*)?$(?![^]*^[─▔]{8,}$)[^]*?${KEYS}`,
      says: '$1',
    },
    {
      kind: 'choice',
      pattern: `^─{8,}\\n+ {1,2}(\\S.*)\\n(?:(?!^─{8,}$)[^])*^ {1,2}[❯ ] 1\\. .*(?:\\n .*)*$(?!\\n)`,
      says: '$1',
    },
    {
      kind: 'choice',
      pattern: '^ {0,2}(\\S.*\\?)\\n\\n {0,2}[❯ ] 1\\. .*(?:\\n {0,2}[❯ ] \\d\\. .*|\\n {4,}.*)*$(?!\\n)',
      says: '$1',
    },
    { kind: 'choice', pattern: '^─{8,}\\n+  (Resume session)(?: \\(\\d.*\\))?\\n+  ╭─+╮$[^]*', says: '$1' },
    { kind: 'choice', pattern: KEYS, says: '' },
  ],
  errors: [
    {
      pattern: `^● (${FAILURE}.*(?:\\n  .+)*)(?:${DONE})?$(?!\\n)`,
      says: '$1',
      at: 'above',
    },
    // Where nothing was said at all, below the prompt itself.
    {
      pattern: `(?<=^❯ .*\\n(?:  (?!⎿).*\\n|\\n)*)  ⎿  (${FAILURE}.*(?:\\n {5}.+)*)${DONE}$(?!\\n)`,
      says: '$1',
      at: 'above',
    },
    { pattern: `(?<=^❯ /.*\\n)  ⎿  (${FAILURE}.*(?:\\n {5}.+)*)$(?!\\n)`, says: '$1', at: 'above' },
  ],
  views: [{ pattern: '^  Showing detailed transcript · .*(?:\\n .*)*$(?!\\n)', says: 'transcript' }],
  titles: { busy: '^[⠁-⣿] ', idle: '^✳ ' },
  noise: [
    `^${SPINNER} .*…(?: \\(.*)?$`,
    `^(?:${SPINNER} )?.* · Retrying in .*$`,
    '^  ⎿  Running….*$',
    '^     \\(.*\\)$',
    '^  ⎿  Tip: .*(?:\\n     .*)*',
    '^[● ] (?=\\w+\\()',
  ],
  liveLines: 30,
  answers: {
    refuse: 'Escape',
    submit: { key: 'Right', page: '^Review your answers$[^]*^Ready to submit your answers\\?$' },
    own: { labels: ['^Type something\\.?$', '^Tell Claude what to change'] },
    amend: { offer: '\\bTab\\s+to\\s+amend\\b', key: 'Tab' },
  },
};
