import { computeStage } from '../platform/usage.ts'
import { type Program, shaderOf } from './program.ts'

/** A compiled program with the layout of its bindings. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline
  readonly layout: BindingLayout
}

/** Programs that bind the same kinds of buffers share one layout. */
export interface BindingLayout {
  readonly id: number
  readonly group: GPUBindGroupLayout
  readonly pipeline: GPUPipelineLayout
}

/** Compiles each program once, with subgroups or without them. */
export class PipelineCache {
  readonly #device: GPUDevice
  readonly #subgroups: boolean
  readonly #pipelines = new Map<string, Pipeline>()
  readonly #layouts = new Map<string, BindingLayout>()

  constructor(device: GPUDevice, subgroups: boolean) {
    this.#device = device
    this.#subgroups = subgroups
  }

  get size(): number {
    return this.#pipelines.size
  }

  get(program: Program): Pipeline {
    const known = this.#pipelines.get(program.key)
    if (known) return known
    const layout = this.#layoutOf(program)
    const module = this.#device.createShaderModule({
      label: program.key,
      code: shaderOf(program, this.#subgroups),
    })
    const pipeline = this.#device.createComputePipeline({
      label: program.key,
      layout: layout.pipeline,
      compute: { module, entryPoint: 'main' },
    })
    const made = { pipeline, layout }
    this.#pipelines.set(program.key, made)
    return made
  }

  #layoutOf({ bindings }: Program): BindingLayout {
    const key = bindings.map(({ access }) => (access === 'read' ? 'r' : 'w')).join('')
    const known = this.#layouts.get(key)
    if (known) return known
    const group = this.#device.createBindGroupLayout({
      entries: [
        { binding: 0, visibility: computeStage, buffer: { type: 'uniform', hasDynamicOffset: true } },
        ...bindings.map(({ access }, index) => ({
          binding: index + 1,
          visibility: computeStage,
          buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
        })),
      ],
    })
    const pipeline = this.#device.createPipelineLayout({ bindGroupLayouts: [group] })
    const made = { id: this.#layouts.size, group, pipeline }
    this.#layouts.set(key, made)
    return made
  }
}
