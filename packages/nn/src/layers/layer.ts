import type { Tensor } from '@qkv/tensor'
import type { Module } from '../module/module.ts'

/** A module that maps one tensor to one tensor. */
export interface Layer extends Module {
  forward(x: Tensor): Tensor
}
