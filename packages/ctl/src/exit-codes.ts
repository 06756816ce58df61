/** The exit statuses of etcdctl; scripts tell failures apart by them. */
export const ExitCode = {
  success: 0,
  error: 1,
  badConnection: 2,
  /** Of a transaction or an interactive watch. */
  invalidInput: 3,
  /** A known flag with a value that is not supported. */
  badFeature: 4,
  interrupted: 5,
  io: 6,
  badArgs: 128,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
