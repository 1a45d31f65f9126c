import type { LaunchRequest } from '../../../src/agents/types.ts';

/** A request like `adr run` makes it for a container, changed where a test says so. */
export function makeRequest(changes: Partial<LaunchRequest> = {}): LaunchRequest {
  return {
    place: 'container',
    mode: 'interactive',
    approvals: 'never',
    args: [],
    workspace: '/workspace',
    home: '/home/node',
    uid: 1000,
    assets: '/run/adr/assets',
    reports: '/run/adr',
    env: {},
    config: new Map(),
    ...changes,
  };
}
