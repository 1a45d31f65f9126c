import { AdrError } from '../errors.ts';
import type { ProcessResult } from '../system/process.ts';

/**
 * The named failure behind an engine client's error text (docker 20.10 to 28, podman 4): IMAGE_NOT_FOUND,
 * SOCKET_ERROR, NETWORK_ERROR, RESOURCE_LIMIT, NAME_CONFLICT, ENGINE_MISSING, AGENT_NOT_IN_IMAGE, MOUNT_INVALID, else
 * ENGINE_FAILED.
 */
export function describeEngineFailure(
  engine: string,
  action: string,
  result: Pick<ProcessResult, 'failure' | 'exitCode' | 'stderr'>,
): AdrError {
  const said = shorten(result.stderr);
  const details = { action, said };
  if (result.failure === 'not-found') {
    return new AdrError('ENGINE_MISSING', `${engine} is not installed (or not on PATH)`, {
      hint: `install ${engine}, or run without confinement: --engine host`,
      details,
    });
  }
  if (result.failure === 'timeout') {
    return new AdrError('SOCKET_ERROR', `the ${engine} engine did not answer (${action})`, {
      hint: `check it: ${engine} version`,
      details,
    });
  }
  for (const rule of RULES) {
    const match = rule.pattern.exec(result.stderr);
    if (!match) continue;
    const { message, hint } = rule.describe(engine, match);
    return new AdrError(rule.code, message, { hint, details });
  }
  return new AdrError('ENGINE_FAILED', `${engine} could not ${action}${said === '' ? '' : `: ${said}`}`, {
    hint: `check the engine: ${engine} info`,
    details,
  });
}

interface Rule {
  readonly code: AdrError['code'];
  readonly pattern: RegExp;
  readonly describe: (
    engine: string,
    match: RegExpExecArray,
  ) => { readonly message: string; readonly hint: string };
}

const RULES: readonly Rule[] = [
  {
    code: 'SOCKET_ERROR',
    pattern: /permission denied while trying to connect|dial unix .*permission denied/i,
    describe: (engine) => ({
      message: `no permission to talk to the ${engine} engine`,
      hint: `add yourself to the docker group (sudo usermod -aG docker $USER) and log in again`,
    }),
  },
  {
    code: 'SOCKET_ERROR',
    pattern:
      /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker api|error during connect|unable to connect to podman|unable to resolve docker endpoint|context "[^"]*" does not exist|unable to parse docker host|connection refused|connection reset|no such host|\bEOF$/im,
    describe: (engine) => ({
      message: `cannot reach the ${engine} engine`,
      hint: `start it (sudo systemctl start ${engine}) or check DOCKER_HOST and the context: ${engine} version`,
    }),
  },
  {
    code: 'NAME_CONFLICT',
    pattern: /container name "\/?([^"]+)" is already in use/i,
    describe: (engine, match) => ({
      message: `a container named "${match[1]}" exists already`,
      hint: `try again; look at the other one: ${engine} ps --all --filter name=${match[1]}`,
    }),
  },
  {
    code: 'IMAGE_NOT_FOUND',
    pattern:
      /no such image: ?(\S*)|unable to find image '?([^\s']+)|pull access denied for (\S+?),|manifest for (\S+) not found/i,
    describe: (_engine, match) => {
      const image = match.slice(1).find((group) => group) ?? '';
      return {
        message: `image ${JSON.stringify(image)} not found`,
        hint: 'see the images there are: adr status',
      };
    },
  },
  {
    code: 'NETWORK_ERROR',
    pattern: /network (\S+) not found|No such network: ?(\S*)|unable to find network with name or ID (\S+):/i,
    describe: (engine, match) => ({
      message: `network ${JSON.stringify(match.slice(1).find((group) => group) ?? '')} not found`,
      hint: `see the networks there are: ${engine} network ls`,
    }),
  },
  {
    code: 'NETWORK_ERROR',
    pattern:
      /could not find an available, non-overlapping IPv4 address pool|failed to (?:set up container networking|create endpoint)[^\n]*|driver failed programming external connectivity[^\n]*|port is already allocated|address already in use/i,
    describe: (engine, match) => ({
      message: `the network could not be set up: ${shorten(match[0])}`,
      hint: `free one: ${engine} network prune, or use --network none`,
    }),
  },
  {
    code: 'RESOURCE_LIMIT',
    pattern:
      /range of CPUs is from[^\n]*|minimum memory limit[^\n]*|cannot allocate memory|no space left on device|resource temporarily unavailable|(?:memory|cpu|pids)[^\n]*(?:limit|cgroup)[^\n]*(?:not supported|invalid|exceed)[^\n]*|disk quota exceeded/i,
    describe: (engine, match) => ({
      message: `the engine refuses for lack of resources: ${shorten(match[0])}`,
      hint: `change --memory, --cpus or --pids-limit, or free space: ${engine} system df`,
    }),
  },
  {
    code: 'AGENT_NOT_IN_IMAGE',
    pattern:
      /exec: "([^"]+)": (?:executable file not found|stat|permission denied)|exec:? (\S+) failed: No such file/i,
    describe: (_engine, match) => ({
      message: `the image has no program ${JSON.stringify(match[1] ?? match[2] ?? '')}`,
      hint: 'build an image with it: adr build TYPE --base IMAGE',
    }),
  },
  {
    code: 'MOUNT_INVALID',
    pattern:
      /(?:invalid mount config[^\n]*)?bind source path does not exist: ([^\n]+)|invalid mount config[^\n]*|Duplicate mount point: ([^\n]+)/i,
    describe: (_engine, match) => ({
      message: `the engine cannot mount ${JSON.stringify(shorten(match[1] ?? match[2] ?? match[0]))}`,
      hint: 'the path must exist where the engine runs',
    }),
  },
];

/** The one line of an engine's text that says what is wrong, at most 300 characters. */
function shorten(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(See '|Run '|WARNING|time=)/.test(line));
  const told = lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '';
  return told.replace(/^(?:docker: |ERROR: |Error: )*(?:Error response from daemon: )?/i, '').slice(0, 300);
}
