// A serial queue: one task at a time, in order. Tasks that need not wait run at once, within the call.

interface Task {
  run(): void | Promise<void>;
  abandon?(error: Error): void;
}

export class SerialQueue {
  readonly #tasks: Task[] = [];
  readonly #failed: (error: unknown) => void;
  readonly #drained: () => void;
  #running: Task | undefined;
  #stopped: Error | undefined;

  /**
   * @param failed is told what a task threw; the queue goes on, unless it is stopped by that.
   * @param drained is called whenever nothing is left to do.
   */
  constructor(failed: (error: unknown) => void, drained: () => void) {
    this.#failed = failed;
    this.#drained = drained;
  }

  get busy(): boolean {
    return this.#running !== undefined || this.#tasks.length > 0;
  }

  /** @param abandon is called where the task fails, or is not done because the queue was stopped. */
  add(run: Task['run'], abandon?: Task['abandon']): void {
    if (this.#stopped) return abandon?.(this.#stopped);
    this.#tasks.push({ run, abandon });
    if (!this.#running) void this.#work();
  }

  /** Does nothing more; whoever waits for a task is told why. */
  stop(error: Error): void {
    this.#stopped = error;
    for (const task of [this.#running, ...this.#tasks.splice(0)]) task?.abandon?.(error);
  }

  async #work(): Promise<void> {
    for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
      this.#running = task;
      try {
        const done = task.run();
        if (done) await done;
      } catch (error) {
        task.abandon?.(error as Error);
        this.#failed(error);
      }
      this.#running = undefined;
    }
    this.#drained();
  }
}
