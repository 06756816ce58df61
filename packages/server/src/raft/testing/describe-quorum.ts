/** Draws what voters have acknowledged the way the quorum vectors expect it. */
import type { NodeId } from "../messages.ts";
import { compareIds } from "../quorum/joint.ts";

interface Row {
  id: NodeId;
  index: number;
  known: boolean;
  bar: number;
}

/** One line a voter, with a bar as long as the number of voters that are behind it. */
export function describeAcked(
  voters: ReadonlySet<NodeId>,
  acked: ReadonlyMap<NodeId, number>,
): string {
  if (voters.size === 0) {
    return "<empty majority quorum>";
  }
  const width = voters.size;
  const lines = rowsOf(voters, acked).map(({ id, index, known, bar }) => {
    const drawn = known ? `${"x".repeat(bar)}>${" ".repeat(width - bar)}` : `?${" ".repeat(width)}`;
    return `${drawn} ${String(index).padStart(5)}    (id=${id.toString(16)})\n`;
  });
  return `${" ".repeat(width)}    idx\n${lines.join("")}`;
}

function rowsOf(voters: ReadonlySet<NodeId>, acked: ReadonlyMap<NodeId, number>): Row[] {
  const rows = [...voters].map((id) => ({
    id,
    index: acked.get(id) ?? 0,
    known: acked.has(id),
    bar: 0,
  }));
  rows.sort((a, b) => a.index - b.index || compareIds(a.id, b.id));
  for (let i = 1; i < rows.length; i++) {
    const behind = rows[i - 1]!;
    rows[i]!.bar = behind.index < rows[i]!.index ? i : behind.bar;
  }
  return rows.sort((a, b) => compareIds(a.id, b.id));
}

export function describeIndex(index: number): string {
  return index === Number.POSITIVE_INFINITY ? "∞" : String(index);
}
