import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Rotation } from "./rotation.ts";

function take(rotation: Rotation, now = 0): string {
  const name = rotation.order(now)[0] ?? "";
  rotation.took(name);
  return name;
}

function takeMany(rotation: Rotation, count: number, now = 0): string {
  return Array.from({ length: count }, () => take(rotation, now)).join("");
}

describe("Rotation", () => {
  test("round robin gives everyone a turn", () => {
    assert.equal(takeMany(new Rotation(["a", "b", "c"], "roundRobin", 1), 7), "bcabcab");
  });

  test("pinned stays, with whoever was taken", () => {
    const rotation = new Rotation(["a", "b", "c"], "pinned", 1);
    assert.equal(takeMany(rotation, 3), "bbb");
    rotation.took("c");
    assert.equal(takeMany(rotation, 3), "ccc");
  });

  test("an endpoint that failed has its turn when its time is over, or nobody else has one", () => {
    for (const balancing of ["roundRobin", "pinned"] as const) {
      const rotation = new Rotation(["a", "b"], balancing, 0);
      rotation.avoid("a", 1000);
      assert.equal(takeMany(rotation, 3, 2000), "bbb");
      rotation.avoid("b", 2000);
      assert.deepEqual(new Set(rotation.order(3000)), new Set(["a", "b"]));
    }
    const rotation = new Rotation(["a", "b"], "roundRobin", 0);
    rotation.avoid("a", 1000);
    assert.equal(takeMany(rotation, 4, 9000), "baba");
  });

  test("other names: the turn stays with the one whose it was", () => {
    const rotation = new Rotation(["a", "b", "c"], "pinned", 1);
    rotation.replace(["c", "d", "b"]);
    assert.equal(take(rotation), "b");
    rotation.replace(["d"]);
    assert.equal(take(rotation), "d");
    rotation.avoid("b", 0);
    assert.deepEqual(rotation.order(1), ["d"]);
  });
});
