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
    const scope = new Scope(this)
    this.#scopes.push(scope)
    return scope
  }

  /** The scope around an open one. */
  outer(scope: Scope): Scope | undefined {
    return this.#scopes[this.#scopes.lastIndexOf(scope) - 1]
  }

  /** Takes a scope off the stack; an outer one may close before the scopes in it. */
  close(scope: Scope): void {
    if (this.#scopes.at(-1) === scope) this.#scopes.pop()
    else this.#scopes.splice(this.#scopes.indexOf(scope), 1)
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

  /** The device is gone, and its buffers with it. */
  dispose(): void {
    this.#lost.close()
  }
}
