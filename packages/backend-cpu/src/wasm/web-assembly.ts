/** A memory, as WebAssembly makes them. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** The part of the WebAssembly interface used here; the core library of TypeScript has none of it. */
interface WebAssemblyInterface {
  readonly Memory: new (options: { initial: number; maximum: number; shared: boolean }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
  validate(bytes: Uint8Array): boolean
}

declare const WebAssembly: WebAssemblyInterface

/** A copy, so that tests can stand in for platforms that have less. */
export const webAssembly: WebAssemblyInterface = {
  Memory: WebAssembly.Memory,
  Module: WebAssembly.Module,
  Instance: WebAssembly.Instance,
  validate: (bytes) => WebAssembly.validate(bytes),
}
