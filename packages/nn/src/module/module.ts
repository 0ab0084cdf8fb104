import type { Device, RandomStream, Tensor } from '@qkv/tensor'
import type { Buffer } from './buffer.ts'
import type { Parameter } from './parameter.ts'
import {
  type LoadableArray,
  loadState,
  type LoadOptions,
  type LoadReport,
  readState,
  type StateArray,
} from './state.ts'
import { summarize } from './summarize.ts'
import { type ModuleTree, walkTree } from './walk-tree.ts'

/**
 * A part of a model with parameters, buffers and further modules in its fields, also in arrays, maps and plain
 * objects. Their paths follow the fields: `encoder.layers.0.selfAttention.query.weight`. Fields that start with `#`
 * are not walked.
 *
 * Every method that walks throws a `ModuleError` when one parameter or module is reached by two paths.
 *
 * @example
 * class Classifier extends Module {
 *   readonly hidden: Linear
 *   readonly output: Linear
 *   constructor(initialization: Initialization) {
 *     super()
 *     this.hidden = new Linear(initialization, { inputSize: 784, outputSize: 128 })
 *     this.output = new Linear(initialization, { inputSize: 128, outputSize: 10 })
 *   }
 *   forward(x: Tensor): Tensor {
 *     return this.hidden.device.scoped(() => this.output.forward(relu(this.hidden.forward(x))))
 *   }
 * }
 */
export abstract class Module {
  #random: RandomStream | undefined

  /** Whether the module was put into training; it starts in evaluation. */
  get training(): boolean {
    return this.#random !== undefined
  }

  /** The stream that dropout draws from while training; `undefined` in evaluation. */
  get random(): RandomStream | undefined {
    return this.#random
  }

  /** Puts the whole tree into training: dropout is on, and takes its keys from `random`. */
  train(random: RandomStream): void {
    for (const module of this.modules().values()) module.#random = random
  }

  /** Puts the whole tree into evaluation: dropout is off. */
  evaluate(): void {
    for (const module of this.modules().values()) module.#random = undefined
  }

  /** This module, at path `''`, and all below it. */
  modules(): Map<string, Module> {
    return this.#walk().modules
  }

  /** All parameters by path; a tied one once, at the path that owns it. */
  parameters(): Map<string, Parameter> {
    return this.#walk().parameters
  }

  /** The parameters that gradients are taken by. */
  trainableParameters(): Map<string, Parameter> {
    return new Map([...this.parameters()].filter(([, parameter]) => parameter.trainable))
  }

  buffers(): Map<string, Buffer> {
    return this.#walk().buffers
  }

  /** What a checkpoint holds: parameters and persistent buffers by path. The tensors stay the module's own. */
  state(): Map<string, Tensor> {
    return new Map([...this.#persistent()].map(([path, entry]) => [path, entry.value]))
  }

  /** `state` copied to host memory, as checkpoints are written from. */
  async readState(): Promise<Map<string, StateArray>> {
    return readState(this.state())
  }

  /**
   * Replaces parameters and persistent buffers, all or none: a `StateError` lists what is missing, unexpected or of
   * another shape. Without `strict`, names may be missing or left over, and the report says which.
   *
   * @example
   * model.loadState(await other.readState())
   */
  loadState(
    entries: Iterable<readonly [path: string, array: LoadableArray]>,
    options: LoadOptions = {},
  ): LoadReport {
    return loadState(this.#persistent(), entries, options)
  }

  /** Moves all that this module owns to another device; when a transfer fails, nothing has moved. */
  async moveTo(device: Device): Promise<void> {
    const entries = this.#walk().owned.filter((entry) => entry.device !== device)
    const arrays = await Promise.all(entries.map(({ value }) => value.read()))
    const moved: Tensor[] = []
    try {
      entries.forEach(({ shape, dtype }, index) => {
        moved.push(device.tensor(arrays[index]!, { shape, dtype }))
      })
    } catch (error) {
      for (const tensor of moved) tensor.dispose()
      throw error
    }
    entries.forEach((entry, index) => entry.replace(moved[index]!))
  }

  /** Number of elements of all parameters; a tied one counts once. */
  parameterCount(): number {
    let count = 0
    for (const { size } of this.parameters().values()) count += size
    return count
  }

  /** A text table of every parameter and buffer: path, shape, number of elements. */
  summary(): string {
    const { parameters, buffers } = this.#walk()
    return summarize(new Map<string, Parameter | Buffer>([...parameters, ...buffers]), this.constructor.name)
  }

  /** Frees the parameters and buffers that this module owns. */
  dispose(): void {
    for (const entry of this.#walk().owned) entry.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  #walk(): ModuleTree<Module> {
    return walkTree<Module>(this, (value) => value instanceof Module)
  }

  #persistent(): Map<string, Parameter | Buffer> {
    const { parameters, buffers } = this.#walk()
    const persistent = [...buffers].filter(([, buffer]) => buffer.persistent)
    return new Map<string, Parameter | Buffer>([...parameters, ...persistent])
  }
}
