import type { GpuHandle } from '../memory/arena.ts'
import type { Block, BufferPool } from '../memory/buffer-pool.ts'
import { webGpuError } from '../errors.ts'
import { type Pipeline, PipelineCache } from './pipeline-cache.ts'
import type { Program } from './program.ts'
import { slotBytes, Uniforms } from './uniforms.ts'

/** So many dispatches are collected before they are submitted: the GPU works while the next ones are encoded. */
const batchLength = 128
/** So many bind groups are kept; a training step repeats some hundred. */
const keptGroups = 4096
/** Workgroups per dimension that every GPU takes. */
const widest = 65_535

/** Counts that tests and benchmarks read. */
export interface CommandCounters {
  dispatches: number
  submits: number
  readBacks: number
}

/** Encodes commands into batches, one submit each. */
export class CommandQueue {
  readonly counters: CommandCounters = { dispatches: 0, submits: 0, readBacks: 0 }
  readonly pipelines: PipelineCache
  readonly #device: GPUDevice
  readonly #pool: BufferPool
  readonly #uniforms: Uniforms
  readonly #groups = new Map<string, GPUBindGroup>()
  #encoder: GPUCommandEncoder | undefined
  #pass: GPUComputePassEncoder | undefined
  #current: Pipeline | undefined
  #batch = 0

  constructor(device: GPUDevice, pool: BufferPool, subgroups: boolean) {
    this.#device = device
    this.#pool = pool
    this.pipelines = new PipelineCache(device, subgroups)
    this.#uniforms = new Uniforms(device, batchLength)
  }

  /** The number of the batch that is being encoded. */
  get batch(): number {
    return this.#batch
  }

  /** Encodes one dispatch of `workgroups` workgroups; nothing at all when there are none. */
  dispatch(
    program: Program,
    buffers: readonly GpuHandle[],
    values: readonly number[],
    workgroups: number,
  ): void {
    if (workgroups === 0) return
    if (program.parameters.length * 4 > slotBytes) throw tooManyAxes(program)
    const pipeline = this.pipelines.get(program)
    const group = this.#groupOf(pipeline, buffers)
    for (const { block } of buffers) block.batch = this.#batch
    const pass = (this.#pass ??= this.#commands().beginComputePass())
    if (this.#current !== pipeline) pass.setPipeline(pipeline.pipeline)
    this.#current = pipeline
    pass.setBindGroup(0, group, [this.#uniforms.add(program.parameters, values)])
    const rows = Math.ceil(workgroups / widest)
    pass.dispatchWorkgroups(Math.ceil(workgroups / rows), rows)
    this.counters.dispatches += 1
    if (this.#uniforms.full) this.flush()
  }

  /** Encodes a copy of bytes between two buffers. */
  copy(source: Block, target: Block | GPUBuffer, bytes: number): void {
    if (bytes === 0) return
    this.#endPass()
    source.batch = this.#batch
    if ('batch' in target) target.batch = this.#batch
    this.#commands().copyBufferToBuffer(
      source.buffer,
      0,
      'batch' in target ? target.buffer : target,
      0,
      bytes,
    )
  }

  /** Submits what was encoded. */
  flush(): void {
    if (this.#encoder) {
      this.#endPass()
      this.#uniforms.write()
      this.#device.queue.submit([this.#encoder.finish()])
      this.counters.submits += 1
      this.#encoder = undefined
      this.#batch += 1
    }
    // Bind groups may name what was destroyed.
    if (this.#pool.sweep()) this.#groups.clear()
  }

  #commands(): GPUCommandEncoder {
    return (this.#encoder ??= this.#device.createCommandEncoder())
  }

  #endPass(): void {
    this.#pass?.end()
    this.#pass = undefined
    this.#current = undefined
  }

  #groupOf({ layout }: Pipeline, buffers: readonly GpuHandle[]): GPUBindGroup {
    let key = `${layout.id}`
    for (const { block } of buffers) key += `,${block.id}`
    const known = this.#groups.get(key)
    if (known) return known
    if (this.#groups.size >= keptGroups) this.#groups.clear()
    const group = this.#device.createBindGroup({
      layout: layout.group,
      entries: [
        { binding: 0, resource: { buffer: this.#uniforms.buffer, size: slotBytes } },
        ...buffers.map(({ block }, index) => ({ binding: index + 1, resource: { buffer: block.buffer } })),
      ],
    })
    this.#groups.set(key, group)
    return group
  }
}

function tooManyAxes({ key, parameters }: Program): Error {
  return webGpuError({
    argument: 'layout',
    got: `of '${key}' takes ${parameters.length} numbers to describe`,
    expected: `no more than ${slotBytes / 4}`,
    fix: 'Use tensors of fewer axes, or make dense copies of views with `copy` first.',
  })
}
