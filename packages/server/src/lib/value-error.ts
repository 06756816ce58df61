/** A value that an operator or client wrote and that is refused; the message is the reason. */
export class ValueError extends Error {
  override readonly name: string = "ValueError";
}

/** A text as Go's `%q` prints it. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
