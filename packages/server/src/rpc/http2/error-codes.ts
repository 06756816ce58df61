/** RFC 9113, section 7. */
export const Http2Code = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  ENHANCE_YOUR_CALM: 0xb,
} as const;

/** The connection cannot go on: it ends with a GOAWAY of this code, the message as debug data. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function protocolError(message: string): ConnectionError {
  return new ConnectionError(Http2Code.PROTOCOL_ERROR, message);
}

export function frameSizeError(message: string): ConnectionError {
  return new ConnectionError(Http2Code.FRAME_SIZE_ERROR, message);
}

export function calm(message: string): ConnectionError {
  return new ConnectionError(Http2Code.ENHANCE_YOUR_CALM, message);
}
