/** The commands about the command line itself. */
import type { CommandSpec } from "../../grammar/command-spec.ts";
import { quote } from "../../go/quote.ts";

const group = "Utility commands";
const SHELLS = ["bash", "zsh", "fish", "powershell"];

const version: CommandSpec = {
  name: "version",
  use: "version",
  short: "Prints the version of kvorumctl",
  group,
  load: async () => (await import("../version.ts")).version,
};

const completion: CommandSpec = {
  name: "completion",
  use: "completion [bash|zsh|fish|powershell]",
  short: "Generate completion script",
  long: `To load completions:

Bash:

  $ source <(kvorumctl completion bash)

  # To load completions for each session, execute once:
  # Linux:
  $ kvorumctl completion bash > /etc/bash_completion.d/kvorumctl
  # macOS:
  $ kvorumctl completion bash > /usr/local/etc/bash_completion.d/kvorumctl

Zsh:

  # If shell completion is not already enabled in your environment,
  # you will need to enable it.  You can execute the following once:

  $ echo "autoload -U compinit; compinit" >> ~/.zshrc

  # To load completions for each session, execute once:
  $ kvorumctl completion zsh > "\${fpath[1]}/_kvorumctl"

  # You will need to start a new shell for this setup to take effect.

fish:

  $ kvorumctl completion fish | source

  # To load completions for each session, execute once:
  $ kvorumctl completion fish > ~/.config/fish/completions/kvorumctl.fish

PowerShell:

  PS> kvorumctl completion powershell | Out-String | Invoke-Expression

  # To load completions for every new session, run:
  PS> kvorumctl completion powershell > kvorumctl.ps1
  # and source this file from your PowerShell profile.
`,
  group,
  plainUseLine: true,
  argumentRule: (args, commandPath) => {
    if (args.length !== 1) return `accepts 1 arg(s), received ${args.length}`;
    const [shell = ""] = args;
    if (SHELLS.includes(shell)) return undefined;
    return `invalid argument ${quote(shell)} for ${quote(commandPath)}`;
  },
  load: async () => (await import("../completion.ts")).completion,
};

const options: CommandSpec = {
  name: "options",
  use: "options",
  short: "Show the global command-line flags",
  group,
  load: async () => (await import("../options.ts")).options,
};

const help: CommandSpec = {
  name: "help",
  use: "help [command]",
  short: "Help about any command",
  long: `Help provides help for any command in the application.
Simply type kvorumctl help [path to command] for full details.`,
  group,
  load: async () => (await import("../help.ts")).help,
};

export const UTILITY_COMMANDS: Readonly<
  Record<"version" | "completion" | "options" | "help", CommandSpec>
> = { version, completion, options, help };
