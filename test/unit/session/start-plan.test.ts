import { expect, test } from 'vitest';
import { decodeServer, decodeText, encodeText, LISTING } from '../../../src/session/observed.ts';
import { buildStartChain, parseStartAnswer } from '../../../src/session/start-plan.ts';

const main = {
  ...{ type: 'pi', name: 'main', index: 0, run: 'aaaaaaaaaaaa', reports: true, ports: [] },
  workspace: "/home/ann/it's #1; $HOME",
  command: ['adr', 'run', 'codex', '--', 'x;'],
};

test('a session is created by one line, in which the first failure stops the rest', () => {
  const chain = buildStartChain({
    session: 'refactor',
    sessionId: '0123456789ab',
    workspace: "/home/ann/it's #1; $HOME",
    engine: 'docker',
    version: '0.1.0',
    createdAt: 1,
    layout: 'main-vertical',
    windows: [
      [
        { ...main, index: 0, reports: false, command: ['adr', 'run', 'pi'] },
        { ...main, type: 'codex', name: 'codex-1', index: 1, run: 'bbbbbbbbbbbb', workspace: '/other' },
      ],
      [{ ...main, name: 'late', index: 2, run: 'cccccccccccc', ports: [{ host: 8080, container: 3000 }] }],
    ],
    env: { HOME: '/home/ann' },
  });
  expect(chain).not.toContain('\n');
  expect(chain.replaceAll(' ; ', '\n')).toMatchInlineSnapshot(`
    "new-session -d -P -F 'SESSION #{session_id} PANE #{pane_id}' -s adr-refactor -n agents -x 221 -y 33 -e HOME=/home/ann -e 'WORKSPACE=/home/ann/it'\\''s #1; $HOME' -e ADR_SESSION_ID=0123456789ab -e ADR_RUN_ID=aaaaaaaaaaaa -c '/home/ann/it'\\''s ##1; $HOME' -- adr run pi
    set-environment -t =adr-refactor -u ADR_RUN_ID
    set-environment -t =adr-refactor -u ADR_SESSION_ID
    set-option -t =adr-refactor: destroy-unattached off
    set-option -t =adr-refactor: @adr_session_id 0123456789ab
    set-option -t =adr-refactor: @adr_version 0.1.0
    set-option -t =adr-refactor: @adr_layout main-vertical
    set-option -t =adr-refactor: @adr_session refactor
    set-option -t =adr-refactor: @adr_workspace '"/home/ann/it'\\''s #1; $HOME"'
    set-option -t =adr-refactor: @adr_engine docker
    set-option -t =adr-refactor: @adr_created_at 1
    set-option -w -t =adr-refactor: remain-on-exit on
    set-option -w -t =adr-refactor: automatic-rename off
    set-option -w -t =adr-refactor: synchronize-panes off
    set-option -w -t =adr-refactor: pane-border-status top
    set-option -w -t =adr-refactor: pane-border-format ' #[bold]#{@adr_agent}#[default] #{@adr_state} #{=40:pane_title} '
    set-option -p -t =adr-refactor: @adr_agent main
    set-option -p -t =adr-refactor: @adr_type pi
    set-option -p -t =adr-refactor: @adr_index 0
    set-option -p -t =adr-refactor: @adr_run aaaaaaaaaaaa
    set-option -p -t =adr-refactor: @adr_home 0123456789ab
    set-option -p -t =adr-refactor: @adr_session refactor
    set-option -p -t =adr-refactor: @adr_workspace '"/home/ann/it'\\''s #1; $HOME"'
    set-option -p -t =adr-refactor: @adr_engine docker
    set-option -p -t =adr-refactor: @adr_created_at 1
    set-option -p -t =adr-refactor: @adr_reports off
    set-option -p -t =adr-refactor: remain-on-exit on
    select-pane -t =adr-refactor: -T main
    split-window -t =adr-refactor: -P -F 'PANE #{pane_id}' -e WORKSPACE=/other -e ADR_SESSION_ID=0123456789ab -e ADR_RUN_ID=bbbbbbbbbbbb -c /other -- adr run codex -- 'x;'
    set-option -p -t =adr-refactor: @adr_agent codex-1
    set-option -p -t =adr-refactor: @adr_type codex
    set-option -p -t =adr-refactor: @adr_index 1
    set-option -p -t =adr-refactor: @adr_run bbbbbbbbbbbb
    set-option -p -t =adr-refactor: @adr_home 0123456789ab
    set-option -p -t =adr-refactor: @adr_session refactor
    set-option -p -t =adr-refactor: @adr_workspace '"/home/ann/it'\\''s #1; $HOME"'
    set-option -p -t =adr-refactor: @adr_engine docker
    set-option -p -t =adr-refactor: @adr_created_at 1
    set-option -p -t =adr-refactor: @adr_directory '"/other"'
    set-option -p -t =adr-refactor: remain-on-exit on
    select-pane -t =adr-refactor: -T codex-1
    set-option -w -t =adr-refactor: main-pane-width 110
    select-layout -t =adr-refactor: main-vertical
    select-pane -t '=adr-refactor:.{top-left}'
    new-window -t =adr-refactor: -n agents-2 -P -F 'PANE #{pane_id}' -e ADR_SESSION_ID=0123456789ab -e ADR_RUN_ID=cccccccccccc -c '/home/ann/it'\\''s ##1; $HOME' -- adr run codex -- 'x;'
    set-option -w -t =adr-refactor: remain-on-exit on
    set-option -w -t =adr-refactor: automatic-rename off
    set-option -w -t =adr-refactor: synchronize-panes off
    set-option -w -t =adr-refactor: pane-border-status top
    set-option -w -t =adr-refactor: pane-border-format ' #[bold]#{@adr_agent}#[default] #{@adr_state} #{=40:pane_title} '
    set-option -p -t =adr-refactor: @adr_agent late
    set-option -p -t =adr-refactor: @adr_type pi
    set-option -p -t =adr-refactor: @adr_index 2
    set-option -p -t =adr-refactor: @adr_run cccccccccccc
    set-option -p -t =adr-refactor: @adr_home 0123456789ab
    set-option -p -t =adr-refactor: @adr_session refactor
    set-option -p -t =adr-refactor: @adr_workspace '"/home/ann/it'\\''s #1; $HOME"'
    set-option -p -t =adr-refactor: @adr_engine docker
    set-option -p -t =adr-refactor: @adr_created_at 1
    set-option -p -t =adr-refactor: @adr_ports 8080:3000
    set-option -p -t =adr-refactor: remain-on-exit on
    select-pane -t =adr-refactor: -T late
    select-pane -t '=adr-refactor:.{top-left}'
    select-window -t '=adr-refactor:^'"
  `);
});

test('the answer of a whole and of a broken start', () => {
  expect(parseStartAnswer('SESSION $3 PANE %7\nPANE %8\n')).toEqual({
    sessionKey: '$3',
    panes: ['%7', '%8'],
  });
  expect(parseStartAnswer('')).toEqual({ sessionKey: undefined, panes: [] });
});

test('texts are stored as one line', () => {
  expect(encodeText('a\tb\nc')).toBe('"a\\tb\\nc"');
  expect(decodeText(encodeText('a\tb\n"c"'))).toBe('a\tb\n"c"');
  expect(decodeText('not json')).toBe('not json');
  expect(decodeText('12')).toBe('12');
});

test('panes of other sessions on the server are passed over', () => {
  const columns = LISTING.at(-1)?.split('\t').length ?? 0;
  expect(columns).toBeGreaterThan(20);
  expect(decodeServer(`${Array.from({ length: columns }, () => '').join('\t')}\n`).sessions).toEqual([]);
  expect(decodeServer('')).toEqual({ id: undefined, monitor: '', sessions: [] });
});
