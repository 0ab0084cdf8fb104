import type { Component } from 'svelte'

/** A page of the playground; its code is loaded when it is opened. */
export interface Page {
  /** In the address, after `#/`. */
  readonly path: string
  readonly name: { readonly en: string; readonly zh: string }
  load(): Promise<{ readonly default: Component }>
}

/** In the order of the navigation; the first one opens by itself. */
export const pages: readonly Page[] = [
  {
    path: 'by-hand',
    name: { en: 'By hand', zh: '手算注意力' },
    load: () => import('./by-hand/ByHand.svelte'),
  },
  {
    path: 'inspector',
    name: { en: 'Inspector', zh: '模型透视' },
    load: () => import('./inspector/Inspector.svelte'),
  },
  {
    path: 'positions',
    name: { en: 'Positions', zh: '位置编码' },
    load: () => import('./positions/Positions.svelte'),
  },
  {
    path: 'train',
    name: { en: 'Train here', zh: '动手训练' },
    load: () => import('./train/Train.svelte'),
  },
]
