import type { EventOf, EventType, Listener, TrainerEvent } from './events.ts'

type WithoutSequence<Event> = Event extends TrainerEvent ? Omit<Event, 'sequence'> : never

/** An event before it is numbered. */
export type NewEvent = WithoutSequence<TrainerEvent>

interface Entry {
  /** `undefined` for every event. */
  readonly type: EventType | undefined
  readonly listener: Listener
}

/** Numbers events, and passes each to its listeners, one after the other. */
export class EventHub {
  /** Number of the next event. */
  sequence = 0
  readonly #entries = new Set<Entry>()

  on<Type extends EventType>(type: Type, listener: Listener<EventOf<Type>>): () => void {
    // Events of other types never reach it, which the compiler cannot follow through the set.
    return this.#add({ type, listener: listener as Listener })
  }

  onEvent(listener: Listener): () => void {
    return this.#add({ type: undefined, listener })
  }

  async emit(event: NewEvent): Promise<void> {
    const numbered: TrainerEvent = { ...event, sequence: this.sequence }
    this.sequence += 1
    for (const { type, listener } of this.#entries) {
      if (type === undefined || type === numbered.type) await listener(numbered)
    }
  }

  #add(entry: Entry): () => void {
    this.#entries.add(entry)
    return () => void this.#entries.delete(entry)
  }
}
