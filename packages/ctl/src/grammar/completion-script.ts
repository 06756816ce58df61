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

function fishScript(name: string): string {
  return `# fish completion for ${name}

function __${name}_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] ${COMPLETE_COMMAND} -- $words[2..-1] 2>/dev/null
end

complete -c ${name} -e
complete -c ${name} -a '(__${name}_complete)'
`;
}

function powershellScript(name: string): string {
  return `# powershell completion for ${name}

Register-ArgumentCompleter -Native -CommandName '${name}' -ScriptBlock {
    param($word, $line, $position)
    $words = @($line.CommandElements | ForEach-Object { $_.ToString() })
    $given = @($words | Select-Object -Skip 1)
    # Until 7.3 an empty argument is lost unless it is quoted.
    $empty = if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' }
    if ($word -eq '') { $given += $empty }
    & $words[0] ${COMPLETE_COMMAND} '--' $given 2>$null | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
`;
}

export type Shell = "bash" | "zsh" | "fish" | "powershell";

const SCRIPTS: Readonly<Record<Shell, (name: string) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

export function completionScript(name: string, shell: Shell): string {
  return SCRIPTS[shell](name);
}
