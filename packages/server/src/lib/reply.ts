/** Takes what a `Reply` comes to. */
export interface ReplyListener<T> {
  onReply(value: T): void;
  onFailure(error: unknown): void;
}

/**
 * An answer that comes later: a promise without what promises cost where tens of thousands a second
 * are under way. Its one listener is called in the very turn in which the answer comes. Everybody else
 * awaits it, or calls `then`, which makes a promise of it. A failure that nobody asks for is not reported.
 */
export class Reply<T> implements PromiseLike<T> {
  #outcome: "open" | "resolved" | "rejected" = "open";
  #value: T | undefined = undefined;
  #error: unknown = undefined;
  #listener: ReplyListener<T> | undefined = undefined;
  #promise: Promise<T> | undefined = undefined;

  static rejected<T>(error: unknown): Reply<T> {
    const reply = new Reply<T>();
    reply.reject(error);
    return reply;
  }

  get isSettled(): boolean {
    return this.#outcome !== "open";
  }

  /** The first outcome stays; later ones are ignored. */
  resolve(value: T): void {
    if (this.isSettled) return;
    this.#outcome = "resolved";
    this.#value = value;
    this.#tell();
  }

  reject(error: unknown): void {
    if (this.isSettled) return;
    this.#outcome = "rejected";
    this.#error = error;
    this.#tell();
  }

  /** Sets the one listener; it is called at once if the answer is there. */
  listen(listener: ReplyListener<T>): void {
    this.#listener = listener;
    if (this.isSettled) this.#tell();
  }

  then<A = T, B = never>(
    onResolved?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#promise ??= new Promise<T>((resolve, reject) => {
      this.listen({ onReply: resolve, onFailure: reject });
    });
    return this.#promise.then(onResolved, onRejected);
  }

  catch<B = never>(onRejected: (reason: unknown) => B | PromiseLike<B>): Promise<T | B> {
    return this.then(undefined, onRejected);
  }

  #tell(): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    if (this.#outcome === "resolved") listener.onReply(this.#value as T);
    else listener.onFailure(this.#error);
  }
}

/** An answer that comes later, in either form. */
export type Later<T> = Promise<T> | Reply<T>;

export function isLater<T>(value: T | Later<T>): value is Later<T> {
  return value instanceof Reply || value instanceof Promise;
}

/** Tells `listener` what `later` comes to: of a reply in the same turn. */
export function listenTo<T>(later: Later<T>, listener: ReplyListener<T>): void {
  if (later instanceof Reply) later.listen(listener);
  else {
    later.then(
      (value) => listener.onReply(value),
      (error: unknown) => listener.onFailure(error),
    );
  }
}
