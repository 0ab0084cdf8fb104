import { Recorder } from './autograd/recorder.ts'
import type { Backend, BackendMemory, BufferHandle } from './backend/backend.ts'
import type { BackendSelection } from './backend/plugin.ts'
import type { HostArray, TensorSpec } from './dtype.ts'
import { BackendError } from './errors/backend-error.ts'
import { DeviceError } from './errors/device-error.ts'
import { DisposedError } from './errors/disposed-error.ts'
import { type TensorData, type TensorOptions, toHostArray } from './host-data.ts'
import type { Scope } from './memory/scope.ts'
import { ScopeStack } from './memory/scope-stack.ts'
import { Storage } from './memory/storage.ts'
import type { DeviceObserver, ObservedCall } from './observer.ts'
import type { CompositeOp, Op, ViewOp } from './op.ts'
import { copyOp } from './ops/copy.ts'
import { identityOp } from './ops/identity.ts'
import { stridesOf } from './shape.ts'
import { Tensor } from './tensor.ts'

const noScalars: readonly number[] = []

export interface DeviceMemory extends BackendMemory {
  /** Donations that could not be honoured because somebody else could still see the buffer. */
  readonly refusedDonations: number
  /** Tensors dropped without `dispose()` outside any scope, found by the garbage collector. */
  readonly lostTensors: number
}

/**
 * Where tensors live and operations run: a backend with the memory scopes, tapes and observers above it.
 *
 * Every operation goes through `apply`: infer, tell the observers, then run, relayout or decompose, then record.
 *
 * @example
 * const device = await openDevice({ backend: cpu() })
 * const total = device.scoped(() => sum(mul(device.tensor([1, 2, 3]), 2)))
 */
export class Device {
  readonly backend: Backend
  /** How the backend was chosen; `undefined` for a device made from a backend directly. */
  readonly selection: BackendSelection | undefined
  /** @internal */
  readonly recorder: Recorder = new Recorder()
  readonly #scopes = new ScopeStack()
  readonly #observers: DeviceObserver[] = []
  #depth = 0
  #refusedDonations = 0
  #closed = false

  constructor(backend: Backend, selection?: BackendSelection) {
    this.backend = backend
    this.selection = selection
  }

  /** The backend's name. */
  get name(): string {
    return this.backend.name
  }

  /**
   * A tensor from numbers, nested arrays or a typed array; throws a `ShapeError` when the data does not fit.
   *
   * @example
   * device.tensor([[1, 2], [3, 4]])
   * device.tensor(new Int32Array([5, 6, 7]), { shape: [3, 1] })
   */
  tensor(data: TensorData, options: TensorOptions = {}): Tensor {
    this.#checkOpen('tensor')
    const { array, spec } = toHostArray(data, options)
    return this.#wrap(spec, this.backend.upload(array, spec))
  }

