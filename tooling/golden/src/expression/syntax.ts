export type BinaryOperator = '+' | '-' | '*' | '/' | '@' | '**' | '<' | '<=' | '>' | '>=' | '==' | '!='

export interface Argument {
  /** The name in `dim=0`, also written `axis 0`. */
  readonly name?: string
  readonly value: Expression
}

export type Expression =
  | { readonly kind: 'literal'; readonly value: number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[] }
  | { readonly kind: 'negation'; readonly operand: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Argument[] }
  | {
      readonly kind: 'method'
      readonly receiver: Expression
      readonly name: string
      readonly arguments: readonly Argument[]
    }
  /** `ranges` is the text between the brackets, as in `1:3, 0`. */
  | { readonly kind: 'index'; readonly receiver: Expression; readonly ranges: string }

/** `name = value`, or a value alone. */
export interface Statement {
  readonly name?: string
  readonly value: Expression
}
