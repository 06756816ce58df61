/** Bytes that are not what they claim to be: truncated, out of range, or followed by more. */
export class CodecError extends Error {
  override readonly name = "CodecError";
}
