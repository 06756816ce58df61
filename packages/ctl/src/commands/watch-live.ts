import type { CommandContext } from "../command.ts";

export async function watchLive(
  _context: CommandContext,
  _keys: readonly string[],
): Promise<undefined> {
  return undefined;
}
