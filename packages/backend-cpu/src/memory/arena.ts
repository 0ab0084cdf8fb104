import { BackendError, bytesPerElement, type BufferHandle, sizeOf, type TensorSpec } from '@qkv/tensor'
import { formatBytes, guardBytes, type Heap, reservedBytes } from './heap.ts'
import { classOf, lineBytes, linesOf } from './size-class.ts'

/** A block of the heap that a tensor lives in. */
export class CpuBuffer implements BufferHandle {
  readonly owner = 'cpu'
  readonly arena: Arena
  readonly byteLength: number
  /** Where it starts in the heap, in bytes. */
  readonly address: number
  /** @internal */
  readonly sizeClass: number
  live = true

  constructor(arena: Arena, byteLength: number, address: number, sizeClass: number) {
    this.arena = arena
    this.byteLength = byteLength
    this.address = address
    this.sizeClass = sizeClass
  }
}

/** A free stretch of lines. */
interface Span {
  start: number
  lines: number
}

/**
 * Hands out blocks of the heap and takes them back: a free list per size class, so that a loop that repeats its
 * shapes allocates nothing after its first round.
 *
 * When a class has no free block, one is cut from a free span. Before the heap grows for lack of a span, blocks that
 * lie idle in other classes are merged back into spans, if there are enough of them to be worth the search.
 */
export class Arena {
  readonly heap: Heap
  liveBuffers = 0
  liveBytes = 0
  /** Gives back what can be done without, when the heap cannot grow; whether there was anything. */
  onPressure: () => boolean = () => false
  readonly #free: number[][] = []
  /** What the call that runs now has allocated. */
  readonly #fresh: CpuBuffer[] = []
  #idleLines = 0
  #spans: Span[]
  #scratch = { start: 0, lines: 0 }

  constructor(heap: Heap) {
    this.heap = heap
    const start = reservedBytes / lineBytes
    this.#spans = [{ start, lines: this.#endLine() - start }]
  }

  /** Marks the start of a call. */
  begin(): void {
    this.#fresh.length = 0
  }

