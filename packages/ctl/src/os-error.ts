/** Errors of the file system in the words of Go, which etcd's tools print. */
const TEXTS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "file exists",
  EISDIR: "is a directory",
  EMFILE: "too many open files",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTDIR: "not a directory",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
};

/** As "open /x: no such file or directory". */
export function osErrorText(operation: string, error: unknown, path: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return `${operation} ${path}: ${TEXTS[code ?? ""] ?? message}`;
}

export function openErrorText(error: unknown, path: string): string {
  return osErrorText("open", error, path);
}