  /** Runs one operation; the free functions (`add`, `softmax`, ...) call this. */
  apply<Attrs>(
    op: Op<Attrs>,
    inputs: readonly Tensor[],
    attrs: Attrs,
    scalars: readonly number[] = noScalars,
  ): readonly Tensor[] {
    const specs = this.#infer(op, inputs, attrs)
    if (this.#observers.length === 0) return this.#perform(op, inputs, attrs, scalars, specs)
    const call: ObservedCall = { op, attrs, scalars, inputs, depth: this.#depth }
    for (const observer of this.#observers) observer.enter?.(call)
    const outputs = this.#perform(op, inputs, attrs, scalars, specs)
    for (const observer of this.#observers) observer.exit?.(call, outputs)
    return outputs
  }

  /** `apply` for an operation with one output. */
  applySingle<Attrs>(
    op: Op<Attrs>,
    inputs: readonly Tensor[],
    attrs: Attrs,
    scalars: readonly number[] = noScalars,
  ): Tensor {
    return this.apply(op, inputs, attrs, scalars)[0]!
  }

  /**
   * Opens a scope that disposes the tensors made in it. Scopes belong to synchronous stretches of code:
   * across an `await`, other code may make tensors that this scope would own.
   */
  scope(): Scope {
    return this.#scopes.open()
  }

  /**
   * Runs `fn` in a scope and keeps the tensors that it returns (one, an array, or the values of a plain object).
   *
   * @example
   * const hidden = device.scoped(() => relu(add(matmul(x, weight), bias)))
   */
  scoped<Result>(fn: () => Result): Result {
    const scope = this.scope()
    try {
      const result = fn()
      if (result instanceof Promise) {
        throw new DeviceError({
          operation: 'scoped',
          argument: 'fn',
          got: 'returned a promise',
          expected: 'a synchronous function',
          fix: 'Await outside the scope, or dispose the tensors one by one.',
        })
      }
      if (result instanceof Tensor) scope.keep(result)
      else for (const tensor of tensorsIn(result)) scope.keep(tensor)
      return result
    } finally {
      scope.dispose()
    }
  }

  /** Moves a tensor out of the innermost scope that is open now; see `Scope.keep`. */
  keep<T extends Tensor>(tensor: T): T {
    this.#scopes.keep(tensor)
    return tensor
  }

  /** Takes a tensor out of all scopes: it lives until `dispose()`. For parameters, caches, optimizer state. */
  retain<T extends Tensor>(tensor: T): T {
    this.#scopes.retain(tensor)
    return tensor
  }

  /** Adds an observer; the returned function removes it. */
  observe(observer: DeviceObserver): () => void {
    this.#observers.push(observer)
    return () => {
      const index = this.#observers.indexOf(observer)
      if (index >= 0) this.#observers.splice(index, 1)
    }
  }

  /** Resolves when everything enqueued so far is done. */
  async synchronize(): Promise<void> {
    this.#checkOpen('synchronize')
    await this.backend.synchronize()
  }

  memory(): DeviceMemory {
    const { liveBuffers, liveBytes } = this.backend.memory()
    return {
      liveBuffers,
      liveBytes,
      refusedDonations: this.#refusedDonations,
      lostTensors: this.#scopes.lostCount,
    }
  }

  /** Frees the backend; every tensor of this device is gone with it. */
  async dispose(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#scopes.dispose()
    await this.backend.dispose()
  }

  /** Whether gradients are being recorded just now. */
  get recording(): boolean {
    return this.recorder.recording !== 0
  }

  /** @internal Makes the innermost scope the owner of a tensor whose owner has given it up, and which the caller alone holds. */
  adopt(tensor: Tensor): Tensor {
    tensor.revive()
    return this.#scopes.own(tensor)
  }

  /** @internal */
  forget(tensor: Tensor): void {
    this.#scopes.forget(tensor)
  }

  /** @internal */
  async read(tensor: Tensor): Promise<HostArray> {
    this.#checkInputs('read', [tensor])
    if (tensor.contiguous) return this.backend.download(tensor.handle, tensor.spec)
    const dense = this.#contiguousCopy(tensor)
    try {
      return await this.backend.download(dense.handle, dense.spec)
    } finally {
      dense.dispose()
    }
  }

  /** @internal */
  readSync(tensor: Tensor): HostArray {
    this.#checkInputs('readSync', [tensor])
    const download = this.backend.downloadSync
    if (!download) {
      throw new BackendError({
        operation: 'readSync',
        argument: 'tensor',
        got: `lives on backend '${this.name}', which cannot wait`,
        expected: 'a backend with synchronous reads',
        fix: 'Use `await tensor.read()`.',
      })
    }
    if (tensor.contiguous) return download(tensor.handle, tensor.spec)
    const dense = this.#contiguousCopy(tensor)
    const values = download(dense.handle, dense.spec)
    dense.dispose()
    return values
  }

  #infer<Attrs>(op: Op<Attrs>, inputs: readonly Tensor[], attrs: Attrs): readonly TensorSpec[] {
    try {
      this.#checkInputs(op.name, inputs)
      return op.infer(specsOf(inputs), attrs)
    } catch (error) {
      // A refused call consumes nothing.
      for (const input of inputs) input.donated = false
      throw error
    }
  }

  #perform<Attrs>(
    op: Op<Attrs>,
    inputs: readonly Tensor[],
    attrs: Attrs,
    scalars: readonly number[],
    specs: readonly TensorSpec[],
  ): readonly Tensor[] {
    const tapes = this.recorder.recording === 0 || op.stopsGradient ? 0 : this.recorder.tracking(inputs)
    let outputs: readonly Tensor[]
    if (op.kind === 'view') outputs = [this.#relayout(op, inputs[0]!, attrs, specs[0]!)]
    else if (op.kind === 'primitive' || this.#runsWhole(op, inputs, attrs, tapes !== 0)) {
      outputs = this.#run(op, inputs, attrs, scalars, specs, tapes !== 0)
    } else if (op.vjp || op.stopsGradient) {
      outputs = this.recorder.pause(() => this.#decompose(op, inputs, attrs, scalars))
    } else return this.#decompose(op, inputs, attrs, scalars)
    if (tapes !== 0) this.recorder.record(op, inputs, outputs, attrs, scalars, tapes)
    return outputs
  }

  #runsWhole<Attrs>(
    op: CompositeOp<Attrs>,
    inputs: readonly Tensor[],
    attrs: Attrs,
    recorded: boolean,
  ): boolean {
    // Without a gradient of its own, it has those of what it is made of.
    if (recorded && !op.vjp) return false
    for (const observer of this.#observers) if (observer.decomposes?.(op, attrs)) return false
    return this.backend.supports(op, specsOf(inputs), attrs)
  }

  #relayout<Attrs>(op: ViewOp<Attrs>, input: Tensor, attrs: Attrs, spec: TensorSpec): Tensor {
    const layout = op.relayout(input.layout, input.spec, attrs)
    let output: Tensor
    if (layout === 'copy') {
      const dense = this.#contiguousCopy(input)
      const denseLayout = op.relayout(dense.layout, dense.spec, attrs)
      if (denseLayout === 'copy') throw new Error(`${op.name} asks for a copy of a contiguous tensor`)
      output = this.#scopes.own(new Tensor(this, spec, dense.storage.share(), denseLayout))
      dense.dispose()
    } else output = this.#scopes.own(new Tensor(this, spec, input.storage.share(), layout))
    if (input.donated) input.consume(false)
    return output
  }

  #run(
    op: Op,
    inputs: readonly Tensor[],
    attrs: unknown,
    scalars: readonly number[],
    specs: readonly TensorSpec[],
    recorded: boolean,
  ): readonly Tensor[] {
    let donated = false
    let contiguous = true
    for (const input of inputs) {
      donated ||= input.donated
      contiguous &&= input.contiguous
    }
    const donors = donated ? this.#takeDonations(inputs, recorded) : undefined
    let copies: Tensor[] | undefined
    let readable = inputs
    if (!contiguous && op.name !== copyOp.name && !this.backend.capabilities.readsStrides(op)) {
      copies = []
      readable = inputs.map((input) => {
        if (input.contiguous) return input
        const dense = this.#contiguousCopy(input)
        copies!.push(dense)
        return dense
      })
    }
    let handles: readonly BufferHandle[]
    try {
      handles = this.backend.run({ op, attrs, scalars, inputs: readable, outputs: specs })
    } catch (error) {
      if (donors) for (const donor of donors) donor.donated = false
      throw error
    } finally {
      if (copies) for (const copy of copies) copy.dispose()
    }
    if (donors) {
      const returned = new Set(handles)
      for (const donor of donors) donor.consume(donor.donated && returned.has(donor.handle))
    }
    return handles.map((handle, index) => this.#wrap(specs[index]!, handle))
  }

  /** The donated inputs; the flag stays set only on those whose buffer the backend may really have. */
  #takeDonations(inputs: readonly Tensor[], recorded: boolean): ReadonlySet<Tensor> {
    const donors = new Set<Tensor>()
    const repeated = new Set<Tensor>()
    for (const input of inputs) {
      if (!input.donated) continue
      if (donors.has(input)) repeated.add(input)
      donors.add(input)
    }
    for (const donor of donors) {
      if (donor.exclusive && !recorded && !repeated.has(donor)) continue
      donor.donated = false
      this.#refusedDonations += 1
    }
    return donors
  }

  #decompose<Attrs>(
    op: CompositeOp<Attrs>,
    inputs: readonly Tensor[],
    attrs: Attrs,
    scalars: readonly number[],
  ): readonly Tensor[] {
    const donors = inputs.filter((input) => input.donated)
    for (const donor of donors) donor.donated = false
    const scope = this.scope()
    this.#depth += 1
    try {
      const outputs = op
        .decompose(inputs, attrs, scalars)
        .map((output) => (inputs.includes(output) ? this.applySingle(identityOp, [output], {}) : output))
      for (const output of outputs) scope.keep(output)
      for (const donor of new Set(donors)) donor.consume(false)
      return outputs
    } finally {
      this.#depth -= 1
      scope.dispose()
    }
  }

  #contiguousCopy(tensor: Tensor): Tensor {
    return this.#run(copyOp, [tensor], {}, noScalars, [tensor.spec], false)[0]!
  }

