/** Why an index image cannot be written, or is not to be believed. Nothing is lost by that but time. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}
