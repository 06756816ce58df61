import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryIn } from "./resident-memory.ts";

test("the memory of a process is read from its metrics", () => {
  const page = [
    "# HELP process_resident_memory_bytes Resident memory size in bytes.",
    "# TYPE process_resident_memory_bytes gauge",
    "process_resident_memory_bytes 3.4123776e+07",
    "process_start_time_seconds 1.7e+09",
  ].join("\n");
  assert.equal(memoryIn(page), 34_123_776);
});

test("a page without it has none", () => {
  assert.equal(memoryIn(""), undefined);
  assert.equal(memoryIn("process_resident_memory_bytes\n"), undefined);
  assert.equal(memoryIn("process_resident_memory_bytes many\n"), undefined);
});
