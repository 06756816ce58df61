/** Ends the command with an exit status; the message is printed after "Error: " on stderr. */
export class CtlError extends Error {
  override readonly name: string = "CtlError";
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Ends the command with an exit status when everything there is to say has been printed. */
export class SilentExit extends Error {
  override readonly name: string = "SilentExit";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit status ${exitCode}`);
    this.exitCode = exitCode;
  }
}
