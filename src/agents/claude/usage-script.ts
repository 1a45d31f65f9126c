import { USAGE_EVENT } from '../reporter-line.ts';

/**
 * Shell script of a hook that sums up what the transcripts of the conversation and of its sub-agents say was used: at
 * most the last 8 MB of each. Claude Code (2.1.197) writes a line a content block, all of one answer under its id, and
 * writes them half a second after its hooks, or later on a busy machine: so it reads in the background, after 1, 2 and 5 s,
 * as far as there is news. The agent's side reads: a path that a confined program names is not opened on the host.
 */
export const USAGE_SCRIPT = `exec 2>/dev/null
head=$(head -c 4096; cat >/dev/null)
find_field() { printf '%s' "$head" | grep -oE "\\"$1\\":\\"[^\\"]*\\"" | head -n 1 | cut -d '"' -f 4; }
transcript=$(find_field transcript_path)
session=$(find_field session_id)
test -n "$transcript" || exit 0
sum_up() {
  tail -q -c 8388608 "$transcript" "\${transcript%.jsonl}"/subagents/*.jsonl | awk '
    function count(name) {
      if (!match(usage, "\\"" name "\\":[0-9]+")) return 0
      return substr(usage, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0
    }
    !/"type":"assistant"/ || !/"usage":[{]/ || !match($0, /"id":"[^"]*","type":"message"/) { next }
    {
      id = substr($0, RSTART, RLENGTH)
      usage = $0
      sub(/.*"usage":[{]/, "", usage)
      read[id] = count("input_tokens")
      wrote[id] = count("output_tokens")
      cached[id] = count("cache_read_input_tokens")
      caching[id] = count("cache_creation_input_tokens")
      if (!/"isSidechain":true/) context = read[id] + wrote[id] + cached[id] + caching[id]
    }
    END {
      for (id in read) { i += read[id]; o += wrote[id]; r += cached[id]; w += caching[id]; some = 1 }
      if (some) printf "\\"input\\":%d,\\"output\\":%d,\\"cacheRead\\":%d,\\"cacheWrite\\":%d,\\"context\\":%d", i, o, r, w, context
    }'
}
(
  exec 9>>"$ADR_REPORTS/lock"
  told=
  for pause in 1 1 3; do
    sleep "$pause"
    used=$(sum_up)
    test -n "$used" && test "$used" != "$told" || continue
    told=$used
    flock -w 2 9
    now=$(date +%s%3N)
    case $now in *[!0-9]*) now=$(date +%s)000 ;; esac
    line='%s claude {"hook_event_name":"${USAGE_EVENT}","session_id":"%s",%s}\\n'
    printf "$line" "$now" "$session" "$used" >>"$ADR_REPORTS/reports"
    flock -u 9
  done
) </dev/null >/dev/null &
exit 0
`;
