/** A membership change that does not follow from the configuration it is to be made to. */
export class ConfChangeError extends Error {
  override readonly name = "ConfChangeError";
}