  #wrap(spec: TensorSpec, handle: BufferHandle): Tensor {
    const layout = { strides: stridesOf(spec.shape), offset: 0 }
    return this.#scopes.own(new Tensor(this, spec, new Storage(this.backend, handle), layout))
  }

  #checkOpen(operation: string): void {
    if (!this.#closed) return
    throw new DeviceError({
      operation,
      argument: 'device',
      got: `'${this.name}' was disposed`,
      expected: 'an open device',
      fix: 'Open a new one with `openDevice`.',
    })
  }

  #checkInputs(operation: string, inputs: readonly Tensor[]): void {
    if (this.#closed) this.#checkOpen(operation)
    for (let index = 0; index < inputs.length; index++) {
      const input = inputs[index]!
      if (input.device !== this) {
        throw new DeviceError({
          operation,
          argument: `input ${index}`,
          got: `lives on another device ('${input.device.name}')`,
          expected: `a tensor of this device ('${this.name}')`,
          fix: 'Move it with `await moveTo(device, tensor)`.',
        })
      }
      if (!input.held || (input.disposed && !this.recorder.inBackward)) {
        throw new DisposedError({
          operation,
          argument: `input ${index}`,
          got: `of shape [${input.shape.join(', ')}] was disposed`,
          expected: 'a live tensor',
          fix: 'Keep it alive with `scope.keep(tensor)`, or use it before it is disposed or donated.',
        })
      }
    }
  }
}

function specsOf(inputs: readonly Tensor[]): readonly TensorSpec[] {
  return inputs.map((input) => input.spec)
}

function* tensorsIn(value: unknown): Generator<Tensor> {
  if (value instanceof Tensor) yield value
  else if (Array.isArray(value)) for (const item of value) yield* tensorsIn(item)
  else if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) yield* tensorsIn(item)
  }
}
