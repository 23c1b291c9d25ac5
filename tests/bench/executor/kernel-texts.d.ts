/** Kernels by name, in the order that they are measured. */
export const KERNELS: Readonly<Record<string, () => number>>
