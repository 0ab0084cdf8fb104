import type { BufferHandle } from '@qkv/tensor'
import type { Arena, CpuBuffer } from '../memory/arena.ts'

/** The panels that a product wants of its right matrix. */
export interface PanelRequest {
  /** A weight may have panels of several widths. */
  readonly panelColumns: number
  /** Tells where in its buffer the matrix starts. */
  readonly start: number
  readonly inner: number
  readonly columns: number
  readonly byteLength: number
  /** Whether they are worth it for a single use. */
  readonly atOnce: boolean
  /** Writes them to an address. */
  readonly pack: (address: number) => void
}

/** A weight that was used since it was last written, and its panels once it has some. */
interface Entry extends Pick<PanelRequest, 'panelColumns' | 'start' | 'inner' | 'columns' | 'byteLength'> {
  panels: CpuBuffer | undefined
}

/** Of what tensors may take, panels get at most this share. */
const largestShare = 1 / 4

/**
 * Keeps the panels of weights that are used again and again: from the second use on since a weight was written, or from the first when that
 * has few rows, as in generation. Training writes weights after each use, and so keeps none. Under pressure of memory, all are dropped.
 */
export class WeightPanels {
  /** Bytes that panels take now. */
  bytes = 0
  readonly #arena: Arena
  readonly #entries = new Map<BufferHandle, Entry[]>()
  /** What the product that runs now reads. */
  #inUse: Entry | undefined

  constructor(arena: Arena) {
    this.#arena = arena
    arena.onPressure = () => this.#dropAll()
  }

  /**
   * The address of the panels of a weight, the right matrix of a product; `undefined` as long as it has none, or when there is no room
   * for them. They stay until `done` is called.
   */
  of(weight: BufferHandle, request: PanelRequest): number | undefined {
    const { panelColumns, start, inner, columns, byteLength } = request
    const entries = this.#entriesOf(weight)
    let entry = entries.find((each) => each.panelColumns === panelColumns)
    if (!entry) {
      entry = { panelColumns, start, inner, columns, byteLength, panels: undefined }
      entries.push(entry)
      if (!request.atOnce) return undefined
    }
    // Only one matrix of a buffer has panels.
    if (entry.start !== start || entry.inner !== inner || entry.columns !== columns) return undefined
    this.#inUse = entry
    if (!entry.panels && this.#take(entry)) request.pack(entry.panels!.address)
    return entry.panels?.address
  }

  /** The product that has asked last is done. */
  done(): void {
    this.#inUse = undefined
  }

  /** A buffer is released, or written. */
  forget(buffer: BufferHandle): void {
    const entries = this.#entries.get(buffer)
    if (!entries) return
    this.#entries.delete(buffer)
    for (const entry of entries) this.#drop(entry)
  }

  #entriesOf(weight: BufferHandle): Entry[] {
    let entries = this.#entries.get(weight)
    if (!entries) this.#entries.set(weight, (entries = []))
    return entries
  }

  /** Room for the panels of a weight, if there is any: products do without. */
  #take(entry: Entry): boolean {
    const { byteLength } = entry
    if (this.bytes + byteLength > this.#arena.heap.limit * largestShare) return false
    try {
      entry.panels = this.#arena.reserve(byteLength)
    } catch {
      return false
    }
    this.bytes += byteLength
    return true
  }

  #drop(entry: Entry): void {
    if (!entry.panels) return
    this.bytes -= entry.panels.byteLength
    this.#arena.giveBack(entry.panels)
    entry.panels = undefined
  }

  /** Whether there was anything to drop. */
  #dropAll(): boolean {
    const before = this.bytes
    for (const entry of [...this.#entries.values()].flat()) if (entry !== this.#inUse) this.#drop(entry)
    return this.bytes < before
  }
}
