/** A typed event source of a few lines: listeners are called in order of registration, on the caller's stack. */

export type Unsubscribe = () => void;

export class Emitter<Events extends object> {
  /** Made for the first listener: most emitters of a large replica never have one. */
  #listeners: Map<keyof Events, Set<(event: never) => void>> | undefined;

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe {
    this.#listeners ??= new Map();
    const listeners = this.#listeners;
    const set = listeners.get(name) ?? new Set();
    listeners.set(name, set);
    // A wrapper, so that one function registered twice is two listeners.
    const own = (event: Events[Name]) => listener(event);
    set.add(own as (event: never) => void);
    return () => {
      set.delete(own as (event: never) => void);
      if (set.size === 0 && listeners.get(name) === set) listeners.delete(name);
    };
  }

  /** Listeners added while emitting are not called for this event; removed ones are not called any more. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const set = this.#listeners?.get(name);
    if (!set) return;
    for (const listener of [...set]) {
      if (set.has(listener)) (listener as (event: Events[Name]) => void)(event);
    }
  }

  listenerCount(name: keyof Events): number {
    return this.#listeners?.get(name)?.size ?? 0;
  }
}
