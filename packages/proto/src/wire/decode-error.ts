/** The bytes are no message of the expected type. Nothing of the message can be used. */
export class DecodeError extends Error {
  override readonly name: string = "DecodeError";
}
