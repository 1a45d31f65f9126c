import { AdrError } from '../../errors.ts';
import { type Body, readBody, readList, readName } from '../report-body.ts';
import type { LaunchFile, LaunchRequest } from '../types.ts';

const STATE = '.claude.json';
const SETTINGS = '.claude/settings.json';

/**
 * Copies of the user's two files in which every first-start dialog of Claude Code 2.1.197 is answered:
 * onboarding, theme, trust of the workspace, use of the API key, the notice of the permission mode. Entries of
 * other projects stay outside: they hold their paths, history and MCP secrets.
 */
export function answerDialogs(request: LaunchRequest): readonly LaunchFile[] {
  const state = readConfig(request, STATE);
  const settings = readConfig(request, SETTINGS);
  return [
    { path: STATE, content: JSON.stringify(answerState(state, settings, request), null, 2) },
    ...(request.approvals === 'never'
      ? [
          {
            path: SETTINGS,
            content: JSON.stringify({ ...settings, skipDangerousModePermissionPrompt: true }, null, 2),
          },
        ]
      : []),
  ];
}

function answerState(state: Body, settings: Body, request: LaunchRequest): Body {
  const trusted = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };
  const key = readName(readBody(settings.env).ANTHROPIC_API_KEY) ?? request.env.ANTHROPIC_API_KEY;
  return {
    theme: 'dark',
    ...state,
    hasCompletedOnboarding: true,
    projects: { [request.workspace]: trusted },
    ...(key === undefined ? {} : { customApiKeyResponses: approveKey(state, key) }),
  };
}

/** 2.1.197 compares the last 20 characters (tried: the whole key alone still asks); others the whole key. */
function approveKey(state: Body, key: string): Body {
  const responses = readBody(state.customApiKeyResponses);
  const forms = [key, key.slice(-20)];
  const isOther = (entry: unknown) => !forms.some((form) => form === entry);
  return {
    approved: [...readList(responses.approved).filter(isOther), ...new Set(forms)],
    rejected: readList(responses.rejected).filter(isOther),
  };
}

function readConfig(request: LaunchRequest, path: string): Body {
  const text = request.config.get(path);
  if (text === undefined || text.trim() === '') return {};
  try {
    return readBody(JSON.parse(text));
  } catch (cause) {
    throw new AdrError('CONFIG_INVALID', `"~/${path}" is not valid JSON`, {
      hint: `correct ~/${path}; Claude Code cannot read it either`,
      cause,
    });
  }
}
