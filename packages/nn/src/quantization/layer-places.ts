import { Module } from '../module/module.ts'
import { entriesOf } from '../module/walk-tree.ts'

/** Where a module stands in a tree: a field of its parent, or an entry of an array, map or plain object there. */
export interface LayerPlace<Layer extends Module> {
  readonly layer: Layer
  /** Whether another module can be put there; not into a frozen array. */
  readonly writable: boolean
  readonly put: (replacement: Module) => void
}

/** The places of the modules below `root` that are `wanted`, in the order of its fields. */
export function findPlaces<Layer extends Module>(
  root: Module,
  wanted: (module: Module) => module is Layer,
): readonly LayerPlace<Layer>[] {
  const places: LayerPlace<Layer>[] = []
  const seen = new Set<object>()

  function visit(holder: object): void {
    if (seen.has(holder)) return
    seen.add(holder)
    for (const [key, value] of holder instanceof Module ? Object.entries(holder) : entriesOf(holder)) {
      if (typeof value !== 'object' || value === null) continue
      if (value instanceof Module && wanted(value)) places.push(placeOf(holder, key as PropertyKey, value))
      else visit(value)
    }
  }

  visit(root)
  return places
}

function placeOf<Layer extends Module>(holder: object, key: PropertyKey, layer: Layer): LayerPlace<Layer> {
  if (holder instanceof Map) return { layer, writable: true, put: (other) => holder.set(key, other) }
  return {
    layer,
    writable: Object.getOwnPropertyDescriptor(holder, key)?.writable === true,
    put: (other) => Reflect.set(holder, key, other),
  }
}
