import assert from "node:assert/strict";
import { test } from "node:test";
import { renderTable } from "./render-table.ts";

test("titles are centred in capitals, cells go to the right", () => {
  const table = renderTable({
    header: ["ID", "peer_addrs"],
    rows: [
      ["1", "a"],
      ["22222", "世界"],
    ],
  });
  assert.equal(
    table,
    [
      "┌───────┬────────────┐",
      "│  ID   │ PEER ADDRS │",
      "├───────┼────────────┤",
      "│     1 │          a │",
      "│ 22222 │       世界 │",
      "└───────┴────────────┘",
      "",
    ].join("\n"),
  );
});

test("without rows there is no line below the titles", () => {
  assert.equal(renderTable({ header: ["a"], rows: [] }), "┌───┐\n│ A │\n└───┘\n");
});
