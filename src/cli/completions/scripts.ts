import type { Shell } from './commands.ts';

/**
 * The completion script of a program for a shell. It only asks the program (`__complete`), so what it offers is always
 * what the installed version knows, and nothing in it has to be written anew for a new command.
 */
export function renderScript(shell: Shell, program: string): string {
  const name = program.replaceAll('-', '_');
  switch (shell) {
    case 'bash':
      return renderBash(program, name);
    case 'zsh':
      return renderZsh(program, name);
    case 'fish':
      return renderFish(program, name);
  }
}

function renderBash(program: string, name: string): string {
  return `# bash completion for ${program}; made by: ${program} completions bash
_${name}_complete() {
  local -a words=()
  local i word joins= current strip= directive= value
  # bash breaks words at = and : as well; here they are put together again.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((i == COMP_CWORD)) && [[ -z $word && \${COMP_LINE:COMP_POINT-1:1} == ' ' ]]; then joins=; fi
    if ((\${#words[@]})) && [[ -n $joins || $word == [=:]* ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    joins=; [[ $word == *[=:] ]] && joins=1
  done
  current=\${words[\${#words[@]}-1]}
  if [[ $current == *[=:]* && $COMP_WORDBREAKS == *[=:]* ]]; then
    strip=\${current%"\${current##*[=:]}"}
  fi
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    if [[ -z $directive ]]; then directive=$value; continue; fi
    COMPREPLY+=("\${value#"$strip"}")
  done < <("$1" __complete -- "\${words[@]}" 2>/dev/null)
  case $directive in
    files) compopt -o default 2>/dev/null ;;
    directories) compopt -o dirnames 2>/dev/null ;;
  esac
  # What ends so wants a value, not a blank.
  if [[ \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _${name}_complete ${program}
`;
}

function renderZsh(program: string, name: string): string {
  return `#compdef ${program}
# zsh completion for ${program}; made by: ${program} completions zsh
_${name}() {
  local -a lines described tight
  local line value
  lines=("\${(@f)$("\${(Q)words[1]}" __complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  case $lines[1] in
    files) compset -P '--*='; _files; return ;;
    directories) compset -P '--*='; _files -/; return ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    [[ -n $line ]] || continue
    value=\${line%%$'\\t'*}
    value=\${value//:/\\\\:}
    [[ $value == *= ]] && tight=(-S '')
    if [[ $line == *$'\\t'* ]]; then described+=("$value:\${line#*$'\\t'}"); else described+=("$value"); fi
  done
  (( $#described )) && _describe '${program}' described "\${(@)tight}"
}
if [[ $funcstack[1] == _${program} ]]; then _${name} "$@"; else compdef _${name} ${program}; fi
`;
}

function renderFish(program: string, name: string): string {
  return `# fish completion for ${program}; made by: ${program} completions fish
function __${name}_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case directories
            __fish_complete_directories "$current"
        case words
            if test (count $lines) -gt 1
                printf '%s\\n' $lines[2..-1]
            end
    end
end
complete -c ${program} -f -k -a '(__${name}_complete)'
`;
}
