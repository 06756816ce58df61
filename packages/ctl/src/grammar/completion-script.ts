/** The scripts that teach shells to ask us; the answers come from `completions`. */

import { COMPLETE_COMMAND } from "./command-spec.ts";

function bashScript(name: string): string {
  return `# bash completion for ${name}

_${name}_complete()
{
    local IFS=$'\\n'
    COMPREPLY=($("\${COMP_WORDS[0]}" ${COMPLETE_COMMAND} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}

complete -o bashdefault -o default -F _${name}_complete ${name}
`;
}

function zshScript(name: string): string {
  return `#compdef ${name}

_${name}()
{
    local -a found
    found=("\${(@f)$("\${words[1]}" ${COMPLETE_COMMAND} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if (( \${#found} )) && [[ -n "\${found[1]}" ]]; then
        compadd -- "\${found[@]}"
    else
        _files
    fi
}

compdef _${name} ${name}
`;
}

export function completionScript(name: string, shell: "bash" | "zsh"): string {
  return shell === "bash" ? bashScript(name) : zshScript(name);
}
