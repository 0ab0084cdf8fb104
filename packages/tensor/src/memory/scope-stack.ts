import type { Tensor } from '../tensor.ts'
import { LostTensors } from './lost-tensors.ts'
import { Scope } from './scope.ts'

/** The open scopes of a device, innermost last, and the tensors that no scope owns. */
export class ScopeStack {
  readonly #scopes: Scope[] = []
  readonly #lost = new LostTensors()

  /** How many tensors were dropped without `dispose()` outside of scopes. */
  get lostCount(): number {
    return this.#lost.count
  }

  open(): Scope {
    const scope: Scope = new Scope(
      () => this.#scopes[this.#scopes.indexOf(scope) - 1],
      (closing) => this.#scopes.splice(this.#scopes.indexOf(closing), 1),
      (tensor) => this.#lost.watch(tensor),
    )
    this.#scopes.push(scope)
    return scope
  }

  /** Gives a new tensor to the innermost scope. */
  own(tensor: Tensor): Tensor {
    const scope = this.#scopes.at(-1)
    if (scope) scope.own(tensor)
    else this.#lost.watch(tensor)
    return tensor
  }

  keep(tensor: Tensor): void {
    this.#scopes.at(-1)?.keep(tensor)
  }

  retain(tensor: Tensor): void {
    if (tensor.scope === undefined) return
    tensor.scope = undefined
    this.#lost.watch(tensor)
  }

  /** The tensor was disposed by its owner. */
  forget(tensor: Tensor): void {
    if (tensor.scope === undefined) this.#lost.forget(tensor)
  }

  close(): void {
    this.#lost.close()
  }
}
