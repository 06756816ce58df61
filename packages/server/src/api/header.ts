import { ResponseHeader } from "@kvorum/proto";
import type { MemberPort } from "../member/ports.ts";

interface WithHeader {
  header: ResponseHeader | undefined;
}

/** Completes response headers with what only this member knows. */
export class Headers {
  readonly #member: MemberPort;

  constructor(member: MemberPort) {
    this.#member = member;
  }

  /** Fills the header, made if missing; a revision of 0 becomes the store's current one. */
  readonly complete = <Response extends WithHeader>(response: Response): Response => {
    const header = (response.header ??= ResponseHeader.create());
    if (header.revision === 0) header.revision = this.#member.currentRevision;
    this.#fill(header);
    return response;
  };

  /** Fills a header that is there, and leaves its revision alone. */
  completeExisting<Response extends WithHeader>(response: Response): Response {
    if (response.header !== undefined) this.#fill(response.header);
    return response;
  }

  /** A new header. Answers about the cluster carry no revision, that is 0. */
  create(revision: number): ResponseHeader {
    const header = ResponseHeader.create({ revision });
    this.#fill(header);
    return header;
  }

  #fill(header: ResponseHeader): void {
    const { clusterId, memberId, raftTerm } = this.#member.headerFields();
    header.clusterId = clusterId;
    header.memberId = memberId;
    header.raftTerm = raftTerm;
  }
}
