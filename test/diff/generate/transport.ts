/** Calls that break the rules of gRPC over HTTP/2 rather than those of etcd. */
import { pathOf } from "../methods.ts";
import type { CallStep, Programme, Request } from "../programme.ts";
import { frame } from "../raw-grpc.ts";

const RANGE = pathOf("Range");
const KEY_A = Buffer.of(10, 1, 97);

function call(
  request: Request,
  metadata: Readonly<Record<string, string>> = {},
  path: string = RANGE,
): CallStep {
  return { do: "call", path, request, metadata };
}

const frames = (...parts: Uint8Array[]): Request => ({
  $frames: Buffer.concat(parts).toString("hex"),
});

const compressed = Buffer.from(frame(KEY_A)).fill(1, 0, 1);
const good: Request = { key: "a" };

const STEPS: readonly CallStep[] = [
  call(good, {}, "/etcdserverpb.KV/Nothing"),
  call(good, {}, "/etcdserverpb.Nothing/Range"),
  call(good, {}, "/nothing"),
  call(good, {}, "/"),
  call(frames()),
  call(frames(frame(KEY_A), frame(KEY_A))),
  call(frames(frame(KEY_A).subarray(0, 6))),
  call(frames(frame(KEY_A).subarray(0, 3))),
  call(frames(compressed)),
  call(frames(compressed), { "grpc-encoding": "gzip" }),
  call(frames(compressed), { "grpc-encoding": "bogus" }),
  call(frames(frame(KEY_A)), { "grpc-encoding": "bogus" }),
  call(frames(Buffer.from(frame(KEY_A)).fill(7, 0, 1))),
  call(frames(Buffer.of(0, 0xff, 0xff, 0xff, 0xff, 10, 1, 97))),
  call(good, { "content-type": "application/grpc+proto" }),
  call(good, { "content-type": "application/grpc+json" }),
  call(good, { "content-type": "application/grpc;x" }),
  call(good, { "content-type": "application/grpcx" }),
  call(good, { "content-type": "text/plain" }),
  call(good, { ":method": "GET" }),
  call(good, { ":method": "PUT" }),
  call(good, { "grpc-timeout": "5S" }),
  call(good, { "grpc-timeout": "0S" }),
  call(good, { "grpc-timeout": "1n" }),
  call(good, { "grpc-timeout": "S" }),
  call(good, { "grpc-timeout": "5X" }),
  call(good, { "grpc-timeout": "-5S" }),
  call(good, { "grpc-timeout": "123456789S" }),
  call(good, { "x-data-bin": "AAEC" }),
  call(good, { "x-data-bin": "%%%" }),
  call(good, { "client-api-version": "\xff\xfe" }),
  call(good, { "grpc-accept-encoding": "gzip" }),
  call({ key: { $repeat: "k", count: 2_200_000 } }),
  call(good, { "x-large": "v".repeat(20_000) }),
  call({ $bytes: "ffff" }),
];

/** Every such call once. */
export function transportProgramme(): Programme {
  return { seed: 0, flags: {}, steps: STEPS };
}
