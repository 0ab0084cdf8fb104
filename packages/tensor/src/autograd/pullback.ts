import type { Device } from '../device.ts'
import { GradientError } from '../errors/gradient-error.ts'
import type { VjpContext } from '../op.ts'
import { add } from '../ops/add.ts'
import { zeros } from '../ops/full.ts'
import { identity } from '../ops/identity.ts'
import { donate, type Tensor } from '../tensor.ts'
import type { Tape, TapeNode } from './tape.ts'

/** What a function returned, and the gradients of its outputs (weighted by seeds) with respect to the targets. */
export interface Pullback {
  readonly outputs: readonly Tensor[]
  /** `undefined` for a target that the outputs do not depend on. */
  readonly gradients: readonly (Tensor | undefined)[]
}

/**
 * Runs `fn` on a tape and walks it back: the vector-Jacobian product that every gradient is made of.
 * Call it inside a scope; what it returns belongs to that scope.
 */
export function pullback(
  device: Device,
  fn: () => readonly Tensor[],
  targets: readonly Tensor[],
  seed: (outputs: readonly Tensor[]) => readonly (Tensor | undefined)[],
): Pullback {
  const tape = device.recorder.open(targets)
  const gradients = new Gradients(device)
  try {
    const outputs = fn()
    device.recorder.stop(tape)
    seed(outputs).forEach((gradient, index) => {
      const output = outputs[index]!
      if (gradient && (output.tapes & tape.bit) !== 0) gradients.add(output, gradient)
    })
    device.recorder.runBackward(() => walkBack(device, tape, gradients))
    return { outputs, gradients: targets.map((target) => gradients.take(target)) }
  } finally {
    gradients.clear()
    device.recorder.close(tape)
  }
}

/** Gradients by tensor. Each entry holds its tensor, whose owner, the scope of one gradient rule, is gone. */
class Gradients {
  readonly #device: Device
  readonly #entries = new Map<Tensor, Tensor>()

  constructor(device: Device) {
    this.#device = device
  }

  /** Adds up what arrives over several paths, in the buffer of the first sum where nobody else sees it. */
  add(tensor: Tensor, gradient: Tensor): void {
    const known = this.#entries.get(tensor)
    if (known === undefined) {
      gradient.hold()
      this.#entries.set(tensor, gradient)
      return
    }
    const inPlace = known.exclusive && !this.#device.recording
    const total = add(inPlace ? donate(known) : known, gradient)
    if (!inPlace) known.letGo()
    total.hold()
    this.#entries.set(tensor, total)
  }

  get(tensor: Tensor): Tensor | undefined {
    return this.#entries.get(tensor)
  }

  /** The gradient as a tensor of the scope that is open now. */
  take(tensor: Tensor): Tensor | undefined {
    const gradient = this.#entries.get(tensor)
    if (gradient === undefined) return undefined
    if (gradient.disposed && gradient.soleHold) {
      this.#entries.delete(tensor)
      return this.#device.adopt(gradient)
    }
    const owned = this.#device.recorder.runBackward(() => identity(gradient))
    this.drop(tensor)
    return owned
  }

  drop(tensor: Tensor): void {
    const gradient = this.#entries.get(tensor)
    if (gradient === undefined) return
    gradient.letGo()
    this.#entries.delete(tensor)
  }

  clear(): void {
    for (const gradient of this.#entries.values()) gradient.letGo()
    this.#entries.clear()
  }
}

function walkBack(device: Device, tape: Tape, gradients: Gradients): void {
  for (let node = tape.pop(); node; node = tape.pop()) {
    const scope = device.scope()
    try {
      const outputGradients = node.outputs.map((output) => gradients.get(output))
      if (outputGradients.every((gradient) => gradient === undefined)) continue
      const inputGradients = differentiate(device, tape, node, outputGradients)
      node.inputs.forEach((input, index) => {
        const gradient = inputGradients[index]
        if (gradient && (input.tapes & tape.bit) !== 0) gradients.add(input, gradient)
      })
      for (const output of node.outputs) gradients.drop(output)
    } finally {
      scope.dispose()
      tape.letGo(node)
    }
  }
}

function differentiate(
  device: Device,
  tape: Tape,
  node: TapeNode,
  outputGradients: readonly (Tensor | undefined)[],
): readonly (Tensor | undefined)[] {
  const { op, inputs, outputs, attrs, scalars } = node
  const needs = inputs.map((input) => (input.tapes & tape.bit) !== 0)
  if (op.vjp) {
    const gradient = outputGradients[0] ?? zeros(device, outputs[0]!.shape)
    const context: VjpContext<unknown> = {
      inputs,
      outputs,
      gradient,
      outputGradients,
      attrs,
      scalars,
      needs,
    }
    return op.vjp(context)
  }
  if (op.kind === 'composite') {
    const targets = [...new Set(inputs.filter((_, index) => needs[index]))]
    const { gradients } = pullback(
      device,
      () => op.decompose(inputs, attrs, scalars),
      targets,
      () => outputGradients,
    )
    return inputs.map((input, index) =>
      inputs.indexOf(input) === index ? gradients[targets.indexOf(input)] : undefined,
    )
  }
  throw new GradientError({
    operation: op.name,
    argument: 'input',
    got: 'depends on a tensor that is differentiated',
    expected: 'an operation with a gradient',
    fix: 'Wrap the input in `stopGradient(...)`.',
  })
}