  /** Takes back what was allocated since `begin`: the call has failed. */
  undo(): void {
    for (const buffer of this.#fresh) if (buffer.live) this.release(buffer)
  }

  /** A block for a tensor, its content undefined. May grow the heap, which replaces the heap's views. */
  allocate(spec: TensorSpec): CpuBuffer {
    const byteLength = Math.ceil(sizeOf(spec.shape) * bytesPerElement[spec.dtype])
    let buffer: CpuBuffer
    try {
      buffer = this.reserve(byteLength)
    } catch (error) {
      throw error instanceof BackendError ? this.#noRoom(spec, byteLength, error) : error
    }
    this.liveBuffers += 1
    this.liveBytes += buffer.byteLength
    this.#fresh.push(buffer)
    return buffer
  }

  /** A block for what is no tensor, and not counted as one. May grow the heap, which replaces the heap's views. */
  reserve(byteLength: number): CpuBuffer {
    const lines = linesFor(byteLength)
    if (lines * lineBytes > this.heap.limit) this.heap.grow(byteLength)
    const sizeClass = classOf(lines)
    const list = this.#free[sizeClass]
    let start: number
    if (list !== undefined && list.length > 0) {
      start = list.pop()!
      this.#idleLines -= linesOf(sizeClass)
    } else start = this.#cut(linesOf(sizeClass))
    return new CpuBuffer(this, byteLength, start * lineBytes, sizeClass)
  }

  /** Takes back what `reserve` gave. */
  giveBack(buffer: CpuBuffer): void {
    buffer.live = false
    const list = (this.#free[buffer.sizeClass] ??= [])
    list.push(buffer.address / lineBytes)
    this.#idleLines += linesOf(buffer.sizeClass)
  }

  /** Takes a tensor's block back; throws a `BackendError` when it was released before or is not of this arena. */
  release(handle: BufferHandle): void {
    const buffer = this.own(handle)
    this.giveBack(buffer)
    this.liveBuffers -= 1
    this.liveBytes -= buffer.byteLength
  }

  /** The handle as a live buffer of this arena; throws a `BackendError` when it is none. */
  own(handle: BufferHandle): CpuBuffer {
    const buffer = handle as CpuBuffer
    if (buffer.arena === this && buffer.live) return buffer
    throw new BackendError({
      operation: 'cpu',
      argument: 'handle',
      got: buffer.arena === this ? 'was released' : `belongs to another device ('${handle.owner}')`,
      expected: 'a live buffer of this device',
      fix: 'Use tensors before they are disposed, and move them between devices with `moveTo`.',
    })
  }

  /**
   * The address of working space for the call that is running, its content undefined; the next call of `scratch`
   * gives the same space. May grow the heap, which replaces the heap's views.
   */
  scratch(byteLength: number): number {
    const lines = linesFor(byteLength)
    if (lines > this.#scratch.lines) {
      if (this.#scratch.lines > 0) this.#freeSpan(this.#scratch)
      this.#scratch = { start: 0, lines: 0 }
      const roomy = linesOf(classOf(lines))
      this.#scratch = { start: this.#cut(roomy), lines: roomy }
    }
    return this.#scratch.start * lineBytes
  }

  #noRoom({ shape, dtype }: TensorSpec, byteLength: number, { expected, fix }: BackendError): BackendError {
    return new BackendError({
      operation: 'cpu',
      argument: 'memory',
      got: `has no room for ${dtype} [${shape.join(', ')}] of ${formatBytes(byteLength)} beside tensors of ${formatBytes(this.liveBytes)}`,
      expected,
      fix,
    })
  }

  #cut(lines: number): number {
    let span = this.#findSpan(lines)
    if (!span && this.#idleLines * 4 > this.heap.byteLength / lineBytes) {
      this.#mergeIdleBlocks()
      span = this.#findSpan(lines)
    }
    if (!span) span = this.#extend(lines)
    const { start } = span
    span.start += lines
    span.lines -= lines
    if (span.lines === 0) this.#spans.splice(this.#spans.indexOf(span), 1)
    return start
  }

  #findSpan(lines: number): Span | undefined {
    for (const span of this.#spans) if (span.lines >= lines) return span
    return undefined
  }

  #extend(lines: number): Span {
    const end = this.#endLine()
    const last = this.#spans.at(-1)
    const tail = last !== undefined && last.start + last.lines === end ? last : { start: end, lines: 0 }
    try {
      this.heap.grow((tail.start + lines) * lineBytes + guardBytes)
    } catch (error) {
      if (this.#idleLines === 0 && !this.onPressure()) throw error
      this.#mergeIdleBlocks()
      return this.#findSpan(lines) ?? this.#extend(lines)
    }
    tail.lines = this.#endLine() - tail.start
    if (tail !== last) this.#spans.push(tail)
    return tail
  }

  #endLine(): number {
    return (this.heap.byteLength - guardBytes) / lineBytes
  }

  #freeSpan(span: Span): void {
    this.#spans.push({ ...span })
    this.#joinSpans()
  }

  #mergeIdleBlocks(): void {
    for (const [sizeClass, list] of this.#free.entries()) {
      if (list === undefined) continue
      for (const start of list) this.#spans.push({ start, lines: linesOf(sizeClass) })
      list.length = 0
    }
    this.#idleLines = 0
    this.#joinSpans()
  }

  #joinSpans(): void {
    const sorted = this.#spans.toSorted((a, b) => a.start - b.start)
    this.#spans = []
    for (const span of sorted) {
      const last = this.#spans.at(-1)
      if (last && last.start + last.lines === span.start) last.lines += span.lines
      else this.#spans.push(span)
    }
  }
}

function linesFor(byteLength: number): number {
  return Math.max(1, Math.ceil(byteLength / lineBytes))
}
