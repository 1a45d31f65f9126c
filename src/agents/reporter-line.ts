/** Set in the agent's environment to the directory (`reports`, `lock`) that reporters append to. */
export const REPORTS_VARIABLE = 'ADR_REPORTS';

/** Seconds an agent grants a hook; the line below takes a few milliseconds. */
export const HOOK_TIMEOUT = 10;

const OPEN =
  `( exec 9>>"\${${REPORTS_VARIABLE}:?}/lock" && { flock -w 2 9; t=$(date +%s%3N); ` +
  'case $t in *[!0-9]*) t=$(date +%s)000;; esac; printf "%s ';
const CLOSE = ` } >>"$${REPORTS_VARIABLE}/reports" ) >/dev/null 2>&1; exit 0`;

/**
 * The shell command of a hook that appends its stdin as one report line, whole, whatever runs beside it.
 * Its text depends on nothing but `source`: the directory comes from the environment, so that any path works
 * and codex's hash of it is known beforehand. It prints nothing and always succeeds: without the directory
 * nothing happens, without `flock` it writes unlocked. Agents run it with the user's own shell (fish, too),
 * hence the single-quoted `sh -c` without a single quote inside.
 */
export function buildReporterLine(source: string): string {
  return `exec sh -c '${OPEN}${source} " "$t"; tr -d "\\n"; echo;${CLOSE}'`;
}

/**
 * Like `buildReporterLine`, but keeps only the session, the event, the tool's name and the call's id: what a tool
 * returned may be megabytes, and nothing of it is used.
 */
export function buildBriefReporterLine(source: string): string {
  const keep =
    'grep -oE "\\"(session_id|agent_id|hook_event_name|tool_name|tool_use_id)\\":\\"[^\\"]*\\"" | ' +
    'awk -F: "!seen[\\$1]++" | paste -sd , -';
  return `exec sh -c '${OPEN}${source} {" "$t"; tr -d "\\n" | ${keep} | tr -d "\\n"; echo "}";${CLOSE}'`;
}

/** The event under which our own hooks tell what a conversation has used. */
export const USAGE_EVENT = 'AdrUsage';

/**
 * Like `buildReporterLine`, with a second line of what the conversation has used: the last account in the end of the
 * transcript that the agent names (`token_count` of codex 0.169.0, 256 KB read). The agent's side reads it: a path
 * that a confined program names is not opened on the host.
 */
export function buildUsageReporterLine(source: string): string {
  const find = (name: string) =>
    `$(printf "%s" "$i" | grep -oE "\\"${name}\\":\\"[^\\"]*\\"" | head -n 1 | cut -d "\\"" -f 4)`;
  const account =
    'tail -c 262144 "$f" | grep -oE "\\"(total|last)_token_usage\\":[{][^}]*[}]|\\"model_context_window\\":[0-9]+" | ' +
    'tail -n 3 | paste -sd , -';
  const told = `{\\"hook_event_name\\":\\"${USAGE_EVENT}\\",\\"session_id\\":\\"%s\\",%s}`;
  return (
    `exec sh -c 'i=$(tr -d "\\n"); f=${find('transcript_path')}; s=${find('session_id')}; u=$(${account}); ` +
    `${OPEN}${source} " "$t"; printf "%s\\n" "$i"; ` +
    `test -z "$u" || printf "%s ${source} ${told}\\n" "$t" "$s" "$u";${CLOSE}'`
  );
}

/**
 * JavaScript of a function `report(body)` for reporters that are plugins: one write with O_APPEND a line,
 * nothing thrown, nothing printed.
 */
export function buildReportFunction(source: string): string {
  return `const report = (body) => {
  try {
    const file = join(process.env.${REPORTS_VARIABLE}, 'reports');
    appendFileSync(file, Date.now() + ' ${source} ' + JSON.stringify(body) + '\\n');
  } catch {}
};
`;
}
